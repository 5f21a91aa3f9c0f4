import type { FaultRule, FaultSelect } from "../../services/abi/contract.generated.ts";
import { hash53 } from "../../services/abi/hash.ts";
import type { World } from "../../services/lab/world.ts";
import { spawn, taskOf, value, type Task } from "../contract/tasks.ts";

/** How a program chooses: a number below `choices`, for the n-th choice of a task. */
export type Choose = (task: string, n: number, choices: number) => number;

/** Chooses by the seed alone. */
export const bySeed =
  (seed: bigint): Choose =>
  (task, n, choices) =>
    hash53(`${seed}/${task}/${n}`) % choices;

const share = (numerator: number): FaultSelect => ({
  nth: [],
  every: 0,
  interval: 0,
  times: 0,
  probability: { numerator, denominator: 100 },
});

/** Faults of every kind, seldom. */
export const FAULTS: readonly FaultRule[] = [
  { id: "late", point: "install_inband_fd", select: share(20), effect: { kind: "delay", delay_ns: 5000 } },
  { id: "lost", point: "uninstall_inband_fd", select: share(5), effect: { kind: "lose_request", delay_ns: 0 } },
  { id: "half", point: "replace_inband_fd", select: share(5), effect: { kind: "lose_reply", delay_ns: 0 } },
  { id: "oom", point: "oob_open_file", select: share(10), effect: { kind: "refuse", errno: "ENOMEM", delay_ns: 0 } },
  { id: "twice", point: "oob_release_file", select: share(10), effect: { kind: "duplicate", delay_ns: 0 } },
];

async function step(world: World, task: Task, choice: number, fd: number): Promise<void> {
  const { calls } = world;
  const text = new TextEncoder().encode("x");
  switch (choice) {
    case 0:
    case 1:
      await task.open("/dev/oobecho");
      return;
    case 2:
      await task.open("/dev/null");
      return;
    case 3:
    case 4:
      await task.close(fd);
      return;
    case 5:
      await calls.sys_dup(task.inband, { fd });
      return;
    case 6:
      await calls.sys_dup2(task.inband, { fd, newfd: (fd + 2) % 8 });
      return;
    case 7:
      await task.write(fd, "x");
      return;
    case 8:
      await calls.sys_write(task.inband, { fd, data: text });
      return;
    default:
      await calls.sys_read(task.inband, { fd, count: 4 });
  }
}

/** Four threads of one table and a program of its own, which open, duplicate, replace, close, read and write at once. */
export async function stress(world: World, steps: number, choose: Choose): Promise<void> {
  const first = await spawn(world, "t0");
  const tasks = [first, await spawn(world, "alone")];
  for (const child of ["t1", "t2", "t3"]) {
    const { files } = value(await world.calls.sys_fork(first.inband, { child, flags: 0x400 }));
    tasks.push(taskOf(world, child, files));
  }
  await Promise.all(tasks.map((task) => task.attach()));
  await Promise.all(
    tasks.map(async (task) => {
      for (let n = 0; n < steps; n++)
        await step(world, task, choose(task.name, 2 * n, 10), choose(task.name, 2 * n + 1, 8));
    }),
  );
}
