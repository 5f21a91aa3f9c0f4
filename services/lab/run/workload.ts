import { assert } from "../../abi/assert.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { ValueShape } from "../calls.ts";
import { referencesOf, type Expected, type Naming } from "../answers.ts";
import { appliesTo, type CallStep, type Experiment, type JoinStep, type LoopStep, type Step } from "../experiment.ts";
import type { World } from "../world.ts";
import { argumentsOf, createCalls, type Calls } from "./calls.ts";
import type { RunFaults } from "./faults.ts";
import { beginLoop, referencesOfLoop, type Looping } from "./loop.ts";
import type { StepRecord } from "./journal.ts";
import type { Made, Tasks } from "./tasks.ts";
import type { Watch } from "./watch.ts";

/** What the steps of a workload need. */
export interface WorkloadParts {
  readonly experiment: Experiment;
  readonly world: World;
  readonly watch: Watch;
  readonly tasks: Tasks;
  readonly faults: RunFaults;
  /** Left out, it has some of its own. */
  readonly calls?: Calls;
  /** Waited for between two steps. */
  readonly between?: () => Promise<void>;
  /** Called when a step is over. */
  readonly onStep: (record: StepRecord) => void;
}

/** The steps of a run. */
export interface Workload {
  readonly records: readonly StepRecord[];
  /** Runs all steps, one after the other, and waits for the background calls that nobody has joined. */
  run(): Promise<void>;
  /** Nothing more is begun; what still waits stays as it is. */
  stop(): void;
}

interface Background {
  readonly step: CallStep;
  readonly record: StepRecord;
  /** Undefined: the step was skipped. */
  readonly made: Made | undefined;
  joined: boolean;
}

const recordOf = (step: Step): StepRecord => ({
  path: step.path,
  line: step.line,
  ...(step.title !== undefined && { title: step.title }),
  ...(step.t === "call" && { task: step.task }),
  text: step.text,
  status: "running",
});

/** Prepares the steps of an experiment that its world's profile has. */
export function createWorkload(parts: WorkloadParts): Workload {
  const { experiment, world, watch, tasks, faults, onStep } = parts;
  const { profile } = world;
  const steps = experiment.steps.filter((step) => appliesTo(step.profile, profile));
  const records: StepRecord[] = [];
  const background = new Map<string, Background>();
  const loops = new Map<string, Looping>();
  let stopped = false;
  const { calls = createCalls({ world, tasks, values: new Map(), isOver: () => stopped }) } = parts;

  const over = (record: StepRecord, status: StepRecord["status"], note?: string): void => {
    // An answer that comes after the end changes nothing: the run has been judged without it.
    if (stopped) return;
    record.status = status;
    if (note !== undefined) record.note = note;
    onStep(record);
  };

  /** A step cannot be done, for want of what an earlier one should have given. */
  const notMade = (step: CallStep | JoinStep, record: StepRecord, why: string): void =>
    over(record, step.expect[profile].t === "any" ? "ok" : "skipped", why);

  /** The first name that has no value: the step that should have given it went wrong. */
  const missing = (step: CallStep | JoinStep): string | undefined => {
    const names = step.t === "call" ? argumentsOf(step) : [];
    const expected = step.t === "call" && step.background !== undefined ? undefined : step.expect[profile];
    return calls.missing([...names, ...(expected === undefined ? [] : referencesOf(expected))]);
  };

  function judge(
    record: StepRecord,
    reply: Reply,
    shape: ValueShape | undefined,
    expected: Expected,
    as: readonly Naming[],
  ): void {
    over(record, calls.judge(record, reply, shape, expected, as) ? "ok" : "mismatch");
  }

  async function call(step: CallStep, record: StepRecord): Promise<void> {
    const skip = (note: string): void => {
      if (step.background !== undefined)
        background.set(step.background, { step, record, made: undefined, joined: false });
      notMade(step, record, note);
    };
    const name = missing(step);
    if (name !== undefined) {
      skip(`$${name} has no value`);
      return;
    }
    const begun = await calls.begin(step);
    if (!begun.ok) {
      skip(begun.why);
      return;
    }
    const { made } = begun;
    if (step.background !== undefined) {
      background.set(step.background, { step, record, made, joined: false });
      onStep(record);
      return;
    }
    const reply = await made.reply;
    made.seen();
    judge(record, reply, step.shape.value, step.expect[profile], step.as);
  }

  function loop(step: LoopStep, record: StepRecord): void {
    const name = calls.missing(referencesOfLoop(step));
    if (name !== undefined) {
      over(record, "skipped", `$${name} has no value`);
      return;
    }
    const until = (): boolean => stopped || (step.until !== undefined && loops.get(step.until)?.isOver() !== false);
    const looping = beginLoop(step, record, { world, calls, until });
    loops.set(step.background, looping);
    void looping.over.then((wrong) => over(record, wrong === undefined ? "ok" : "mismatch", wrong));
    onStep(record);
  }

  async function join(step: JoinStep, record: StepRecord): Promise<void> {
    const looping = loops.get(step.background);
    if (looping !== undefined) {
      const wrong = await looping.over;
      over(record, wrong === undefined ? "ok" : "mismatch", wrong);
      return;
    }
    if (!background.has(step.background)) {
      over(record, "skipped", `${step.background} was not begun`);
      return;
    }
    const started = background.get(step.background);
    assert(started !== undefined, "a join names a background call that came before it");
    started.joined = true;
    if (started.made === undefined) {
      notMade(step, record, `${step.background} was not made`);
      return;
    }
    const reply = await started.made.reply;
    started.made.seen();
    started.record.status = "ok";
    const name = missing(step);
    if (name === undefined) judge(record, reply, started.step.shape.value, step.expect[profile], step.as);
    else notMade(step, record, `$${name} has no value`);
  }

  async function runStep(step: Step, record: StepRecord): Promise<void> {
    switch (step.t) {
      case "call":
        return call(step, record);
      case "join":
        return join(step, record);
      case "wait": {
        const event = await watch.occurrence(step.atom, step.count);
        tasks.marks.push({ t: "seen", event });
        over(record, "ok");
        return;
      }
      case "loop":
        loop(step, record);
        return;
      case "freeze": {
        const problem = await world.freeze(step.node, step.ns);
        over(record, problem === undefined ? "ok" : "mismatch", problem);
        return;
      }
      case "sleep":
        await world.clock.sleepNs(step.ns);
        over(record, "ok");
        return;
      case "arm":
      case "disarm": {
        const problem = step.t === "arm" ? await faults.arm(step.fault) : await faults.disarm(step.fault);
        over(record, problem === undefined ? "ok" : "mismatch", problem);
        return;
      }
    }
  }

  /** What nobody joined is waited for at the end, so that no run depends on how far it happened to get. */
  async function finish(): Promise<void> {
    for (const { step, over: ended } of loops.values()) if (!step.leave) await ended;
    for (const { step, record, stop } of loops.values()) {
      stop();
      if (step.leave && record.status === "running") over(record, "left");
    }
    for (const { step, record, made, joined } of background.values()) {
      if (joined || made === undefined || step.leave) continue;
      const reply = await made.reply;
      made.seen();
      judge(record, reply, step.shape.value, { t: "success" }, []);
    }
    for (const { step, record, joined } of background.values()) {
      if (step.leave && !joined && record.status === "running") over(record, "left");
    }
  }

  return {
    records,
    async run() {
      for (const step of steps) {
        if (stopped) return;
        const record = recordOf(step);
        records.push(record);
        await runStep(step, record);
        await parts.between?.();
      }
      if (!stopped) await finish();
    },
    stop() {
      stopped = true;
    },
  };
}
