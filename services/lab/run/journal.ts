import type { FaultRule, FaultSuppressed } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { RuleJudgement, RuleVerdict } from "../../rules/judgement.ts";
import type { Rule } from "../../rules/rule.ts";
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
  /** How often what kept it from striking a crossing whose conditions held. */
  readonly suppressed: FaultSuppressed;
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

/** A place where a rule is broken; events are named as `alpha/vfs#12`, the twelfth that the house recorded. */
export interface ViolationRecord {
  readonly slice: string;
  readonly certain: boolean;
  /** Left out for the end of the run. */
  readonly at?: string;
  readonly witnesses: readonly { readonly event: string; readonly atom: string }[];
  /** The two events whose order is wrong. */
  readonly broken?: readonly [string, string];
}

/** What a rule came to. */
export interface JudgementRecord {
  readonly id: string;
  readonly title: string;
  readonly profile: Rule["profile"];
  readonly verdict: RuleVerdict;
  readonly slices: number;
  readonly triggered: number;
  readonly violated: number;
  readonly violations: readonly ViolationRecord[];
}

/** What the rules came to. */
export interface InvariantsRecord {
  /** Whose rules count, with those of both profiles. */
  readonly profile: Profile;
  /** Those that count. */
  readonly judgements: readonly JudgementRecord[];
  /** Those of the other profile, which do not. */
  readonly other: readonly JudgementRecord[];
  /** Rules that were seen to be broken while the run went on, in that order, each with the event at which it was. */
  readonly alarms: readonly { readonly id: string; readonly at?: string }[];
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
  readonly invariants: InvariantsRecord;
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
  /** Of all rules, also those of the other profile. */
  readonly judgements: readonly RuleJudgement[];
  /** In an order that no cause contradicts. */
  readonly events: readonly TraceEvent[];
}
