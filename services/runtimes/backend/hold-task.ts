import { outermost } from "../../abi/context.ts";
import type { World } from "../../lab/world.ts";
import { worked } from "../../transports/answers.ts";
import type { HoldTask } from "../../transports/grpc/hold-task.ts";

/** A lost exit is asked for so often. */
const EXITS_MAX = 5;

/** The number of a task in the VFS of a node; undefined: there is none of that name. */
async function pidOf(world: World, node: string, task: string): Promise<number | undefined> {
  const entries = await world.listTasks();
  return entries.find((entry) => entry.node === node && entry.task === task && entry.pid !== 0 && !entry.exiting)?.pid;
}

/**
 * Tasks that programs hold, whatever world is there: who lets one go has it exit, as one that is killed. One that has ended since, or
 * whose kernel was booted anew, is left alone.
 */
export function createTaskHolds(current: () => Promise<World>): HoldTask {
  const held = new WeakMap<World, Set<string>>();

  async function end(world: World, node: string, task: string, pid: number): Promise<void> {
    for (let asked = 0; asked < EXITS_MAX; asked++) {
      if ((await current()) !== world || (await pidOf(world, node, task)) !== pid) return;
      const reply = await world.nodes.get(node)?.calls.sys_exit(outermost(task), { reaper: "" });
      if (reply?.kind !== "lost") return;
    }
  }

  return async (which) => {
    const world = await current();
    const node = which.node === "" ? world.node : which.node;
    if (!world.nodes.has(node)) return { ok: false, why: "no node" };
    const key = JSON.stringify([node, which.task]);
    const here = held.get(world) ?? new Set<string>();
    held.set(world, here);
    if (here.has(key)) return { ok: false, why: "held" };
    here.add(key);
    const pid = await pidOf(world, node, which.task).catch(() => undefined);
    if (pid === undefined) {
      here.delete(key);
      return { ok: false, why: "no task" };
    }
    return worked(() => {
      end(world, node, which.task, pid)
        // The world is gone, and the task with it.
        .catch(() => undefined)
        .finally(() => here.delete(key));
    });
  };
}
