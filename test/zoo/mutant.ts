import type { Profile } from "../../services/abi/profile.ts";

/** A change to one compiled module, made while it is loaded. */
export interface Edit {
  /** The module's source, such as `services/vfs/steps/close-fd.ts`. */
  readonly file: string;
  /** What stands in the compiled module exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** What it takes to see a mutant misbehave. */
type Trigger = "none" | "fault" | "schedule" | "both" | "two faults";

/** Why nothing that is there finds a mutant (facts/experiments 9.3). */
type Silence = "not reached" | "not triggered" | "oracle silent" | "equivalent";

/** A kernel with one bug. */
export interface Mutant {
  readonly name: string;
  readonly house: "vfs" | "inband" | "companion" | "nic" | "boundary";
  /** What goes wrong with it, in a few sentences. */
  readonly story: string;
  /** Where that was learnt: a seed, a section of the facts, a list of bad cores, or the operator that made it. */
  readonly source: string;
  readonly trigger: Trigger;
  /** The experiment that reaches it. */
  readonly experiment: string;
  readonly profile: Profile;
  readonly seed?: bigint;
  /** The name of a bad core that is shipped; such a one has no edits. */
  readonly core?: string;
  readonly edits: readonly Edit[];
  /** Rules that must find it, by their ids. More may. */
  readonly rules: readonly string[];
  /**
   * It was drawn by lot before any rule was changed for the zoo's sake, and shown to nobody: whether the rules found it all the
   * same. What was missed has got its rule since.
   */
  readonly heldOut?: "found" | "missed";
  /** Why it survives, where it does. */
  readonly survives?: { readonly why: Silence; readonly because: string };
}
