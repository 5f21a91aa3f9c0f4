import { assert } from "../../abi/assert.ts";
import { SEQS_PER_LIFE, type TraceEvent } from "../../abi/event.ts";
import { seedText } from "../../abi/seed.ts";
import { causality } from "../../rules/causality.ts";
import { appliesTo, childrenOf, type Experiment } from "../experiment.ts";
import type { Runtime, World } from "../world.ts";
import { ruleSetOf } from "./book.ts";
import { createCalls, type Calls } from "./calls.ts";
import type { Value } from "./compare.ts";
import { conduct } from "./conduct.ts";
import { judgeExpectation } from "./expectations.ts";
import { createRunFaults } from "./faults.ts";
import {
  stepText,
  type InvariantsRecord,
  type Journal,
  type Outcome,
  type StepRecord,
  type ToolRecord,
} from "./journal.ts";
import { judgeMeasures, measureEvents } from "./measures.ts";
import { coverageOf, faultRecordOf, outcomeClassOf } from "./outcome.ts";
import { watchRules, type Alarm } from "./react.ts";
import { eventId, recordRules, type RuleSet } from "./rules.ts";
import { STILL_NS } from "./rest.ts";
import { createSteady } from "./steady.ts";
import { atTurn, FIRST_TURN, sweptFault, type SweepTurn } from "./sweep.ts";
import { createTasks } from "./tasks.ts";
import { againstExpected, deviations, isWrong, judgeRun, type Evidence } from "./verdict.ts";
import { watchEvents, type Limits } from "./watch.ts";
import { createWorkload } from "./workload.ts";

/** What a caller may want besides the outcome. */
export interface RunOptions {
  /** Called when a step is over, or has begun in the background. */
  readonly onStep?: (record: StepRecord) => void;
  /** Resolves with one line when the run cannot be judged any more: it ends then, and is inconclusive for that. */
  readonly cut?: Promise<string> | undefined;
  /** The rules that judge it; left out, those of the book that the experiment wants, and its own. */
  readonly rules?: RuleSet | undefined;
  /** Called when a rule seems to be broken while the run goes on, once for each rule. */
  readonly onAlarm?: ((alarm: Alarm) => void) | undefined;
  /** What Tenon it is, and on what it runs, for the journal. */
  readonly tool?: ToolRecord | undefined;
  readonly platform?: string | undefined;
  /** What the clock on the wall shows, as ISO 8601; the lab has none. */
  readonly now?: (() => string) | undefined;
  /** Which run of its sweep it is, where it has one; left out, the first. */
  readonly sweep?: SweepTurn | undefined;
}

/** A world that cannot move any more has been still for so long. */
const FOR_EVER_NS = 1e15;

/**
 * Runs an experiment in a world: arms its faults, lets its tasks make their calls, waits until every event has arrived,
 * and compares what happened with what was expected.
 *
 * The world must have been made with the experiment's core and the nodes that it names, a profile that it applies to, and
 * no other run at the same time. It stays as the run leaves it, with the run's faults disarmed. Rejects with what breaks the world.
 */
export async function runExperiment(written: Experiment, world: World, options: RunOptions = {}): Promise<Outcome> {
  const { profile, runtime } = world;
  const turn = options.sweep ?? FIRST_TURN;
  const swept = sweptFault(written, profile);
  const experiment = atTurn(written, profile, turn);
  assert(experiment.profiles.includes(profile), `${experiment.name} applies to the profile ${profile}`);
  const startNs = world.clock.nowNs();
  const start = options.now?.();
  const watch = watchEvents(world, limitsOf(experiment, runtime, swept === undefined ? FIRST_TURN : turn));
  const faults = createRunFaults(experiment, world);
  const tasks = createTasks(world, childrenOf(experiment), experiment.nofile);
  const rules = options.rules ?? ruleSetOf(experiment.invariants);
  const { reactor } = experiment.invariants;
  const { events } = watch;
  const live = watchRules({ world, rules, reactor, events, marks: tasks.marks, onAlarm: options.onAlarm });

  let isOver = false;
  const values = new Map<string, Value>();
  const callsUntil = (over: () => boolean): Calls => createCalls({ world, tasks, values, isOver: over });
  const calls = callsUntil(() => isOver);
  const { steadyState } = experiment;
  const isChaos = (): boolean => faults.isAnyArmed();
  const steady = createSteady({ steadyState, world, events, calls, tasks, isChaos });
  const between = (): Promise<void> => steady.between();
  const onStep = options.onStep ?? (() => undefined);
  const workload = createWorkload({ experiment, world, watch, tasks, faults, calls, between, onStep });
  const did: StepRecord[] = [];
  const undid: StepRecord[] = [];
  const common = { world, events, tasks, faults, workload };
  const droppedBefore = await world.dropped();
  const conducted = await conduct({
    experiment,
    world,
    watch,
    faults,
    workload,
    steady,
    live,
    method: { ...common, calls, between, isOver: () => isOver, records: did },
    // A rollback is done also when the run is over; there is nothing left to look at between two of them.
    rollbacks: { ...common, calls: callsUntil(() => false), between: nothing, isOver: () => false, records: undid },
    stop() {
      isOver = true;
      workload.stop();
    },
    cut: options.cut,
  }).catch((error: unknown) => {
    watch.stop();
    live.stop();
    throw error;
  });
  await world.settle();
  const { status } = conducted;
  const stillNs = status === "stuck" ? FOR_EVER_NS : world.clock.nowNs() - (events.at(-1)?.timeNs ?? startNs);
  // Where virtual time goes by and nothing happens, whoever waits, waits for ever.
  const isStill = runtime === "simulated" && status !== "not-run" && stillNs >= STILL_NS;
  const quiet = conducted.quiet || isStill;
  const lamport = events.reduce((last, event) => Math.max(last, event.lamport), 0);
  world.ended({ quiet, stillNs, waiting: watch.underWay.calls() + watch.underWay.crossings(), lamport });
  await world.settle();
  const virtualTimeNs = world.clock.nowNs() - startNs;
  const counts = await faults.end();
  const dropped = Math.max((await world.dropped()) - droppedBefore, missingIn(events));
  watch.stop();
  live.stop();

  const causes = causality(events, tasks.marks);
  const judgements = rules.judge(causes, {
    ended: quiet ? "rest" : "cut",
    missing: dropped + (status === "cut" ? 1 : 0),
  });
  live.judged(judgements);
  const invariants: InvariantsRecord = {
    ...recordRules(judgements, profile),
    alarms: live.alarms.map(({ rule, event }) => ({ id: rule.id, ...(event && { at: eventId(event) }) })),
  };
  // Copies: a call that is still under way may end while the journal is read.
  const [steps, method, rollbacks] = [workload.records, did, undid].map((records) =>
    records.map((record) => ({ ...record })),
  ) as [StepRecord[], StepRecord[], StepRecord[]];
  const acted = method.filter(({ text }) => text !== STARTS);
  const waiting = [...steps, ...acted].filter((one) => one.status === "running").map(stepText);
  const faultRecords = counts.map((count) => faultRecordOf(count, causes.order));
  const measures = measureEvents(experiment.measures, causes.order);
  const expectations = [
    ...experiment.expectations
      .filter((expectation) => appliesTo(expectation.profile, profile))
      .map((expectation) => judgeExpectation(expectation, causes)),
    ...judgeMeasures(experiment.measured, measures, runtime),
  ];
  const sweep = swept && {
    fault: swept.rule.id,
    nth: turn.nth,
    over:
      conducted.status === "over-budget" || faultRecords.every(({ id, fired }) => id !== swept.rule.id || fired === 0),
    crossings: turn.crossings + watch.crossings(),
    ns: turn.ns + virtualTimeNs,
  };
  const steadyStates = steady.record();
  const evidence: Evidence = {
    steps: [...steps, ...acted],
    steadyStates,
    faults: faultRecords,
    sweep,
    expectations,
    waiting,
    stuck: status === "stuck",
    overBudget: conducted.why,
    notArmed: conducted.notArmed,
    dropped,
    judgements: invariants.judgements,
  };
  const judged = judgeRun(experiment, evidence);
  const { verdict, reasons } = againstExpected(experiment, judged, invariants.judgements);
  const seed = seedText(world.seed);
  const end = options.now?.();
  const journal: Journal = {
    id: [experiment.name, profile, runtime, seed, ...(sweep ? [`nth-${sweep.nth}`] : [])].join("."),
    experiment: experiment.name,
    title: experiment.title,
    subject: { core: experiment.core },
    profile,
    mode: runtime,
    nodes: [...world.nodes.keys()],
    seed,
    ...(options.tool && { tool: options.tool }),
    ...(options.platform !== undefined && { platform: options.platform }),
    status,
    verdict,
    outcome: judged.verdict,
    deviated: deviations(steadyStates).length > 0,
    ...(sweep && { sweep }),
    outcomeClass: outcomeClassOf({
      status,
      waiting,
      broken: invariants.judgements.some((one) => one.verdict === "certain-fail"),
      wrong: isWrong(evidence),
      faults: faultRecords,
      events: causes.order,
    }),
    // A simulated run is the same at all times.
    ...(runtime !== "simulated" && start !== undefined && { start }),
    ...(runtime !== "simulated" && end !== undefined && { end }),
    reasons,
    steps,
    // Where the file has no method, the workload is all that there is.
    method: method.filter(({ path }) => path !== "workload"),
    rollbacks,
    ...(steadyStates && { steadyStates }),
    faults: faultRecords,
    expectations,
    ...(measures.length > 0 && { measures }),
    invariants,
    coverage: coverageOf(causes.order),
    ...(conducted.state && { state: conducted.state }),
    waiting,
    events: events.length,
    dropped,
    crossings: watch.crossings(),
    durationNs: conducted.durationNs,
    clock: runtime === "simulated" ? "virtual" : "real",
    ...(runtime === "simulated" && { virtualTimeNs }),
    repro: {
      cmd: `npx tenon run ${experiment.file} --runtime ${runtime} --seed ${seed} --profile ${profile}${sweep ? ` --nth ${sweep.nth}` : ""}`,
    },
    artifacts: [],
  };
  return { verdict, journal, judgements, events: causes.order };
}

/** What starts the workload has no answer of its own: its steps have. */
const STARTS = "workload.start";

const nothing = (): Promise<void> => Promise.resolve();

const limitsOf = ({ budget }: Experiment, runtime: Runtime, spent: Required<Limits>["spent"]): Limits => ({
  spent,
  crossings: budget.steps,
  ns: runtime === "simulated" ? budget.virtualNs : budget.wallNs,
});

/** Each house counts its events without a gap, in each of its lives: what is missing between the first and the last was lost on the way. */
function missingIn(events: readonly TraceEvent[]): number {
  const houses = new Map<string, { first: number; last: number; count: number }>();
  for (const { node, service, seq } of events) {
    const life = `${node}/${service}#${Math.floor(seq / SEQS_PER_LIFE)}`;
    const house = houses.get(life) ?? { first: seq, last: seq, count: 0 };
    houses.set(life, {
      first: Math.min(house.first, seq),
      last: Math.max(house.last, seq),
      count: house.count + 1,
    });
  }
  return [...houses.values()].reduce((sum, { first, last, count }) => sum + last - first + 1 - count, 0);
}
