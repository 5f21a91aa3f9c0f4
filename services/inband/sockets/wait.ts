import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import type { Socket, Waiter } from "./table.ts";

/**
 * Nobody waits longer than this: the deadline of the calls that wait is 110 s, and a caller who has given up must not
 * take a message that nobody gets then.
 */
const WAIT_MAX_NS = 100_000_000_000;

/** What is waited for. */
export interface Awaited<T> {
  /** Tries to get it; undefined: not yet. */
  readonly attempt: () => Result<T> | undefined;
  /** 0: without limit. */
  readonly timeoutNs: number;
  /** The answer when the time is over. */
  readonly expired: Result<T>;
  /** For the trace: `data`, `room`, `connection`, or the events of poll(2). */
  readonly what: string;
  /** How long it may last at most, where the deadline of the call is another one. */
  readonly maxNs?: number;
}

/**
 * Waits for a socket: in-band, no lock held. Whoever comes first is served first, in the moment of the wake-up, so a
 * newcomer cannot take it away in between. Facts: sock_wait, and one sock_wake where the waker stands.
 *
 * @returns what `attempt` says; `expired`; EINTR after 100 s, or `maxNs`, without a limit, and when the task exits meanwhile; EBADF
 * when the socket is closed.
 */
export function waitFor<T>(kernel: Kernel, context: Context, socket: Socket, awaited: Awaited<T>): Promise<Result<T>> {
  const { attempt, timeoutNs, expired, what, maxNs = WAIT_MAX_NS } = awaited;
  const slice = { sk: socket.sk, task: context.task };
  return new Promise((resolve) => {
    const limited = timeoutNs > 0 && timeoutNs <= maxNs;
    const timer = kernel.kit.clock.after(limited ? timeoutNs : maxNs, () => {
      leave(context, limited ? expired : fail("EINTR"), "timeout");
    });
    const leave = (waker: Context, outcome: Result<T>, by: string): void => {
      timer.cancel();
      socket.waiters.delete(waiter);
      kernel.events.fact(waker, "sock_wake", slice, outcome.ok ? { by } : { by, errno: outcome.errno });
      resolve(outcome);
    };
    const waiter: Waiter = {
      serve(waker) {
        const outcome = attempt();
        if (outcome === undefined) return false;
        leave(waker, outcome, "socket");
        return true;
      },
      end: (waker) => leave(waker, fail("EBADF"), "close"),
      interrupt: (waker, task) => {
        if (task === context.task) leave(waker, fail("EINTR"), "signal");
      },
    };
    socket.waiters.add(waiter);
    kernel.events.fact(context, "sock_wait", slice, { what });
  });
}

/** Something happened to a socket: everybody who waits for it looks again, in the order of arrival. */
export function wakeSocket(kernel: Kernel, waker: Context, sk: number): void {
  const waiters = kernel.sockets.ofSk(sk)?.waiters;
  // Each segment comes by here, and mostly nobody waits.
  if (waiters === undefined || waiters.size === 0) return;
  for (const waiter of [...waiters]) waiter.serve(waker);
}

/** A socket is closed while somebody waits for it, because the answer of a wait was lost: nobody may wait any more. */
export function endWaits(waker: Context, socket: Socket): void {
  for (const waiter of [...socket.waiters]) waiter.end(waker);
}

/**
 * sock_interrupt: the current task exits while other calls of it are under way; those that sleep on a socket end with EINTR. In-band,
 * waits for nothing.
 */
export function sockInterrupt(kernel: Kernel, context: Context): Outcome<"sock_interrupt"> {
  for (const { waiters } of kernel.sockets.all())
    for (const waiter of [...waiters]) waiter.interrupt(context, context.task);
  return ok({});
}
