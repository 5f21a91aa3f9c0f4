import type { Context } from "../../abi/context.ts";
import type { Slice } from "../../abi/event.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Message } from "../model/message-queue.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";
import { SHUTDOWN, type OobSocket, type Reader } from "./socket.ts";

/** How somebody waits. */
export interface Patience {
  readonly mayWait: boolean;
  /** Absolute; 0: without limit. */
  readonly timeoutNs: number;
  readonly slice: Slice;
}

/** What a receiver gets when nothing more will come: the end of the input. */
export type Input = { readonly t: "message"; readonly message: Message } | { readonly t: "end" };

/**
 * Out-of-band, waits for a message, behind those of the thread's priority and above. A shutdown ends the input: for those who
 * wait already, whatever was shut down, and for those who come later if it was the receive side (facts/dovetail 2.7).
 *
 * EAGAIN: nothing there, and it must not wait. ETIMEDOUT: the date has come. EIDRM: the socket is released, and its protocol
 * says so. ENOMEM: a message came, and no clone could be made of it. EINTR: the thread was detached.
 */
export async function receive(
  core: Core,
  socket: OobSocket,
  patience: Patience,
  count: number,
  context: Context,
): Promise<Result<Input, "EAGAIN" | "ETIMEDOUT" | "EIDRM" | "ENOMEM" | "EINTR">> {
  const { input, efile } = socket;
  const message = input.take();
  if (message !== undefined) {
    const { by } = message;
    if (by !== undefined)
      core.kit.events.fact(context, "sock_take", patience.slice, { by_trace: by.trace, by_span: by.span });
    message.done?.(context);
    wakeReady(efile, context);
    return ok({ t: "message", message });
  }
  if ((socket.shutdown & SHUTDOWN.RCV_SHUTDOWN) !== 0) return ok({ t: "end" });
  const asleep = mayFallAsleep(core, patience, context);
  if (!asleep.ok) return asleep;
  const priority = core.threads.priorityOf(context.task);
  const sleep: Reader = fallAsleep<Message, "EIDRM" | "ETIMEDOUT" | "ENOMEM">(core.kit.events, core.threads, {
    context,
    slice: patience.slice,
    facts: ["oob_wait", "oob_wake"],
    always: { priority, times: false },
    awaits: { count },
    tells: ({ data }) => ({ bytes: data.length }),
    leave: (reader) => {
      timer?.cancel();
      input.leave(reader);
    },
  });
  input.wait(sleep, priority);
  const timer = wakeAt(core, patience.timeoutNs, () => sleep.wake(context, fail("ETIMEDOUT")));
  const before = socket.shutdown;
  const woken = await sleep.woken;
  if (woken.ok) return ok({ t: "message", message: woken.value });
  return woken.errno === "EIDRM" && socket.shutdown !== before ? ok({ t: "end" }) : woken;
}

/** Whether the current thread may sleep at all. A call that was late on its way may find its thread detached: EINTR. */
export function mayFallAsleep(
  core: Core,
  { mayWait, timeoutNs }: Patience,
  { task }: Context,
): Result<void, "EAGAIN" | "EINTR" | "ETIMEDOUT"> {
  if (!mayWait) return fail("EAGAIN");
  if (!core.threads.isAttached(task)) return fail("EINTR");
  return timeoutNs !== 0 && timeoutNs <= core.kit.clock.nowNs() ? fail("ETIMEDOUT") : ok(undefined);
}

/** Calls back at a date, if there is one. */
export const wakeAt = (core: Core, atNs: number, wake: () => void): { cancel(): void } | undefined =>
  atNs === 0 ? undefined : core.kit.clock.after(atNs - core.kit.clock.nowNs(), wake);

/**
 * Either stage, never waits. A message has arrived: a waiting reader gets it, or it waits, or there is no room for it; then it
 * is still the caller's, and `done` was not called.
 */
export function deliver(core: Core, socket: OobSocket, message: Message, context: Context): boolean {
  const { trace, span } = context;
  const pushed = socket.input.push({ ...message, by: { trace, span } });
  if (pushed.t === "served") {
    pushed.reader.wake(context, ok(message));
    message.done?.(context);
  }
  if (pushed.t === "queued") {
    core.kit.events.fact(context, "oob_queue", { sk: socket.sk }, { bytes: message.data.length });
    wakeReady(socket.efile, context);
  }
  return pushed.t !== "no_room";
}

/** Either stage. Those who wait for input are woken without one. */
export function failReaders({ input }: OobSocket, errno: "EIDRM" | "ENOMEM", context: Context): void {
  for (const reader of input.readers()) reader.wake(context, fail(errno));
}

/** Either stage. What waits in a socket is thrown away, and nobody waits there any more. */
export function flushInput(socket: OobSocket, context: Context): void {
  for (const message of socket.input.purge()) message.done?.(context);
  failReaders(socket, "EIDRM", context);
  for (const reader of socket.timestamps.readers()) reader.wake(context, fail("EIDRM"));
}
