import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { settled } from "./events.ts";
import type { KernelSocket, Sleeper } from "./table.ts";

/**
 * Nobody waits longer than this for one answer: the deadline of the calls that wait is 120 s, and of an answer that comes
 * later nobody would learn. The caller is told to ask again.
 */
export const ANSWER_MAX_NS = 100_000_000_000;

/** No clock comes so far. */
const NEVER_NS = Number.MAX_SAFE_INTEGER;

/** How long a call waits, by the clock, however often it is woken in between. */
export interface Patience {
  /** When the whole call gives up. Never 0 for a call that waits: that is what one says that is asked for the first time. */
  readonly untilNs: number;
  /** When this answer is due, whatever came by then. */
  readonly answerNs: number;
}

/** The patience of a call that begins now and may take so long; 0 and less: for ever. Asked again it keeps the time of its beginning. */
export function patienceOf({ kit }: Kernel, limitUs = 0, asked = 0): Patience {
  const nowNs = kit.clock.nowNs();
  const untilNs = asked > 0 ? asked : limitUs <= 0 ? NEVER_NS : nowNs + limitUs * 1000;
  return { untilNs, answerNs: nowNs + ANSWER_MAX_NS };
}

/** The patience of a call that does not wait. */
export const AT_ONCE: Patience = { untilNs: 0, answerNs: 0 };

/**
 * Why somebody who waited goes on: what was waited for is so; the time is over, of the call or of this answer; EINTR, because the
 * socket is being closed, or because the thread was interrupted.
 */
export type Woken = "ready" | "expired" | "again" | "EINTR";

/** What is waited for. */
interface Awaited {
  readonly ready: () => boolean;
  readonly patience: Patience;
  /** For the trace. */
  readonly what: "accept" | "connect" | "send" | "recv" | "close" | "linger" | "poll";
}

/**
 * Waits on a kernel socket: in-band, no lock held. Whoever came first looks first. A wait that an event ends goes on after its
 * callback has returned (facts 8.3). Facts: ksock_wait, ksock_wake.
 */
export async function sleep(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  { ready, patience: { untilNs, answerNs }, what }: Awaited,
): Promise<Woken> {
  const { clock } = kernel.kit;
  const slice = { ks: socket.ks, task: context.task };
  const nowNs = clock.nowNs();
  const closing = what === "close" || what === "linger";
  const limited = untilNs <= answerNs;
  const woken = await new Promise<Woken>((resolve) => {
    const leave = (why: Exclude<Woken, "EINTR"> | "closing" | "interrupted"): void => {
      timer?.cancel();
      socket.sleepers.delete(sleeper);
      kernel.events.fact(context, "ksock_wake", slice, { why });
      resolve(why === "closing" || why === "interrupted" ? "EINTR" : why);
    };
    const atNs = limited ? untilNs : answerNs;
    const timer =
      atNs === Infinity
        ? undefined
        : clock.after(Math.max(0, atNs - nowNs), () => leave(limited ? "expired" : "again"));
    const sleeper: Sleeper = {
      look: () => {
        if (socket.closing && !closing) leave("closing");
        else if (ready()) leave("ready");
      },
      interrupt: (thread) => {
        if (closing || thread !== context.task) return false;
        leave("interrupted");
        return true;
      },
    };
    kernel.events.fact(context, "ksock_wait", slice, { what });
    socket.sleepers.add(sleeper);
    sleeper.look();
  });
  if (woken === "ready") await settled(kernel, socket.ks);
  return socket.closing && !closing ? "EINTR" : woken;
}

/** Something happened to a socket: everybody who waits on it looks again, in the order of arrival. */
export function wake({ sleepers }: KernelSocket): void {
  // Each segment comes by here, and mostly nobody waits.
  if (sleepers.size === 0) return;
  for (const sleeper of [...sleepers]) sleeper.look();
}

/**
 * ksock_interrupt: a signal for a thread of a module. In-band, waits for nothing. A thread makes one call at a time, so it sleeps at
 * one place at most; where it does not sleep nothing is remembered, for nobody knows which of its calls would be meant.
 */
export function interruptThread(kernel: Kernel, { thread }: PointArgs["ksock_interrupt"]): Outcome<"ksock_interrupt"> {
  for (const socket of kernel.ksocks.all())
    for (const sleeper of socket.sleepers) if (sleeper.interrupt(thread)) return ok({ woken: true });
  return ok({ woken: false });
}
