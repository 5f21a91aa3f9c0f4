import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointName } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Handlers, Outcome } from "../../boundary/hooks.ts";
import type { EventsKernel } from "./event-streams.ts";
import { settled } from "./events.ts";

/** The points of kernel sockets that a callback may not call. */
type Forbidden = Exclude<
  Extract<PointName, `ksock${string}`>,
  "ksocket_hold" | "ksocket_rele" | "ksock_next_event" | "ksock_ack_event" | "ksock_interrupt"
>;

/**
 * A handler as others than callbacks may call it: from inside a callback whose event is not over it is EDEADLK, counted, and a fact,
 * ksock_violation. Of a socket whose callback runs, it waits for that (a lock, in illumos), but for close, which begins at once,
 * and where a close has begun: no call finds the socket then (facts 9).
 */
export function outsideCallbacks<P extends Forbidden>(
  kernel: EventsKernel,
  point: P,
  handler: (args: PointArgs[P], context: Context) => Outcome<P> | Promise<Outcome<P>>,
): NonNullable<Handlers<"inband">[P]> {
  return ((args: PointArgs[P], context: Context) => {
    const { callback } = args;
    const ks = "ks" in args ? args.ks : 0;
    if (callback !== 0 && isRunning(kernel, callback)) {
      kernel.ksocks.events.counts.violations++;
      kernel.events.fact(context, "ksock_violation", { ks }, { call: point, callback });
      return fail("EDEADLK");
    }
    const isAtOnce = point === "ksock_close" || kernel.ksocks.at(ks)?.closing === true;
    const before = isAtOnce ? undefined : settled(kernel, ks);
    return before === undefined ? handler(args, context) : before.then(() => handler(args, context));
  }) as NonNullable<Handlers<"inband">[P]>;
}

function isRunning(kernel: EventsKernel, number: number): boolean {
  for (const { given } of kernel.ksocks.events.streams.values()) if (given.has(number)) return true;
  return false;
}
