import type { Profile } from "../abi/profile.ts";
import type { RuleVerdict } from "../rules/judgement.ts";

/** How a run ended. */
export type Verdict = "pass" | "fail" | "inconclusive";

/** A trace that is to be judged. */
export interface CheckRequest {
  /** The files of the processes of one run, in any order; `-`: the standard input. */
  readonly files: readonly string[];
  /** The reading whose rules count; absent: that of `documented`, and both are told. */
  readonly profile?: Profile;
  /** A file of rules that are judged besides those of the book. */
  readonly rules?: string;
  /** The folder that the page goes to. */
  readonly report?: string;
  /** How many events were read so far. */
  readonly onProgress: (events: number) => void;
  readonly stop: AbortSignal;
}

/** What came of judging a trace. */
export interface CheckReport {
  readonly events: number;
  /** Events that stood in more than one place, and count once. */
  readonly duplicates: number;
  /** Events that the houses' counts miss. */
  readonly missing: number;
  /** Whether the trace says that its run came to rest, so that a duty that is open then is broken. */
  readonly ended: "rest" | "cut";
  readonly verdict: Verdict;
  /** What it comes to under each reading. */
  readonly profiles: Readonly<Record<Profile, Verdict>>;
  /** One sentence: which rule is broken, or why nobody can tell; empty for a pass. */
  readonly why: string;
  readonly rules: readonly RuleReport[];
  /** Sentences on what one should know of it. */
  readonly notes: readonly string[];
  readonly page?: string;
}

/** An event as a report names it. */
export interface Sight {
  /** Its place in its house's own count: `alpha/vfs#12`. */
  readonly id: string;
  readonly text: string;
}

/** What a rule came to, in words. */
export interface RuleReport {
  readonly id: string;
  /** What it says. */
  readonly title: string;
  /** Where that is said. */
  readonly source: string;
  readonly profile: Profile | "both";
  readonly verdict: RuleVerdict;
  /** Whether it counts for the verdict. */
  readonly counts: boolean;
  /** Whether causes order all that it speaks of. */
  readonly order: "certain" | "observed";
  readonly slices: number;
  readonly triggered: number;
  readonly violated: number;
  /** Why it could not be judged at all: a house that it waits for tells nothing of itself. */
  readonly untold?: string;
  readonly violations: readonly {
    /** Such as `alpha sk=3`; empty: the whole trace. */
    readonly slice: string;
    readonly certain: boolean;
    readonly witnesses: readonly Sight[];
    /** The event at which it is broken; absent: the end. */
    readonly at?: Sight;
    /** Two events whose order is wrong. */
    readonly broken?: readonly [first: Sight, second: Sight];
  }[];
}

/** What shows that a fault happened, and what came of it. */
export interface FaultSight {
  readonly id: string;
  /** The first event that it touched. */
  readonly at?: Sight;
  /** What its caller got to see. */
  readonly seen: string;
  /** Whether the same went well later. */
  readonly recovered: string;
}

/** One step of the workload. */
export interface StepReport {
  readonly task: string;
  /** The call as written, such as `open /dev/oobecho`. */
  readonly call: string;
  /** What it answered, such as `3` or `-EBADF`. */
  readonly result: string;
  /** What it should have answered, where the experiment says so. */
  readonly expected?: string;
  readonly ok: boolean;
  /** `file:line`. */
  readonly where: string;
}

/** One expectation on the whole run. */
export interface ExpectationReport {
  readonly says: string;
  readonly holds: "yes" | "no" | "unknown";
  /** What was found instead, or why nobody can tell. */
  readonly found?: string;
  /** `file:line`. */
  readonly where: string;
}
