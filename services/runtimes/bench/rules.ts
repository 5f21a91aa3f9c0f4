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
import { causality } from "../../rules/causality.ts";
import { judgeTrace } from "../../rules/check.ts";
import { BOOK } from "../../rules/book/book.ts";
import { compileRules } from "../../rules/monitor/compile.ts";
import { createMonitor } from "../../rules/monitor/monitor.ts";
import { expand, tourFile } from "../backend/files.ts";
import { loadOne } from "../backend/load.ts";
import { createSimulatedWorld } from "../simulated/world.ts";
import { ownCpuNs } from "./cpu-time.ts";
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
  /** What each round came to. */
  readonly rounds: Round[];
}

/** How much was done in how much time, and what it cost of the CPU. */
interface Round {
  readonly done: number;
  readonly seconds: number;
  readonly cpuNs: number;
}

const NO_RULES = createRuleSet([]);
const OUTPUTS: ReadonlySet<string> = new Set(["html", "journal"]);
/** How many of them a round makes, so that all ways take turns at short intervals. */
const CASES_PER_ROUND = 12;
/** A median of fewer rounds says little. */
const ROUNDS_MIN = 5;

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
      ...experiments.map((way) => besideFloor(way, experiments)).filter((note) => note !== undefined),
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
  const notes = ways.map((way) => besideFloor(way, ways)).filter((note) => note !== undefined);
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

const wayOf = (what: string, floor: boolean, round: Way["round"]): Way => ({ what, floor, round, rounds: [] });

/**
 * Rounds of all ways by turns, until all of them together have had their time; the first of each only warms it up. Each way
 * has as many rounds as the others, however quick it is.
 */
async function takeTurns(ways: readonly Way[], seconds: number, stop: AbortSignal, before: () => void): Promise<void> {
  let left = seconds * ways.length;
  for (let turn = 0; turn <= ROUNDS_MIN || left > 0; turn++) {
    before();
    for (const way of turn % 2 === 0 ? ways : ways.toReversed()) {
      const [startMs, cpuNs] = [performance.now(), ownCpuNs()];
      const done = await way.round();
      const taken = (performance.now() - startMs) / 1000;
      if (turn > 0) way.rounds.push({ done, seconds: taken, cpuNs: ownCpuNs() - cpuNs });
      left -= taken;
      stop.throwIfAborted();
    }
  }
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** How often a way takes the time of the floor, round by round; undefined for the floor itself. */
function besideFloor({ what, rounds }: Way, ways: readonly Way[]): string | undefined {
  const floor = ways.find((way) => way.floor);
  if (floor === undefined || floor.what === what) return undefined;
  const of = ({ seconds, done }: Round): number => seconds / done;
  const perCpuSecond = Math.round(median(rounds.map((round) => (round.done / round.cpuNs) * 1e9))).toLocaleString(
    "en-US",
  );
  const ratios = rounds.map((round, i) => of(round) / of(floor.rounds[i] ?? round));
  return `rules: ${what}: ${median(ratios).toFixed(2)} times the time of its floor, ${perCpuSecond} a second of CPU time, ${rounds.length} rounds`;
}

const rowsOf = (road: string, ways: readonly Way[]): BenchRow[] =>
  ways.map(({ what, floor, rounds }) => ({
    bench: "rules",
    runtime: "simulated",
    road,
    what,
    floor,
    inFlight: 1,
    perSecond: Math.round(median(rounds.map(({ done, seconds }) => done / seconds))),
    cpu: { callerNs: Math.round(median(rounds.map(({ done, cpuNs }) => cpuNs / done))) },
  }));
