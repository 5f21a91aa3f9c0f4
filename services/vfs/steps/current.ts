import type { Context } from "../../abi/context.ts";
import { fail } from "../../abi/result.ts";
import type { PointArgs, PointName } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { putFiles } from "./put-files.ts";

/** A context for hooks that the task calls: `files` is its table as the VFS knows it, whatever the caller believed. */
export const inForce = (kernel: Kernel, context: Context): Context => ({
  ...context,
  files: kernel.tasks.filesOf(context.task),
});

/** A system call, told who makes it. */
type SystemCall<P extends PointName> = (
  kernel: Kernel,
  current: Current,
  args: PointArgs[P],
) => Outcome<P> | Promise<Outcome<P>>;

/**
 * Runs a system call as the current task.
 *
 * The call holds the task's table as long as it lasts. A task makes one call at a time in Linux; here its caller may have
 * given up on one (it was lost to him) and gone on to exit while we still work on it. Then the call is the last user,
 * and closes the table at its end.
 *
 * @returns ESRCH for a task that is not there or is exiting, or what the call says.
 */
export const asCurrent =
  <P extends PointName>(kernel: Kernel, call: SystemCall<P>) =>
  async (args: PointArgs[P], context: Context): Promise<Outcome<P>> => {
    const task = kernel.tasks.find(context.task);
    const table = task?.files;
    if (task === undefined || table === undefined) return fail("ESRCH");
    table.hold();
    kernel.tasks.enterCall(task);
    const outcome = await call(kernel, { task, table, context: inForce(kernel, context) }, args);
    kernel.tasks.leaveCall(task);
    await putFiles(kernel, inForce(kernel, context), table);
    return outcome;
  };
