import type { Profile } from "../abi/profile.ts";
import type { Atom, Condition } from "../rules/atoms/syntax.ts";

interface ExpectationBase {
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly profile: Profile | undefined;
  /** Only events that fulfil these. */
  readonly where: readonly Condition[];
}

/** What the events must show. */
export type Expectation = InOrder | Exactly | Never | Count;

/** Events like these happen, each surely after the one before. */
export interface InOrder extends ExpectationBase {
  readonly t: "inOrder";
  readonly atoms: readonly Atom[];
}

/** The selected events are exactly these, in this order. */
export interface Exactly extends ExpectationBase {
  readonly t: "exactly";
  readonly atoms: readonly Atom[];
  /** Which events are looked at; undefined: all that `where` selects. */
  readonly points: readonly Atom[] | undefined;
}

/** No event is like this. */
export interface Never extends ExpectationBase {
  readonly t: "never";
  readonly atom: Atom;
}

/** So many events are like each of these. */
export interface Count extends ExpectationBase {
  readonly t: "count";
  readonly counts: readonly {
    readonly atom: Atom;
    readonly operator: Condition["operator"];
    readonly number: number;
  }[];
}
