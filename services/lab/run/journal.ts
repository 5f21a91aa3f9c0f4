import type { FaultRule, FaultSuppressed } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Latencies } from "../../abi/latencies.ts";
import type { Profile } from "../../abi/profile.ts";
import type { RuleJudgement, RuleVerdict } from "../../rules/judgement.ts";
import type { Rule } from "../../rules/rule.ts";
import type { Runtime } from "../world.ts";
import type { SweepTurn } from "./sweep.ts";

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
  /** Crossings that matched and were not struck, by what kept the rule from it. */
  readonly suppressed: FaultSuppressed;
  /** The events that show that it struck, each with the span that they belong to. */
  readonly firedAt: readonly { readonly event: string; readonly span: string }[];
  /** Whether some caller was told of it: by an errno, or by an answer that never came. */
  readonly observed: boolean;
  /** Whether the next crossing of the point went well; left out where there was none. */
  readonly recovered?: boolean;
}

/** What one look of a probe came to. */
export interface LookRecord {
  readonly probe: string;
  /** What it looks at, as it was written. */
  readonly looks: string;
  readonly expected: string;
  readonly found: number | string;
  readonly met: boolean;
  readonly attempts: number;
  readonly atNs: number;
}

/** What became of a steady state. */
export interface SteadyRecord {
  readonly title: string;
  readonly strategy: string;
  /** Left out where nobody looked. */
  readonly before?: readonly LookRecord[];
  readonly after?: readonly LookRecord[];
  /** How often each probe looked on the way, how often in vain, and the first time that it did. */
  readonly during: readonly {
    readonly probe: string;
    readonly looks: number;
    readonly unmet: number;
    readonly first?: LookRecord;
  }[];
}

/** How a run came to its end. `not-run`: a fault could not be armed, or the steady state was not met before the method. */
export type RunStatus = "completed" | "not-run" | "over-budget" | "cut" | "stuck" | "paused" | "aborted";

/**
 * What came of the faults, the first of these that is so.
 *
 * `crash`: a place ended by itself. `hang`: nothing could move any more, or the budget ended while steps waited. `violation`: a
 * rule that counts is broken for certain. `silent-wrong`: none is, and yet a step, an expectation or the steady state is not
 * as it should be. Of the others, no fault struck: `not-activated`; a task was told, by an errno or by an answer that never
 * came, in a call that a fault touched: `detected`; no task was, but a house saw a call lost or asked again, undid
 * something, or a place was down: `degraded`; nothing of all this: `masked`.
 */
export type OutcomeClass =
  "crash" | "hang" | "violation" | "silent-wrong" | "not-activated" | "detected" | "degraded" | "masked";

/** What was reached. */
export interface Coverage {
  /** The points that were crossed, each with how often. */
  readonly points: Readonly<Record<string, number>>;
  /** Hooks that followed each other on one thing, such as `sock_oob_attach > sock_oob_bind`, each with how often. */
  readonly pairs: Readonly<Record<string, number>>;
}

/** What Tenon it was; the runtime says it. */
export interface ToolRecord {
  readonly version: string;
  readonly commit?: string;
  /** The version of Node.js. */
  readonly node: string;
}

/** What a measure came to. */
export interface MeasureRecord {
  readonly name: string;
  readonly title?: string;
  /** The atoms that it goes from and to. */
  readonly from: string;
  readonly to: string;
  /** How often it began and did not end. */
  readonly unfinished: number;
  /** Left out where nothing was measured. */
  readonly all?: Latencies;
  /** Of those that began and ended before the in-band stage of any node stood still; left out where none did. */
  readonly before?: Latencies;
  /** Of those of which some part was while one did. */
  readonly during?: Latencies;
  /** Of those that began afterwards. */
  readonly after?: Latencies;
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
interface ViolationRecord {
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
  /** `contract`: it was made of an option of the contract; the others were written by people. */
  readonly origin: Rule["origin"];
  readonly profile: Rule["profile"];
  readonly verdict: RuleVerdict;
  readonly slices: number;
  readonly triggered: number;
  readonly violated: number;
  /** Why it could not be judged at all: a house that it waits for records nothing. That raises no doubt about the run. */
  readonly untold?: string;
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

/** One run of a sweep. */
export interface SweepRecord extends SweepTurn {
  /** The fault that strikes one crossing after the other, each in a run of its own. */
  readonly fault: string;
  /** Whether no run comes after it: the fault has no such crossing, or the budget has ended. */
  readonly over: boolean;
}

/** The record of one run; a plain object, for JSON. Facts/experiments 7.5. */
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
  readonly tool?: ToolRecord;
  /** What it ran on, such as `linux x64`. */
  readonly platform?: string;
  readonly status: RunStatus;
  /** What counts: the outcome, turned round where the experiment expects another one than pass. */
  readonly verdict: Verdict;
  /** What the run itself came to. */
  readonly outcome: Verdict;
  /** Whether the steady state was met before the method, and not on the way or after it. */
  readonly deviated: boolean;
  readonly outcomeClass: OutcomeClass;
  /** When it began and ended, by the clock on the wall, as ISO 8601; not in simulation, whose runs are the same at all times. */
  readonly start?: string;
  readonly end?: string;
  /** Which run of a sweep it is (`nth: each`), whether it is the last one, and what the runs so far used of the budget. */
  readonly sweep?: SweepRecord;
  /** Why, most important first; empty for a plain pass. */
  readonly reasons: readonly string[];
  /** The steps of the workload. */
  readonly steps: readonly StepRecord[];
  /** What the method did besides, and what was done at the end. */
  readonly method: readonly StepRecord[];
  readonly rollbacks: readonly StepRecord[];
  readonly steadyStates?: SteadyRecord;
  readonly faults: readonly FaultRecord[];
  readonly expectations: readonly ExpectationRecord[];
  /** What was measured; left out where nothing was to be. */
  readonly measures?: readonly MeasureRecord[];
  readonly invariants: InvariantsRecord;
  readonly coverage: Coverage;
  /** What was open when a reactor paused the run. */
  readonly state?: { readonly files: unknown; readonly network: unknown };
  /** The calls and steps that still waited when the run ended. */
  readonly waiting: readonly string[];
  readonly events: number;
  readonly dropped: number;
  /** Crossings of the boundary that the run took, each counted once. */
  readonly crossings: number;
  /** Until the last step had ended. */
  readonly durationNs: number;
  /** What the duration is measured in. */
  readonly clock: "virtual" | "real";
  /** How long it took in virtual time until the world was at rest; in simulation only. */
  readonly virtualTimeNs?: number;
  readonly repro: { readonly cmd: string };
  /** Files that were written beside it. */
  readonly artifacts: readonly string[];
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
