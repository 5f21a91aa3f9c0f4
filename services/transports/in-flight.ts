import type { Clock } from "../abi/kit.ts";
import type { Answer, Invocation } from "../boundary/invocation.ts";
import { lost } from "./answers.ts";

/** Calls that one connection may have in flight; one more is rejected before it is sent. */
export const IN_FLIGHT_MAX = 65_536;

/**
 * When a call that nobody answered is forgotten: three times the longest deadline of the contract, so that its caller
 * has given up long ago. Only a full table is swept.
 */
export const FORGOTTEN_AFTER_NS = 60e9;

/** A call that waits for its answer. */
interface Waiting {
  readonly invocation: Invocation;
  readonly settle: (answer: Answer) => void;
}

/** The calls of one connection that wait for their answers, by correlation. */
export interface InFlight {
  readonly size: number;
  /** Notes a call that leaves; its correlation, or undefined when the table is full. */
  add(invocation: Invocation, settle: (answer: Answer) => void): number | undefined;
  /** Takes out the call with this correlation; undefined when it is not there any more, or never was. */
  take(correlation: number): Waiting | undefined;
  /** Whether there ever was a call with this correlation. */
  issued(correlation: number): boolean;
  /** Takes out every call, oldest first. */
  takeAll(): readonly Waiting[];
}

/**
 * The table is bounded, since a call is abandoned (by the deadline of the boundary) without the transport being told.
 * With a clock, a full table drops what everybody gave up, so that a peer which swallowed some calls stays usable.
 */
export function createInFlight(clock: Clock | undefined, max = IN_FLIGHT_MAX): InFlight {
  const calls = new Map<number, Waiting & { readonly sentNs: number }>();
  let issued = 0;

  function sweep(nowNs: number): void {
    for (const [correlation, { sentNs, settle }] of calls) {
      if (nowNs - sentNs < FORGOTTEN_AFTER_NS) return;
      calls.delete(correlation);
      settle(lost("unreachable", "no answer came, long after the deadline"));
    }
  }

  return {
    get size() {
      return calls.size;
    },
    add(invocation, settle) {
      const sentNs = clock?.nowNs() ?? 0;
      if (calls.size >= max && clock !== undefined) sweep(sentNs);
      if (calls.size >= max) return undefined;
      issued += 1;
      calls.set(issued, { invocation, settle, sentNs });
      return issued;
    },
    take(correlation) {
      const waiting = calls.get(correlation);
      calls.delete(correlation);
      return waiting;
    },
    issued: (correlation) => Number.isInteger(correlation) && correlation >= 1 && correlation <= issued,
    takeAll() {
      const all = [...calls.values()];
      calls.clear();
      return all;
    },
  };
}

/** What a caller hears whose call found the table full. */
export const tableFull = (max = IN_FLIGHT_MAX): Answer => lost("rejected", `${max} calls are in flight already`);
