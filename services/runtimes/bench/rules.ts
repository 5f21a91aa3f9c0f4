import { dirname } from "node:path";
import { assert } from "../../abi/assert.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { BenchReport, BenchRow } from "../../cli/bench-report.ts";
import type { Experiment } from "../../lab/experiment.ts";
import type { Outcome } from "../../lab/run/journal.ts";
import { createRuleSet } from "../../lab/run/rules.ts";
import { runExperiment } from "../../lab/run/run.ts";
import { renderRun } from "../../report/render.ts";
import { BOOK } from "../../rules/book/book.ts";
import { compileRules } from "../../rules/monitor/compile.ts";
import { createMonitor } from "../../rules/monitor/monitor.ts";
import { expand, tourFile } from "../backend/files.ts";
import { loadOne } from "../backend/load.ts";
import { createSimulatedWorld } from "../simulated/world.ts";
import { createReplay } from "./rules-traces.ts";

/** An experiment in one of its profiles. */
interface Case {
  readonly experiment: Experiment;
  readonly profile: Profile;
}

/** One way to spend time, and what it did. */
interface Way {
  readonly what: string;
  readonly floor: boolean;
  /** Does a round of work and answers how much of it there was. */
  readonly round: () => number | Promise<number>;
  done: number;
  seconds: number;
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
    rows: [...rowsOf("events", events.ways), ...rowsOf("experiments", experiments)],
    notes: [
      `rules: ${BOOK.length} rules on; ${traces.reduce((sum, { length }) => sum + length, 0)} events of ${cases.length} runs, replayed with new slices each time`,
      ...events.notes,
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
  let batch = replay();
  let seen = 0;
  const ways: Way[] = [
    wayOf("floor: the kind of each event, and no rule", true, () => {
      for (const event of batch) seen += compiled.kindOf(event).concerns.length;
      return batch.length;
    }),
    wayOf("all rules on, in the order of arrival", false, () => {
      for (const event of batch) monitor.take(event);
      return batch.length;
    }),
  ];
  let loopSeconds = 0;
  let loops = 0;
  onProgress("rules: events");
  await takeTurns(ways, seconds, stop, () => {
    // New slices are made beside the clock: what they cost is no part of what is measured.
    batch = replay();
    const startMs = performance.now();
    for (const event of batch) seen += event.seq;
    loopSeconds += (performance.now() - startMs) / 1000;
    loops += batch.length;
  });
  assert(seen > 0, "events were read");
  const concerned = ways[0]?.done ?? 1;
  const broken = monitor.judgements().filter(({ violated }) => violated > 0).length;
  return {
    ways,
    notes: [
      `rules: the empty loop over the events alone makes ${Math.round(loops / loopSeconds).toLocaleString("en-US")} a second; ${concerned.toLocaleString("en-US")} events each way, ${broken} rules broken on the way`,
      `rules: live heap ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MB at the end, what the collector has not taken yet included`,
    ],
  };
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

const wayOf = (what: string, floor: boolean, round: Way["round"]): Way => ({ what, floor, round, done: 0, seconds: 0 });

/** Rounds of all ways by turns until each has had its time; the first of each only warms it up. */
async function takeTurns(ways: readonly Way[], seconds: number, stop: AbortSignal, before: () => void): Promise<void> {
  for (let turn = 0; turn === 0 || ways.some((way) => way.seconds < seconds); turn++) {
    before();
    for (const way of turn % 2 === 0 ? ways : ways.toReversed()) {
      const startMs = performance.now();
      const done = await way.round();
      if (turn === 0) continue;
      way.seconds += (performance.now() - startMs) / 1000;
      way.done += done;
    }
    stop.throwIfAborted();
  }
}

const rowsOf = (road: string, ways: readonly Way[]): BenchRow[] =>
  ways.map(({ what, floor, done, seconds }) => ({
    bench: "rules",
    runtime: "simulated",
    road,
    what,
    floor,
    inFlight: 1,
    perSecond: Math.round(done / seconds),
  }));
