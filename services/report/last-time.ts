import type { Verdict } from "../lab/run/journal.ts";
import type { RunSummary } from "./summary.ts";

/** What a folder of reports remembers of a run: its last verdicts, the latest one last, and which rules it triggered. */
interface Remembered {
  readonly verdicts: readonly Verdict[];
  readonly triggered: readonly string[];
}

/** What a folder remembers, by the id of a run: experiment, profile, runtime and seed. */
export type Memory = Readonly<Record<string, Remembered>>;

/** How this time differs from the time before. */
export interface Comparison {
  readonly newFailures: readonly RunSummary[];
  readonly fixed: readonly RunSummary[];
  /** Runs whose verdict keeps changing although their seed does not. */
  readonly flaky: readonly RunSummary[];
  /** Runs that the folder did not know. */
  readonly added: readonly RunSummary[];
  /** Rules that runs of both times triggered then, and none does now. */
  readonly newlyVacuous: readonly string[];
  /** How many runs both times have. */
  readonly compared: number;
}

const VERDICTS_KEPT = 10;
/** A verdict that changed once may have been fixed or broken; twice, it comes and goes. */
const FLAKY_FROM = 2;

const changesIn = (verdicts: readonly Verdict[]): number =>
  verdicts.filter((verdict, i) => i > 0 && verdict !== verdicts[i - 1]).length;

const triggeredBy = ({ rules }: RunSummary): string[] =>
  rules.filter(({ triggered }) => triggered > 0).map(({ id }) => id);

/** Compares the runs with what the folder remembers; undefined where it remembers none of them. */
export function compareWith(memory: Memory, runs: readonly RunSummary[]): Comparison | undefined {
  const known = runs.filter(({ id }) => memory[id] !== undefined);
  if (known.length === 0) return undefined;
  const before = ({ id }: RunSummary): Verdict | undefined => memory[id]?.verdicts.at(-1);
  const now = new Set(known.flatMap(triggeredBy));
  const evaluated = new Set(known.flatMap(({ rules }) => rules.map(({ id }) => id)));
  const then = new Set(known.flatMap(({ id }) => memory[id]?.triggered ?? []));
  return {
    newFailures: known.filter((run) => run.verdict !== "pass" && before(run) === "pass"),
    fixed: known.filter((run) => run.verdict === "pass" && before(run) !== "pass"),
    flaky: known.filter((run) => changesIn([...(memory[run.id]?.verdicts ?? []), run.verdict]) >= FLAKY_FROM),
    added: runs.filter(({ id }) => memory[id] === undefined),
    newlyVacuous: [...then].filter((id) => evaluated.has(id) && !now.has(id)).sort(),
    compared: known.length,
  };
}

/** What the folder remembers from now on. */
export function remember(memory: Memory, runs: readonly RunSummary[]): Memory {
  const made = runs.map((run) => {
    const verdicts = [...(memory[run.id]?.verdicts ?? []), run.verdict].slice(-VERDICTS_KEPT);
    return [run.id, { verdicts, triggered: triggeredBy(run) }] as const;
  });
  return { ...memory, ...Object.fromEntries(made) };
}
