import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";

/**
 * sys_spawn: a task with an empty file table, as a shell starts a program. Anybody may call it, also before there is a task.
 *
 * @returns EINVAL for a name that is empty or taken.
 */
export function sysSpawn(kernel: Kernel, { name }: PointArgs["sys_spawn"], context: Context): Outcome<"sys_spawn"> {
  if (name === "" || kernel.tasks.isTaken(name)) return fail("EINVAL");
  const table = kernel.tasks.newTable();
  const { pid } = kernel.tasks.add(name, table);
  kernel.events.fact(context, "task_create", { task: name, files: table.id }, { pid });
  return ok({ pid, files: table.id });
}
