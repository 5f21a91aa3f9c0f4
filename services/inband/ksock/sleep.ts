import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { settled } from "./events.ts";
import type { KernelSocket, Sleeper } from "./table.ts";

/**
 * Nobody waits longer than this for one answer: the deadline of the calls that wait is 120 s, and of an answer that comes
 * later nobody would learn. The caller is told to ask again.
 */
const ANSWER_MAX_NS = 100_000_000_000;

/** Why somebody who waited goes on: what was waited for is so; the time is over, of the call or of this answer; EINTR. */
export type Woken = "ready" | "expired" | "again" | "closing";

/** What is waited for. */
interface Awaited {
  readonly ready: () => boolean;
  /** When the whole call gives up, by the clock; 0: never. */
  readonly untilNs: number;
  /** When this answer has to be given, by the clock, however often one is woken before (`answerBy`). */
  readonly answerNs: number;
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
  { ready, untilNs, answerNs, what }: Awaited,
): Promise<Woken> {
  const { clock } = kernel.kit;
  const slice = { ks: socket.ks, task: context.task };
  const nowNs = clock.nowNs();
  const closing = what === "close" || what === "linger";
  const limited = untilNs !== 0 && untilNs <= answerNs;
  const woken = await new Promise<Woken>((resolve) => {
    const leave = (why: Woken): void => {
      timer?.cancel();
      socket.sleepers.delete(sleeper);
      kernel.events.fact(context, "ksock_wake", slice, { why });
      resolve(why);
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
    };
    kernel.events.fact(context, "ksock_wait", slice, { what });
    socket.sleepers.add(sleeper);
    sleeper.look();
  });
  if (woken === "ready") await settled(kernel, socket.ks);
  return socket.closing && !closing ? "closing" : woken;
}

/** Something happened to a socket: everybody who waits on it looks again, in the order of arrival. */
export function wake(socket: KernelSocket): void {
  for (const sleeper of [...socket.sleepers]) sleeper.look();
}

/** When the answer to a call that begins now has to be given. */
export const answerBy = ({ kit }: Kernel): number => kit.clock.nowNs() + ANSWER_MAX_NS;

/** No clock comes so far. */
const NEVER_NS = Number.MAX_SAFE_INTEGER;

/**
 * When a call that waits gives up, which may take so long; 0 and less: for ever. Asked again it keeps the time of its beginning. It is
 * never 0, which a call says that is asked for the first time, or that does not wait.
 */
export const untilOf = (kernel: Kernel, limitUs: number, asked: number): number =>
  asked > 0 ? asked : limitUs <= 0 ? NEVER_NS : kernel.kit.clock.nowNs() + limitUs * 1000;
