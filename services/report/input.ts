import type { FaultRule } from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import type { Profile } from "../abi/profile.ts";
import type { Journal, SweepRecord, Verdict } from "../lab/run/journal.ts";
import type { RuleJudgement } from "../rules/judgement.ts";

/** The run of the same seed with its faults off, or why there is none to compare with. */
export type FaultFree =
  { readonly t: "events"; readonly events: readonly TraceEvent[] } | { readonly t: "none"; readonly why: string };

/** A run that is to be told. */
export interface RunInput {
  /** The file of the experiment, as it was named. */
  readonly file: string;
  readonly journal: Journal;
  /** In an order that no cause contradicts. */
  readonly events: readonly TraceEvent[];
  /** Of the rules of both profiles; those of the other profile are shown and do not count. */
  readonly judgements: readonly RuleJudgement[];
  readonly faultFree: FaultFree;
  /** A fault in words: `refuse(ENOMEM) on crossing 1`. */
  readonly describeFault: (rule: FaultRule) => string;
  /** What the experiment asks to be written. */
  readonly outputs: ReadonlySet<string>;
}

/** A trace that was judged without having been run here. */
export interface TraceInput {
  /** The files that it was read from, as they were named. */
  readonly files: readonly string[];
  /** The profile whose rules count. */
  readonly counted: Profile;
  readonly verdict: Verdict;
  /** What it comes to under each profile. */
  readonly profiles: Readonly<Record<Profile, Verdict>>;
  readonly why: string;
  readonly notes: readonly string[];
  readonly again: string;
  /** In an order that no cause contradicts. */
  readonly events: readonly TraceEvent[];
  readonly judgements: readonly RuleJudgement[];
}

/** What stands beside a page for whom it asks for it, by the word of the format, and how its name ends. */
export const ENDINGS = {
  journal: ".json",
  chart: ".svg",
  trace: ".jsonl",
  mermaid: ".mmd",
  perfetto: ".pftrace",
  "otlp-jsonl": ".otlp.jsonl",
  repro: ".repro.json",
} as const;

/** The name that the files of a run begin with: `bind-refused.documented`; in a sweep with `.nth-3`. */
export const baseNameOf = ({
  experiment,
  profile,
  sweep,
}: Pick<Journal, "experiment" | "profile"> & { readonly sweep?: Pick<SweepRecord, "nth"> | undefined }): string =>
  `${experiment}.${profile}${sweep === undefined ? "" : `.nth-${sweep.nth}`}`.replaceAll(/[^\w.@+-]/g, "_");
