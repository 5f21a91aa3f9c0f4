import type { Profile } from "../../services/abi/profile.ts";

/** A run that is wanted: of an experiment, in a world with a mutant's bug, or in a sound one. */
export interface Job {
  /** Empty: a sound kernel. */
  readonly mutant: string;
  readonly experiment: string;
  readonly profile: Profile;
  readonly seed: string;
  /** A bad core that is shipped. */
  readonly core: string;
}

/** A rule that a run broke, for certain. */
export interface Broken {
  readonly id: string;
  readonly title: string;
}

/** What came of a run. */
export interface Sight {
  /** What the experiment's own expectations say. */
  readonly outcome: string;
  readonly reasons: readonly string[];
  /** Rules that are broken in every order that cause and effect allow. */
  readonly broken: readonly Broken[];
  /** Rules that may be broken, or cannot be judged. */
  readonly doubtful: readonly Broken[];
  /** The same for the trace as a whole: two runs with one digest are one run. */
  readonly digest: string;
  /** What broke the run itself; empty: nothing. */
  readonly trouble: string;
}
