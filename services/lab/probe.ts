import type { Atom, Operator } from "../rules/atoms/syntax.ts";
import type { CallStep } from "./experiment.ts";
import type { LISTS, PROBE_MODES, STRATEGIES } from "./schema/probes.ts";

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
