import type { Lost } from "../../abi/event.ts";
import type { Statistic } from "../../abi/latencies.ts";
import type { Profile } from "../../abi/profile.ts";
import type { DriverName, KsockSpec, VlanSpec } from "../../abi/topology.ts";
import type { MODES } from "../schema/experiment.ts";
import type { PHASES_OF_A_FREEZE } from "../schema/measures.ts";
import type { Runtime } from "../world.ts";
import type { ACTIONS } from "../schema/method.ts";
import type { CRITERIA } from "../schema/probes.ts";
import type { ExpectedVerdict, Invariants, Look, Output, ProbeMode, SteadyState } from "../experiment.ts";
import type { WrittenFault } from "./written-fault.ts";

/** An experiment as a person wrote it, once the schema has found nothing wrong with its shape. */
export interface WrittenExperiment {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly title: string;
    readonly description?: string;
    readonly tags?: readonly string[];
    readonly profile?: Profile | readonly Profile[];
    readonly seed?: string;
    readonly budget?: { readonly steps?: number; readonly virtualTime?: string; readonly wallTime?: string };
    readonly subject?: { readonly core: string };
    readonly contributions?: Readonly<Record<string, string>>;
    readonly configuration?: { readonly nofile?: number };
    readonly steadyStateHypothesis?: WrittenSteadyState;
    readonly "steady-state-hypothesis"?: WrittenSteadyState;
    readonly method?: readonly WrittenActivity[];
    readonly rollbacks?: readonly WrittenActivity[];
    readonly invariants?: WrittenInvariants;
    readonly mode?: keyof typeof MODES;
    readonly world?: string | WrittenWorld;
    readonly stages?: WrittenStages;
    readonly workload?: readonly WrittenStep[];
    readonly faults?: readonly WrittenFault[];
    readonly measure?: readonly WrittenMeasure[];
    readonly expect?: {
      readonly verdict?: ExpectedVerdict;
      readonly violates?: readonly string[];
      readonly measures?: Readonly<Record<string, WrittenMeasured>>;
      readonly events?: readonly WrittenExpectation[];
    };
    readonly requireFaultFired?: boolean;
    readonly outputs?: readonly Output[];
  };
}

/** A measure. */
export interface WrittenMeasure {
  readonly name: string;
  readonly title?: string;
  readonly from: string;
  readonly to: string;
  readonly per?: readonly string[];
}

/** One bound, or several. */
export type WrittenBounds = string | readonly string[];

/** Statistics, each with what it must be, perhaps in each runtime something else. */
export type WrittenStatistics = Readonly<
  Partial<Record<Statistic, WrittenBounds | Readonly<Partial<Record<Runtime, WrittenBounds>>>>>
>;

/** What a measure must come to. */
export type WrittenMeasured = WrittenStatistics &
  Readonly<Partial<Record<(typeof PHASES_OF_A_FREEZE)[number], WrittenStatistics>>>;

/** The rules that judge a run. */
export interface WrittenInvariants {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly unknownIs?: Invariants["unknownIs"];
  readonly reactor?: Invariants["reactor"];
  readonly rules?: readonly (string | WrittenRule)[];
}

/** A rule. */
export interface WrittenRule {
  readonly id: string;
  readonly title: string;
  readonly forall?: readonly string[];
  readonly formula: string;
  readonly profile?: Profile | "both";
  readonly source?: string;
}

/** A steady state. */
export interface WrittenSteadyState {
  readonly title: string;
  readonly strategy?: SteadyState["strategy"];
  readonly probes: readonly WrittenProbe[];
}

type WrittenScalar = number | string | boolean;

/** A probe; which keys are there says of what kind it is. */
export interface WrittenProbe {
  readonly name: string;
  readonly title?: string;
  readonly mode?: ProbeMode;
  readonly call?: string;
  readonly task?: string;
  readonly with?: Readonly<Record<string, WrittenArg>>;
  readonly count?: string;
  readonly list?: Extract<Look, { readonly t: "list" }>["list"];
  readonly where?: Readonly<Record<string, WrittenScalar>>;
  readonly sum?: string;
  readonly tolerance?:
    | WrittenScalar
    | readonly WrittenScalar[]
    | { readonly type: "range"; readonly range: readonly [number, number] }
    | { readonly type: "regex"; readonly pattern: string };
  readonly comparator?: WrittenComparator;
  readonly runProperties?: { readonly interval?: string; readonly attempts?: number; readonly timeout?: string };
}

/** What a value must compare to. */
export interface WrittenComparator {
  readonly type: keyof typeof CRITERIA;
  readonly criteria: (typeof CRITERIA)[keyof typeof CRITERIA][number];
  readonly value: number | string | readonly (number | string)[];
}

/** An action or a probe; which keys are there says what it does. */
export interface WrittenActivity extends Omit<WrittenProbe, "name" | "with"> {
  readonly type: "action" | "probe";
  readonly name?: string;
  readonly do?: (typeof ACTIONS)[number];
  /** The arguments of a call, or what a standard action takes. */
  readonly with?: Readonly<Record<string, WrittenArg>> & {
    readonly id?: string;
    readonly place?: string;
    readonly between?: readonly [string, string];
    readonly by?: string;
    readonly for?: string;
    readonly node?: string;
  };
  readonly as?: WrittenAs;
  readonly expect?: WrittenExpected;
  readonly pauses?: { readonly before?: string; readonly after?: string };
  readonly background?: boolean;
}

/** An argument: a value, constants, or `$name`. */
export type WrittenArg = number | string | boolean | readonly string[];

/** What a field of an answer must be. */
export type WrittenValue = number | boolean | string | readonly string[];

/** How a call must end. */
export type WrittenOutcome =
  | WrittenValue
  | { readonly lost: Lost }
  | { readonly any: true }
  | { readonly fields: Readonly<Record<string, WrittenValue>> };

/** A name for the main value, or names for some fields of the answer. */
export type WrittenAs = string | Readonly<Record<string, string>>;

/** How it must end, perhaps under each profile its own way. */
export type WrittenExpected = WrittenOutcome | Readonly<Record<Profile, WrittenOutcome>>;

/** Any step; which keys are there says which. */
export interface WrittenStep {
  readonly title?: string;
  readonly profile?: Profile;
  readonly call?: string;
  readonly task?: string;
  readonly with?: Readonly<Record<string, WrittenArg>>;
  readonly as?: WrittenAs;
  readonly expect?: WrittenExpected;
  readonly background?: string;
  readonly leave?: boolean;
  readonly join?: string;
  readonly wait?: string;
  readonly count?: number;
  readonly sleep?: string;
  readonly every?: string;
  readonly loop?: string;
  readonly times?: number;
  readonly until?: string;
  readonly steps?: readonly WrittenStep[];
  readonly freeze?: { readonly node?: string; readonly for: string };
  readonly arm?: string;
  readonly disarm?: string;
}

/** A value to compare with, perhaps behind a comparison. */
export type WrittenConditions = Readonly<Record<string, number | boolean | string>>;

/** An expectation on events; which keys are there says which. */
export interface WrittenExpectation {
  readonly title?: string;
  readonly profile?: Profile;
  readonly where?: WrittenConditions;
  readonly inOrder?: readonly string[];
  readonly exactly?: readonly string[];
  readonly points?: readonly string[];
  readonly never?: string;
  readonly count?: Readonly<Record<string, number | string>>;
}

/** A world as a person wrote it. */
export interface WrittenWorld {
  readonly nodes: Readonly<Record<string, WrittenNode>>;
  readonly switches?: readonly string[];
  readonly stages?: WrittenStages;
}

/** What work costs. */
export interface WrittenStages {
  readonly processors?: number;
  readonly hop?: string;
  readonly inband?: WrittenCosts;
  readonly oob?: WrittenCosts;
}

/** What work of one stage costs. */
interface WrittenCosts {
  readonly call?: string;
  readonly frame?: string;
}

/** A node. */
export interface WrittenNode {
  readonly nics?: readonly WrittenNic[];
  readonly vlans?: readonly VlanSpec[];
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly routes?: readonly WrittenRoute[];
  readonly config?: { readonly NET_OOB?: boolean };
  readonly ksock?: Partial<KsockSpec>;
}

/** A NIC. */
interface WrittenNic {
  readonly name: string;
  readonly driver: DriverName;
  readonly wire: string;
  readonly mac?: string;
  readonly mtu?: number;
  readonly netem?: string;
  readonly capture?: string;
  readonly replay?: string;
}

/** A route. */
interface WrittenRoute {
  readonly destination: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly metric?: number;
}
