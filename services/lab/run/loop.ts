import type { CallStep, LoopStep } from "../experiment.ts";
import { argumentsOf, type Calls } from "./calls.ts";
import type { World } from "../world.ts";
import { stepText, type StepRecord } from "./journal.ts";

/** A step that goes on, again and again. */
export interface Looping {
  readonly step: LoopStep;
  readonly record: StepRecord;
  /** Resolves with what was wrong, when it is over. */
  readonly over: Promise<string | undefined>;
  isOver(): boolean;
  /** What it is in is done to its end, and then no more. */
  stop(): void;
}

const recordOf = (step: CallStep): StepRecord => ({
  path: step.path,
  line: step.line,
  task: step.task,
  text: step.text,
  status: "running",
});

/**
 * Begins to repeat. Its periods are counted from now on, as a periodic timer does: one that is missed is skipped and counted, and
 * the next one begins at its time again. It ends with the first call that does not end as expected.
 *
 * @param until whether what it waits for is over.
 */
export function beginLoop(
  step: LoopStep,
  record: StepRecord,
  { world, calls, until }: { readonly world: World; readonly calls: Calls; readonly until: () => boolean },
): Looping {
  const { clock } = world;
  let stopped = false;
  let isOver = false;
  const isStopped = (): boolean => stopped;

  /** Does all steps once; answers what was wrong. */
  async function once(): Promise<string | undefined> {
    for (const one of step.steps) {
      if (one.t === "sleep") {
        await clock.sleepNs(one.ns);
        continue;
      }
      const its = recordOf(one);
      await calls.perform(one, its);
      if (its.status !== "ok")
        return `${stepText(its)}: ${its.note ?? `expected ${its.expected ?? ""}, got ${its.actual ?? ""}`}`;
      if (isStopped()) return undefined;
    }
    return undefined;
  }

  async function repeat(): Promise<string | undefined> {
    const { times = Infinity, everyNs } = step;
    let dueNs = clock.nowNs();
    let skipped = 0;
    let made = 0;
    let wrong: string | undefined;
    while (made < times && wrong === undefined && !stopped && !until()) {
      if (everyNs > 0) {
        const late = Math.floor((clock.nowNs() - dueNs) / everyNs);
        if (late > 0) {
          skipped += late;
          dueNs += late * everyNs;
        }
        const waitNs = dueNs - clock.nowNs();
        if (waitNs > 0) await clock.sleepNs(waitNs);
        dueNs += everyNs;
      }
      if (isStopped()) break;
      const problem = await once();
      made++;
      if (problem !== undefined) wrong = `time ${made}: ${problem}`;
    }
    isOver = true;
    record.actual = `${made} times${skipped === 0 ? "" : `, ${skipped} periods missed`}`;
    return wrong;
  }

  return {
    step,
    record,
    over: repeat(),
    isOver: () => isOver,
    stop() {
      stopped = true;
    },
  };
}

/** The names that its calls refer to and that are none of its own. */
export const referencesOfLoop = ({ steps }: LoopStep): readonly string[] => {
  const own = new Set(steps.flatMap((one) => (one.t === "call" ? one.as.map(({ name }) => name) : [])));
  return steps.flatMap((one) => (one.t === "call" ? argumentsOf(one).filter((name) => !own.has(name)) : []));
};
