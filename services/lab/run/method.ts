import type { Activity } from "../experiment.ts";
import type { World } from "../world.ts";
import type { Calls } from "./calls.ts";
import type { RunFaults } from "./faults.ts";
import type { StepRecord } from "./journal.ts";
import { look, type LookParts } from "./look.ts";
import type { Workload } from "./workload.ts";

/** What activities need. */
export interface MethodParts extends LookParts {
  readonly world: World;
  readonly calls: Calls;
  readonly faults: RunFaults;
  readonly workload: Workload;
  /** Waited for between two of them. */
  readonly between: () => Promise<void>;
  /** Whether nothing more is to be begun. */
  readonly isOver: () => boolean;
  /** Gets a record of each as it begins. */
  readonly records: StepRecord[];
}

/** Does what a method says, in order; ends when all of it has ended, also what went on in the background. */
export async function runActivities(activities: readonly Activity[], parts: MethodParts): Promise<void> {
  const { world, records, isOver } = parts;
  const open: Promise<void>[] = [];
  for (const activity of activities) {
    if (isOver()) break;
    if (activity.beforeNs > 0) await world.clock.sleepNs(activity.beforeNs);
    const record = recordOf(activity);
    records.push(record);
    const doing = perform(activity, record, parts);
    if (activity.background) open.push(doing);
    else await doing;
    if (activity.afterNs > 0) await world.clock.sleepNs(activity.afterNs);
    // The workload has looked between its own steps.
    if (activity.t !== "workload") await parts.between();
  }
  await Promise.all(open);
}

const recordOf = ({ path, line, title, text }: Activity): StepRecord => ({
  path,
  line,
  ...(title !== undefined && { title }),
  text,
  status: "running",
});

async function perform(activity: Activity, record: StepRecord, parts: MethodParts): Promise<void> {
  const { world, calls, faults, workload } = parts;
  const end = (problem: string | undefined): void => {
    record.status = problem === undefined ? "ok" : "mismatch";
    if (problem !== undefined) record.note = problem;
  };
  switch (activity.t) {
    case "workload":
      await workload.run();
      end(undefined);
      return;
    case "call":
      return calls.perform(activity.step, record);
    case "arm":
      end(await faults.arm(activity.fault));
      return;
    case "disarm":
      end(await faults.disarm(activity.fault));
      return;
    case "strike":
      end(await world.strike(activity.effect));
      return;
    case "freeze":
      end(await world.freeze(activity.node, activity.ns));
      return;
    case "sleep":
      await world.clock.sleepNs(activity.ns);
      end(undefined);
      return;
    case "probe": {
      const { met, expected, found, looks } = await look(activity.probe, parts);
      record.expected = expected;
      record.actual = String(found);
      end(met ? undefined : `${looks}: expected ${expected}, found ${String(found)}`);
    }
  }
}
