import type { FaultEffect, FaultRule } from "../abi/contract.generated.ts";
import type { Statistic } from "../abi/latencies.ts";
import type { Profile } from "../abi/profile.ts";
import type { StagesSpec, Topology } from "../abi/topology.ts";
import type { Atom, Operator } from "../rules/atoms/syntax.ts";
import type { Rule } from "../rules/rule.ts";
import type { ArgValue, ByProfile, Naming } from "./answers.ts";
import type { CallShape } from "./calls.ts";
import type { Expectation } from "./expectation.ts";
import { childText } from "./places.ts";
import type { VERDICTS } from "./schema/expectations.ts";
import type { OUTPUTS } from "./schema/experiment.ts";
import type { PHASES_OF_A_FREEZE } from "./schema/measures.ts";
import type { LISTS, PROBE_MODES, STRATEGIES } from "./schema/probes.ts";
import type { REACTORS, UNKNOWN_IS } from "./schema/rules.ts";
import type { Runtime } from "./world.ts";

/** An experiment that was read and checked: every name in it means something, every number is in range. */
export interface Experiment {
  /** The file it was read from, as it was named. */
  readonly file: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The profiles that it applies to. */
  readonly profiles: readonly Profile[];
  readonly seed: bigint;
  readonly budget: Budget;
  /** The core under test: `reference`, or the name of a mutant. */
  readonly core: string;
  /** What it contributes to. */
  readonly contributions: Readonly<Record<string, string>>;
  /** The values that it gives names to, as they are in this run. */
  readonly configuration: Readonly<Record<string, Setting>>;
  /** Descriptors per table, where the experiment says it. */
  readonly nofile: number | undefined;
  /** The runtime that it is meant for, where it says one. */
  readonly mode: Runtime | undefined;
  /** The world that it runs in. */
  readonly topology: Topology;
  /** What work costs, where the experiment itself says so: it goes before what any world says. */
  readonly stages?: StagesSpec | undefined;
  readonly steps: readonly Step[];
  readonly steadyState: SteadyState | undefined;
  /** What is done, in order: where the file has no method, the workload. */
  readonly method: readonly Activity[];
  readonly rollbacks: readonly Activity[];
  readonly invariants: Invariants;
  readonly faults: readonly Fault[];
  readonly expectations: readonly Expectation[];
  readonly measures: readonly Measure[];
  readonly measured: readonly MeasureExpectation[];
  readonly verdict: ExpectedVerdict;
  /** The rules that the run must break for certain, all of them and no other; undefined: none must, and none may. */
  readonly violates: readonly string[] | undefined;
  readonly requireFaultFired: boolean;
  /** The reports to write where somebody asks for reports; undefined: the usual ones. */
  readonly outputs: readonly Output[] | undefined;
}

/** How long it takes from one event to another one. */
export interface Measure {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly title: string | undefined;
  readonly from: Atom;
  readonly to: Atom;
  /** The fields of which both events have the same values. */
  readonly per: readonly string[];
}

/** Of which times: of all, or by when they were, before, during or after a freeze of an in-band stage. */
export type MeasurePhase = "all" | (typeof PHASES_OF_A_FREEZE)[number];

/** What a statistic of a measure must be, in each runtime that is asked. */
export interface MeasureExpectation {
  readonly measure: string;
  readonly phase: MeasurePhase;
  readonly statistic: Statistic;
  readonly bounds: Readonly<Partial<Record<Runtime, readonly Bound[]>>>;
  readonly title: string;
  readonly path: string;
  readonly line: number;
}

/** A bound: so many times the same statistic of something, and so much more. */
export interface Bound {
  readonly text: string;
  readonly operator: Operator;
  readonly factor: number;
  /** A measure, where it is not the same one, and which of its times; undefined: nothing, and the factor is 0. */
  readonly of: { readonly measure?: string; readonly phase: MeasurePhase } | undefined;
  readonly plus: number;
}

/** A value of the configuration. */
export type Setting = number | string | boolean;

/** A report of a run. */
export type Output = (typeof OUTPUTS)[number];

/** What happens when a rule is broken while a run goes on. */
export type Reactor = (typeof REACTORS)[number];

/** The rules that judge a run. */
export interface Invariants {
  /** Globs of ids. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly unknownIs: (typeof UNKNOWN_IS)[number];
  readonly reactor: Reactor;
  /** Those of the experiment itself. */
  readonly rules: readonly Rule[];
}

/** What the rules of an experiment are that says nothing of them. */
export const ALL_RULES: Invariants = {
  include: ["*"],
  exclude: [],
  unknownIs: "inconclusive",
  reactor: "log",
  rules: [],
};

interface ActivityBase {
  /** Where it stands, such as `method[2]`. */
  readonly path: string;
  readonly line: number;
  /** It on one line, as it was written. */
  readonly text: string;
  readonly title: string | undefined;
  readonly beforeNs: number;
  readonly afterNs: number;
  /** The next one does not wait for its end. */
  readonly background: boolean;
}

/** What an activity does. */
export type Deed =
  | { readonly t: "workload" }
  | { readonly t: "call"; readonly step: CallStep }
  | { readonly t: "arm" | "disarm"; readonly fault: string }
  /** Places in it are full names. */
  | { readonly t: "strike"; readonly effect: FaultEffect }
  | Freeze
  | { readonly t: "sleep"; readonly ns: number }
  | { readonly t: "probe"; readonly probe: Probe };

/** The in-band stage of a node stands still for so long; it goes on by itself. */
interface Freeze {
  readonly t: "freeze";
  readonly node: string;
  readonly ns: number;
}

/** One thing that a method does, or looks at. */
export type Activity = ActivityBase & Deed;

/** What a probe finds: a number, or text; the answer of a call that was refused is the name of its errno. */
export type Found = number | string;

/** Looks at one thing of a world. */
export interface Probe {
  readonly name: string;
  /** Where it stands, such as `steadyStateHypothesis.probes[0]`. */
  readonly path: string;
  readonly line: number;
  /** It on one line, as it was written. */
  readonly text: string;
  readonly title: string | undefined;
  readonly looks: Look;
  readonly tolerance: Tolerance;
  /** When it is looked at. */
  readonly phases: ReadonlySet<Phase>;
  /** Only while a fault is armed. */
  readonly onChaos: boolean;
  /** Undefined: no looks but those between steps. */
  readonly intervalNs: number | undefined;
  readonly attempts: number;
  /** Undefined: as long as it takes. */
  readonly timeoutNs: number | undefined;
}

/** When a steady state is looked at. */
export type Phase = "before" | "during" | "after";

/** What a probe looks at. */
export type Look =
  | { readonly t: "call"; readonly step: CallStep }
  | { readonly t: "count"; readonly terms: readonly Term[] }
  | {
      readonly t: "list";
      readonly list: (typeof LISTS)[number];
      readonly where: Readonly<Record<string, Found | boolean>>;
      /** The field whose sum it is; undefined: the number of entries. */
      readonly sum: string | undefined;
    };

/** A part of a sum: how many events are like an atom, or a number. */
export type Term =
  | { readonly sign: 1 | -1; readonly t: "count"; readonly atom: Atom }
  | { readonly sign: 1 | -1; readonly t: "number"; readonly value: number };

/** What a probe may find. */
export type Tolerance =
  /** A call must succeed. */
  | { readonly t: "success" }
  | { readonly t: "oneOf"; readonly values: readonly (Found | boolean)[] }
  | { readonly t: "noneOf"; readonly values: readonly Found[] }
  | { readonly t: "range"; readonly lowest: number; readonly highest: number }
  | { readonly t: "compare"; readonly operator: Operator; readonly value: number }
  | { readonly t: "contains"; readonly text: string }
  | { readonly t: "matches"; readonly pattern: string; readonly not: boolean };

/** What holds before a method, and must hold again. */
export interface SteadyState {
  readonly title: string;
  readonly strategy: (typeof STRATEGIES)[number];
  readonly probes: readonly Probe[];
}

/** A mode of a probe. */
export type ProbeMode = (typeof PROBE_MODES)[number];

/** What the run must come to. */
export type ExpectedVerdict = (typeof VERDICTS)[number];

/** How far a run may go; beyond, it is inconclusive. */
interface Budget {
  /** Crossings of the boundary, each counted once. */
  readonly steps: number;
  /** In the simulated runtime. */
  readonly virtualNs: number;
  /** In the others. */
  readonly wallNs: number;
}

interface StepBase {
  /** Where it stands, such as `workload[3]`. */
  readonly path: string;
  readonly line: number;
  /** The step on one line, as it was written, without who calls. */
  readonly text: string;
  readonly title: string | undefined;
  /** Only under this profile. */
  readonly profile: Profile | undefined;
}

/** One thing that happens in a workload. */
export type Step = CallStep | JoinStep | WaitStep | SleepStep | ArmStep | FreezeStep | LoopStep;

/** A task makes a call. */
export interface CallStep extends StepBase {
  readonly t: "call";
  /** With its node where that is not the first one: `app`, `server@beta`. */
  readonly task: string;
  readonly shape: CallShape;
  readonly args: Readonly<Record<string, ArgValue>>;
  readonly as: readonly Naming[];
  readonly expect: ByProfile;
  /** The name by which a join waits for it; undefined: the workload waits at once. */
  readonly background: string | undefined;
  /** It may still wait when the experiment ends. */
  readonly leave: boolean;
}

/** Waits for the end of a background call. */
export interface JoinStep extends StepBase {
  readonly t: "join";
  readonly background: string;
  readonly as: readonly Naming[];
  readonly expect: ByProfile;
}

/** Waits until so many events were like the atom, counted from the start. */
interface WaitStep extends StepBase {
  readonly t: "wait";
  readonly atom: Atom;
  readonly count: number;
}

/** Lets time pass. */
interface SleepStep extends StepBase {
  readonly t: "sleep";
  readonly ns: number;
}

/** Arms or disarms a fault. */
interface ArmStep extends StepBase {
  readonly t: "arm" | "disarm";
  readonly fault: string;
}

/** Lets the in-band stage of a node stand still, and goes on with the next step at once. */
type FreezeStep = StepBase & Freeze;

/** Begins to do some steps again and again, and goes on with the next step at once. */
export interface LoopStep extends StepBase {
  readonly t: "loop";
  /** The name by which a join waits for it. */
  readonly background: string;
  /** Undefined: until something else is over, or the workload is. */
  readonly times: number | undefined;
  /** Another loop: this one ends when that one is over. */
  readonly until: string | undefined;
  /** 0: at once. */
  readonly everyNs: number;
  /** It ends with the workload, wherever it is. */
  readonly leave: boolean;
  readonly steps: readonly (CallStep | SleepStep)[];
}

/** A fault rule of the experiment. */
export interface Fault {
  readonly rule: FaultRule;
  readonly title: string | undefined;
  /** False: a step arms it. */
  readonly armed: boolean;
  /** `nth: each`: one run for each crossing, until there is a run in which it does not strike. */
  readonly sweep?: boolean;
  readonly profile: Profile | undefined;
}

/** Whether something that is perhaps limited to a profile counts under this one. */
export const appliesTo = (limit: Profile | undefined, profile: Profile): boolean =>
  limit === undefined || limit === profile;

/** The calls of steps, those that are repeated among them. */
export const callsIn = (steps: readonly Step[]): CallStep[] =>
  steps.flatMap((step) => (step.t === "call" ? [step] : step.t === "loop" ? callsIn(step.steps) : []));

/** The tasks that come to life by a fork of the workload, where it names them. */
export const childrenOf = ({ steps }: Pick<Experiment, "steps">): ReadonlySet<string> =>
  new Set(
    steps.flatMap((step) => {
      const child = step.t === "call" && step.shape.call === "fork" ? step.args["child"] : undefined;
      return step.t === "call" && typeof child === "string" && child !== "" ? [childText(step.task, child)] : [];
    }),
  );
