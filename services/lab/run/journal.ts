import type { FaultRule } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { Runtime } from "../world.ts";

/** What a run came to. */
export type Verdict = "pass" | "fail" | "inconclusive";

/** What became of one step. */
export interface StepRecord {
  readonly path: string;
  readonly line: number;
  readonly title?: string;
  /** Who calls, where it is a call. */
  readonly task?: string;
  /** The step as it was written, without who calls. */
  readonly text: string;
  /** `running`: the run ended before it did. `left`: it may still wait, and does. */
  status: "running" | "ok" | "mismatch" | "skipped" | "left";
  /** Where a call was made. */
  expected?: string;
  actual?: string;
  /** Why it was skipped, or what else there is to say. */
  note?: string;
}

/** A step in words: `app: dup(fd: 3)`. */
export const stepText = ({ task, text }: StepRecord): string => (task === undefined ? text : `${task}: ${text}`);

/** What a fault did. */
export interface FaultRecord {
  readonly id: string;
  readonly title?: string;
  readonly point: string;
  readonly rule: FaultRule;
  readonly crossings: number;
  readonly matched: number;
  readonly fired: number;
}

/** What became of an expectation on events. */
export interface ExpectationRecord {
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly verdict: Verdict;
  /** The first thing that is not as expected, with the events that show it. */
  readonly why?: string;
}

/** The record of one run; a plain object, for JSON. Facts/experiments 7.5, as far as there is machinery for it. */
export interface Journal {
  readonly id: string;
  readonly experiment: string;
  readonly title: string;
  readonly subject: { readonly core: string };
  readonly profile: Profile;
  readonly mode: Runtime;
  /** The nodes of the world; the first one is that of tasks which name none. */
  readonly nodes: readonly string[];
  readonly seed: string;
  /** What counts: the outcome, turned round where the experiment expects another one than pass. */
  readonly verdict: Verdict;
  /** What the run itself came to. */
  readonly outcome: Verdict;
  /** Why, most important first; empty for a plain pass. */
  readonly reasons: readonly string[];
  readonly steps: readonly StepRecord[];
  readonly faults: readonly FaultRecord[];
  readonly expectations: readonly ExpectationRecord[];
  /** The calls and steps that still waited when the run ended. */
  readonly waiting: readonly string[];
  readonly events: number;
  readonly dropped: number;
  readonly durationNs: number;
  /** What the duration is measured in. */
  readonly clock: "virtual" | "real";
  readonly repro: string;
}

/** A run and all that was seen in it. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly journal: Journal;
  /** In an order that no cause contradicts. */
  readonly events: readonly TraceEvent[];
}
