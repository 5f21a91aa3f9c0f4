import type { Profile } from "../abi/profile.ts";

/**
 * What a slice can be cut by. A field of an event's slice (`sk`, `file`, `files`, `fd`, `dev`, `frame`, `ks`, `task`), or else
 * an argument of that name (`address`, `bytes`), counts per node. `ret` is the result. `trace` (all that one call of a task
 * caused), `span` (one side of a crossing), `call` (both sides of a crossing, or of a frame's way over a link), `around` (what
 * happens while one call is answered, or one frame handled, and the calls that leave from there) and `service` (one house of a
 * node) are numbers of their own.
 */
export type SliceKey = string;

/** A rule over traces, as it stands in the book or in a file of a user. */
export interface Rule {
  /** Such as `SOCK-06`, or `BR-1.sock_oob_bind` for one that a family made. */
  readonly id: string;
  /** What it says, as one sentence for people. */
  readonly title: string;
  /** One monitor for each combination of values of these; none: one for the whole trace. */
  readonly forall: readonly SliceKey[];
  /** Judged at each event of the slice that one of its atoms describes, and at the end. The language is in language/syntax.ts. */
  readonly formula: string;
  /** The profile whose truth it is. */
  readonly profile: Profile | "both";
  /** Where that is said: a sentence of a seed, a section of the facts, or the option of the contract. */
  readonly source: string;
  /**
   * `certain`: cause and effect, or one house's own sequence, order all that it speaks of, so that it can never fail just
   * possibly. `observed`: it speaks of houses that work side by side.
   */
  readonly order: "certain" | "observed";
  /** Who wrote it: the options of the contract, the book, or a user. */
  readonly origin: "contract" | "book" | "user";
  /** Why no experiment of ours triggers it, where that is so. */
  readonly untriggered?: string;
}
