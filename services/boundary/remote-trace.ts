import type { Context } from "../abi/context.ts";
import type { EventLog } from "../abi/event.ts";
import { numbersOf, parseTraceparent } from "../abi/traceparent.ts";
import type { Invocation } from "./invocation.ts";

/**
 * A call whose header names no trace, with the one that its `traceparent` names: a core in another language that was called
 * by us, and calls back, hands on what it got.
 */
export function joinedTrace(invocation: Invocation, origin: number): Invocation {
  const { trace, traceparent } = invocation;
  if (trace !== 0 || traceparent === undefined) return invocation;
  const context = parseTraceparent(traceparent);
  const numbers = context === undefined ? undefined : numbersOf(context, origin);
  return numbers === undefined ? invocation : { ...invocation, ...numbers };
}

/**
 * Records the trace context of a caller whose ids are no numbers of this world, for whoever makes spans. As a header line,
 * which is longer than the texts that the event ring keeps in its dictionary: each call's is another one.
 */
export function tellRemote(events: EventLog, context: Context, { traceparent = "" }: Invocation): void {
  if (parseTraceparent(traceparent) !== undefined)
    events.fact(context, "remote_parent", {}, { header: `traceparent: ${traceparent}` });
}
