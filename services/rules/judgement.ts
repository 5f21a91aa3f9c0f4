import type { TraceEvent } from "../abi/event.ts";
import type { Rule } from "./rule.ts";

/**
 * What a rule came to over a trace.
 *
 * `certain-fail`: it is broken in every order that cause and effect allow. `possible-fail`: in some of them, and not in
 * others. `unknown`: events are missing, or there are more orders than were looked at. `vacuous`: nothing ever triggered it.
 */
export type RuleVerdict = "pass" | "certain-fail" | "possible-fail" | "unknown" | "vacuous";

/** An event that shows why, and which part of the formula it answers to. */
export interface Witness {
  readonly event: TraceEvent;
  /** The atom of the formula that it is like, as it is written. */
  readonly atom: string;
}

/** One place where a rule is broken. */
export interface Violation {
  /** Such as `alpha sk=3`. */
  readonly slice: string;
  readonly certain: boolean;
  /** The event at which the formula is false; undefined: the end of the trace. */
  readonly at: TraceEvent | undefined;
  /** The last events of the slice that the formula's atoms describe, in order, `at` not among them. */
  readonly witnesses: readonly Witness[];
  /** The two events whose order is wrong, where the formula is about an order. */
  readonly broken?: { readonly first: TraceEvent; readonly second: TraceEvent };
}

/** What a rule came to. */
export interface RuleJudgement {
  readonly rule: Rule;
  readonly verdict: RuleVerdict;
  /** Slices with at least one event that concerns the rule. */
  readonly slices: number;
  /** Events (the end counts as one) at which the left side of an `implies` held, or, without one, any that it speaks of. */
  readonly triggered: number;
  /** How many violations there were; `violations` has the first of them. */
  readonly violated: number;
  readonly violations: readonly Violation[];
  /** Why nobody could have told, where that is so: a house whose events it waits for records none. The verdict is `unknown` then. */
  readonly untold?: string;
}
