import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";
import { mayFallAsleep, wakeAt, type Patience } from "./receive.ts";
import type { OobSocket, Writer } from "./socket.ts";

/**
 * Out-of-band, waits until what the socket has handed over leaves room for more, by priority, and charges it.
 *
 * EAGAIN: no room, and it must not wait. ETIMEDOUT: the date has come. EPIPE: the socket was shut down. EINTR: the thread was
 * detached.
 */
export async function chargeRoom(
  core: Core,
  { sk, efile, room }: OobSocket,
  patience: Patience,
  bytes: number,
  context: Context,
): Promise<Result<void, "EAGAIN" | "ETIMEDOUT" | "EPIPE" | "EINTR">> {
  if (room.hasRoom) {
    room.charge(bytes);
    return ok(undefined);
  }
  const asleep = mayFallAsleep(core, patience, context);
  if (!asleep.ok) return asleep;
  const priority = core.threads.priorityOf(context.task);
  const sleep: Writer = fallAsleep<undefined, "EIDRM" | "ETIMEDOUT">(core.kit.events, core.threads, {
    context,
    slice: { sk, file: efile.file },
    facts: ["room_wait", "room_wake"],
    always: { priority },
    awaits: { charged: room.charged },
    tells: () => ({ granted: true }),
    leave: (writer) => {
      timer?.cancel();
      room.leave(writer);
    },
  });
  room.wait(sleep, bytes, priority);
  const timer = wakeAt(core, patience.timeoutNs, () => sleep.wake(context, fail("ETIMEDOUT")));
  const woken = await sleep.woken;
  if (woken.ok) return ok(undefined);
  return fail(woken.errno === "EIDRM" ? "EPIPE" : woken.errno);
}

/** Either stage. Something that was charged to the socket is gone: a release may have waited for that. */
export function giveRoom(socket: OobSocket, bytes: number, context: Context): void {
  const { room, efile } = socket;
  for (const writer of room.uncharge(bytes)) writer.wake(context, ok(undefined));
  wakeReady(efile, context);
  if (room.charged === 0) socket.drained?.();
}

/** in-band. From now on so much may be charged to the socket; 0: any amount. */
export function limitRoom({ room, efile }: OobSocket, bytes: number, context: Context): void {
  for (const writer of room.limit(bytes)) writer.wake(context, ok(undefined));
  wakeReady(efile, context);
}

/** in-band. Waits until nothing is charged to the socket any more (the write-memory crossing of EVL; facts/dovetail 2.3). */
export async function awaitDrained(core: Core, socket: OobSocket, context: Context): Promise<void> {
  const { room, sk, efile } = socket;
  if (room.charged === 0) return;
  core.kit.events.fact(context, "drain_wait", { sk, file: efile.file }, { charged: room.charged });
  await new Promise<void>((resolve) => {
    socket.drained = resolve;
  });
}
