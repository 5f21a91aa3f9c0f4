import type { TaskEntry } from "../abi/contract.generated.ts";
import type { SleepsOn } from "./model/threads.ts";
import type { Core } from "./state.ts";

/** SCHED_FIFO's priority of transmit threads. */
const IO_PRIORITY = 50;

/**
 * The threads of a core as people see them (`evl ps`): those of tasks, then its own: what receives and
 * transmits on a real device.
 */
export function listTasks({ threads, net }: Core): TaskEntry[] {
  const attached = threads.tasks().flatMap((task): TaskEntry[] => {
    const thread = threads.find(task);
    if (thread === undefined) return [];
    const { priority, stage, inbandSwitches, oobCalls } = thread;
    return [
      {
        ...NOBODY,
        task,
        attached: true,
        priority,
        oob: stage === "oob",
        inband_switches: inbandSwitches,
        oob_calls: oobCalls,
        sleeps: threads.sleepsOf(task).map(sleepEntry),
      },
    ];
  });
  const receivers = [...net.diversions.values()].map(({ thread }) => thread);
  // EVL starts both kinds with the same priority; what goes to a stock driver is relayed, and has no thread.
  const transmitters = [...net.transmitters.values()]
    .filter(({ thread }) => thread)
    .map(({ real }) => ({ name: `${real}.tx`, priority: IO_PRIORITY }));
  const own = [...receivers, ...transmitters].map(({ name, priority }) => ownThread(name, priority));
  return [...attached, ...own];
}

/** What the core does not know of a task, and what a thread begins with. */
const NOBODY = {
  pid: 0,
  files: 0,
  own: false,
  inband_switches: 0,
  oob_calls: 0,
  sleeps: [],
  exiting: false,
} satisfies Partial<TaskEntry>;

const sleepEntry = ({ waits, slice }: SleepsOn): TaskEntry["sleeps"][number] => ({
  waits,
  on: Object.entries(slice)
    .filter(([key]) => key !== "task" && key !== "files")
    .map(([key, value]) => `${key}=${value}`)
    .join(" "),
});

const ownThread = (task: string, priority: number): TaskEntry => ({
  ...NOBODY,
  task,
  attached: true,
  own: true,
  priority,
  oob: true,
});
