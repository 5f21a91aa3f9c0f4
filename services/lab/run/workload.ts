import { assert } from "../../abi/assert.ts";
import type { Reply } from "../../boundary/invocation.ts";
import { parseBytesText } from "../../abi/bytes-text.ts";
import { parseSockaddrBytes } from "../../abi/sockaddr.ts";
import type { ArgShape, ValueShape } from "../calls.ts";
import {
  appliesTo,
  referencesOf,
  type ArgValue,
  type CallStep,
  type Expected,
  type Experiment,
  type JoinStep,
  type Naming,
  type Step,
} from "../experiment.ts";
import type { World } from "../world.ts";
import { endText, expectedText, isAsExpected, valueOf, type Look, type Value } from "./compare.ts";
import type { RunFaults } from "./faults.ts";
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

/** What is sent for the result of an earlier step; undefined for text that does not stand for what is wanted. */
function argOf({ kind }: ArgShape, known: Value | undefined): Value | Uint8Array | undefined {
  switch (kind) {
    case "bytes":
      return parseBytesText(String(known));
    case "address":
      return parseSockaddrBytes(String(known));
    case "number":
    case "duration":
    case "text":
    case "flag":
      return known;
  }
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
export function createWorkload({ experiment, world, watch, tasks, faults, onStep }: WorkloadParts): Workload {
  const { profile } = world;
  const steps = experiment.steps.filter((step) => appliesTo(step.profile, profile));
  const records: StepRecord[] = [];
  const values = new Map<string, Value>();
  const background = new Map<string, Background>();
  let stopped = false;

  const over = (record: StepRecord, status: StepRecord["status"], note?: string): void => {
    // An answer that comes after the end changes nothing: the run has been judged without it.
    if (stopped) return;
    record.status = status;
    if (note !== undefined) record.note = note;
    onStep(record);
  };

  /** The first name that has no value: the step that should have given it went wrong. */
  const missing = (step: CallStep | JoinStep): string | undefined => {
    const args: readonly ArgValue[] = step.t === "call" ? Object.values(step.args) : [];
    const names = args.flatMap((value) => (typeof value === "object" && "reference" in value ? [value.reference] : []));
    const expected = step.t === "call" && step.background !== undefined ? undefined : step.expect[profile];
    return [...names, ...(expected === undefined ? [] : referencesOf(expected))].find((name) => !values.has(name));
  };

  /** The arguments with the results of earlier steps in their places, or why one of those cannot be sent. */
  function argsOf(step: CallStep): Readonly<Record<string, unknown>> | string {
    const args: Record<string, unknown> = {};
    for (const shape of step.shape.args) {
      const written = step.args[shape.name];
      const referred = typeof written === "object" && "reference" in written;
      args[shape.name] = referred ? argOf(shape, values.get(written.reference)) : written;
      if (referred && args[shape.name] === undefined)
        return `$${written.reference} is ${JSON.stringify(values.get(written.reference))}, which cannot be sent as ${shape.name}`;
    }
    return args;
  }

  function judge(
    record: StepRecord,
    reply: Reply,
    shape: ValueShape | undefined,
    expected: Expected,
    as: readonly Naming[],
  ): void {
    const look: Look = (name) => values.get(name);
    record.expected = expectedText(expected, look);
    record.actual = endText(reply, shape, expected);
    const asExpected = isAsExpected(reply, shape, expected, look);
    for (const naming of as) {
      const value = valueOf(reply, naming.value);
      if (value !== undefined) values.set(naming.name, value);
    }
    over(record, asExpected ? "ok" : "mismatch");
  }

  async function call(step: CallStep, record: StepRecord): Promise<void> {
    const skip = (note: string): void => {
      if (step.background !== undefined)
        background.set(step.background, { step, record, made: undefined, joined: false });
      over(record, "skipped", note);
    };
    const name = missing(step);
    if (name !== undefined) {
      skip(`$${name} has no value`);
      return;
    }
    const args = argsOf(step);
    if (typeof args === "string") {
      skip(args);
      return;
    }
    const problem = await tasks.ensure(step.task);
    if (problem !== undefined) {
      skip(problem);
      return;
    }
    if (stopped) return;
    const made = tasks.call(step.task, step.shape.point, step.shape.stage, args);
    if (step.background !== undefined) {
      background.set(step.background, { step, record, made, joined: false });
      onStep(record);
      return;
    }
    const reply = await made.reply;
    made.seen();
    judge(record, reply, step.shape.value, step.expect[profile], step.as);
  }

  async function join(step: JoinStep, record: StepRecord): Promise<void> {
    const started = background.get(step.background);
    assert(started !== undefined, "a join names a background call that came before it");
    started.joined = true;
    if (started.made === undefined) {
      over(record, "skipped", `${step.background} was skipped`);
      return;
    }
    const reply = await started.made.reply;
    started.made.seen();
    started.record.status = "ok";
    const name = missing(step);
    if (name === undefined) judge(record, reply, started.step.shape.value, step.expect[profile], step.as);
    else over(record, "skipped", `$${name} has no value`);
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
      }
      if (!stopped) await finish();
    },
    stop() {
      stopped = true;
    },
  };
}
