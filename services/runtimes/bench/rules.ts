import { dirname } from "node:path";
import { assert } from "../../abi/assert.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { BenchReport } from "../../cli/bench-report.ts";
import type { Experiment } from "../../lab/experiment.ts";
import type { Outcome } from "../../lab/run/journal.ts";
import { createRuleSet } from "../../lab/run/rules.ts";
import { runExperiment } from "../../lab/run/run.ts";
import { renderRun } from "../../report/render.ts";
import { causality } from "../../rules/causality.ts";
import { judgeTrace } from "../../rules/check.ts";
import { BOOK } from "../../rules/book/book.ts";
import { compileRules } from "../../rules/monitor/compile.ts";
import { createMonitor } from "../../rules/monitor/monitor.ts";
import { expand, tourFile } from "../backend/files.ts";
import { loadOne } from "../backend/load.ts";
import { createSimulatedWorld } from "../simulated/world.ts";
import { createReplay } from "./rules-traces.ts";
import { besideFloor, rowsOf, takeTurns, wayOf, type Way } from "./turns.ts";

/** An experiment in one of its profiles. */
interface Case {
  readonly experiment: Experiment;
  readonly profile: Profile;
}

const NO_RULES = createRuleSet([]);
const OUTPUTS: ReadonlySet<string> = new Set(["html", "journal"]);
/** How many of them a round makes, so that all ways take turns at short intervals. */
const CASES_PER_ROUND = 12;

/**
 * What rules cost on one core: events a second with all rules on, beside the mere finding of what kind each event is; and
 * experiments a second in simulation, without rules, with them, and with a page of each run.
 */
export async function benchRules(
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
): Promise<Pick<BenchReport, "rows" | "notes">> {
  onProgress("rules: recording the standard experiments");
  const cases = await standardCases();
  const traces: (readonly TraceEvent[])[] = [];
  for (const one of cases) {
    traces.push((await simulate(one, false)).events);
    stop.throwIfAborted();
  }
  const events = await measureEvents(traces, seconds, onProgress, stop);
  const experiments = await measureExperiments(cases, seconds, onProgress, stop);
  return {
    rows: [
      ...rowsOf({ bench: "rules", runtime: "simulated", road: "events", inFlight: 1 }, events.ways),
      ...rowsOf({ bench: "rules", runtime: "simulated", road: "experiments", inFlight: 1 }, experiments),
    ],
    notes: [
      `rules: ${BOOK.length} rules on; ${traces.reduce((sum, { length }) => sum + length, 0)} events of ${cases.length} runs, replayed with new slices each time`,
      ...events.notes,
      ...experiments.map((way) => besideFloor("rules", way, experiments)).filter((note) => note !== undefined),
      "rules: all figures are medians of rounds that took turns",
      "rules: a page is that of the run alone; one more experiment is run where it is compared with a run without its faults",
    ],
  };
}

/** The experiments that ship and that the built-in core passes. */
async function standardCases(): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const file of await expand([dirname(tourFile())])) {
    const loaded = await loadOne(file);
    if (!loaded.ok || loaded.value.core !== "reference") continue;
    const experiment = loaded.value;
    for (const profile of experiment.profiles) cases.push({ experiment, profile });
  }
  assert(cases.length > 0, "the package has its experiments with it");
  return cases;
}

async function simulate({ experiment, profile }: Case, rules: boolean): Promise<Outcome> {
  const { seed, topology } = experiment;
  const world = createSimulatedWorld({ seed, profile, topology });
  const outcome = await runExperiment(experiment, world, rules ? {} : { rules: NO_RULES });
  await world.stop();
  return outcome;
}

async function measureEvents(
  traces: readonly (readonly TraceEvent[])[],
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
): Promise<{ readonly ways: readonly Way[]; readonly notes: readonly string[] }> {
  const replay = createReplay(traces);
  const compiled = compileRules(BOOK);
  const monitor = createMonitor(compiled);
  let batch: readonly (readonly TraceEvent[])[] = [];
  let events = 0;
  let seen = 0;
  const ways: Way[] = [
    wayOf("floor: the kind of each event, and no rule", true, () => {
      for (const run of batch) for (const event of run) seen += compiled.kindOf(event).concerns.length;
      return events;
    }),
    wayOf("all rules on, in the order of arrival", false, () => {
      for (const run of batch) for (const event of run) monitor.take(event);
      return events;
    }),
    wayOf("all rules on, each run over cause and effect", false, () => {
      for (const run of batch) seen += judgeTrace(compiled, causality(run), { ended: "rest", missing: 0 }).length;
      return events;
    }),
  ];
  onProgress("rules: events");
  await takeTurns(ways, seconds, stop, () => {
    // New slices are made beside the clock: what they cost is no part of what is measured.
    batch = replay();
    events = batch.reduce((sum, run) => sum + run.length, 0);
  });
  assert(seen > 0, "events were read");
  const notes = ways.map((way) => besideFloor("rules", way, ways)).filter((note) => note !== undefined);
  const heap = `rules: live heap ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MB at the end, what the collector has not taken yet included`;
  return { ways, notes: [...notes, heap] };
}

async function measureExperiments(
  cases: readonly Case[],
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
): Promise<readonly Way[]> {
  let first = 0;
  const all = async (rules: boolean, then?: (one: Case, outcome: Outcome) => void): Promise<number> => {
    for (let i = 0; i < CASES_PER_ROUND; i++) {
      const one = cases[(first + i) % cases.length];
      if (one !== undefined) then?.(one, await simulate(one, rules));
    }
    return CASES_PER_ROUND;
  };
  const ways: Way[] = [
    wayOf("floor: rules and report off", true, () => all(false, () => undefined)),
    wayOf("rules on", false, () => all(true, () => undefined)),
    wayOf("rules and report on", false, () => all(true, reportOf)),
  ];
  onProgress("rules: experiments");
  await takeTurns(ways, seconds, stop, () => {
    first += CASES_PER_ROUND;
  });
  return ways;
}

/** The page and the journal of a run, as texts. */
function reportOf({ experiment }: Case, { journal, events, judgements }: Outcome): void {
  renderRun({
    file: experiment.file,
    journal,
    events,
    judgements,
    faultFree: { t: "none", why: "a benchmark runs each experiment once" },
    describeFault: ({ id }) => id,
    outputs: OUTPUTS,
  });
}
