/** What has become of a requirement. */
type Outcome = "met" | "met in part" | "not done" | "not ours";

/** A requirement of an RFC, in a few words of ours, and the tests that show that it is met, by their names. */
export interface Requirement {
  readonly id: string;
  readonly says: string;
  readonly outcome: Outcome;
  readonly tests: readonly string[];
  /** Why it is not met, or not in all. */
  readonly why: string;
}

export const met = (id: string, says: string, ...tests: readonly string[]): Requirement => ({
  id,
  says,
  outcome: "met",
  tests,
  why: "",
});

/** Met but for what `why` says. */
export const inPart = (id: string, says: string, why: string, ...tests: readonly string[]): Requirement => ({
  id,
  says,
  outcome: "met in part",
  tests,
  why,
});

/** Left out on purpose. */
export const notDone = (id: string, says: string, why: string): Requirement => ({
  id,
  says,
  outcome: "not done",
  tests: [],
  why,
});

/** It asks something of somebody else, or of something that is not there. */
export const notOurs = (id: string, says: string, why: string): Requirement => ({
  id,
  says,
  outcome: "not ours",
  tests: [],
  why,
});
