import { assert } from "../../abi/assert.ts";
import { SEQS_PER_LIFE, type TraceEvent } from "../../abi/event.ts";
import { causality } from "../../rules/causality.ts";
import { appliesTo, childrenOf, type Experiment } from "../experiment.ts";
import { seedText } from "../../abi/seed.ts";
import { Stuck, type World } from "../world.ts";
import { judgeExpectation } from "./expectations.ts";
import { createRunFaults } from "./faults.ts";
import { ruleSetOf } from "./book.ts";
import { stepText, type InvariantsRecord, type Journal, type Outcome, type StepRecord } from "./journal.ts";
import { watchRules, type Alarm } from "./react.ts";
import { eventId, recordRules, type RuleSet } from "./rules.ts";
import { STILL_NS, waitForRest } from "./rest.ts";
import { createTasks } from "./tasks.ts";
import { againstExpected, judgeRun } from "./verdict.ts";
import { watchEvents } from "./watch.ts";
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
export async function runExperiment(experiment: Experiment, world: World, options: RunOptions = {}): Promise<Outcome> {
  const { profile, runtime } = world;
  assert(experiment.profiles.includes(profile), `${experiment.name} applies to the profile ${profile}`);
  const { budget } = experiment;
  const startNs = world.clock.nowNs();
  const watch = watchEvents(world, {
    crossings: budget.steps,
    ns: runtime === "simulated" ? budget.virtualNs : budget.wallNs,
  });
  const faults = createRunFaults(experiment, world);
  const tasks = createTasks(world, childrenOf(experiment), experiment.nofile);
  const workload = createWorkload({
    experiment,
    world,
    watch,
    tasks,
    faults,
    onStep: options.onStep ?? (() => undefined),
  });

  const rules = options.rules ?? ruleSetOf(experiment.invariants);
  const { reactor } = experiment.invariants;
  const live = watchRules({
    world,
    rules,
    reactor,
    events: watch.events,
    marks: tasks.marks,
    onAlarm: options.onAlarm,
  });

  const droppedBefore = await world.dropped();
  const notArmed = await faults.armAll();
  let overBudget: string | undefined;
  let stuck = false;
  let quiet = false;
  let durationNs: number | undefined;
  async function program(): Promise<undefined> {
    await workload.run();
    durationNs = world.clock.nowNs() - startNs;
    quiet = await waitForRest(world, watch.underWay, () => watch.events.length);
    return undefined;
  }
  try {
    if (notArmed === undefined)
      overBudget = await world.drive(() =>
        Promise.race([program(), watch.overBudget, live.broken, ...(options.cut ? [options.cut] : [])]),
      );
  } catch (error) {
    if (!(error instanceof Stuck)) {
      watch.stop();
      throw error;
    }
    stuck = true;
  }
  workload.stop();
  durationNs ??= world.clock.nowNs() - startNs;
  await world.settle();
  const stillNs = stuck ? FOR_EVER_NS : world.clock.nowNs() - (watch.events.at(-1)?.timeNs ?? startNs);
  // Where virtual time goes by and nothing happens, whoever waits, waits for ever.
  quiet ||= runtime === "simulated" && notArmed === undefined && stillNs >= STILL_NS;
  world.ended({
    quiet,
    stillNs,
    waiting: watch.underWay.calls() + watch.underWay.crossings(),
    lamport: watch.events.reduce((last, { lamport }) => Math.max(last, lamport), 0),
  });
  await world.settle();
  const faultRecords = await faults.end();
  const dropped = Math.max((await world.dropped()) - droppedBefore, missingIn(watch.events));
  watch.stop();
  live.stop();

  const causes = causality(watch.events, tasks.marks);
  const judgements = rules.judge(causes, { ended: quiet ? "rest" : "cut", missing: dropped });
  const invariants: InvariantsRecord = {
    ...recordRules(judgements, profile),
    alarms: live.alarms.map(({ rule, event }) => ({ id: rule.id, ...(event && { at: eventId(event) }) })),
  };
  // Copies: a call that is still under way may end while the journal is read.
  const steps = workload.records.map((record) => ({ ...record }));
  const waiting = steps.filter(({ status }) => status === "running").map(stepText);
  const expectations = experiment.expectations
    .filter((expectation) => appliesTo(expectation.profile, profile))
    .map((expectation) => judgeExpectation(expectation, causes));
  const judged = judgeRun(experiment, {
    steps,
    faults: faultRecords,
    expectations,
    waiting,
    stuck,
    overBudget,
    notArmed,
    dropped,
    judgements: invariants.judgements,
  });
  const { verdict, reasons } = againstExpected(experiment, judged, invariants.judgements);
  const seed = seedText(world.seed);
  const journal: Journal = {
    id: [experiment.name, profile, runtime, seed].join("."),
    experiment: experiment.name,
    title: experiment.title,
    subject: { core: experiment.core },
    profile,
    mode: runtime,
    nodes: [...world.nodes.keys()],
    seed,
    verdict,
    outcome: judged.verdict,
    reasons,
    steps,
    faults: faultRecords,
    expectations,
    invariants,
    waiting,
    events: watch.events.length,
    dropped,
    durationNs,
    clock: runtime === "simulated" ? "virtual" : "real",
    repro: `npx tenon run ${experiment.file} --runtime ${runtime} --seed ${seed} --profile ${profile}`,
  };
  return { verdict, journal, judgements, events: causes.order };
}

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
