import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { inForce } from "../steps/current.ts";
import { putFiles } from "../steps/put-files.ts";

/**
 * exit(2), of all threads (`exit_group`). In-band. Other calls of the task that sleep on a socket are interrupted. The core hears of
 * the exit, then of the memory's clean-up; then the task leaves its table, which the last user closes: uninstall_inband_fd for each
 * open descriptor, and its file is put. A call that is still under way is a user, too (`asCurrent`).
 *
 * Seed 002: that clean-up may run in another process' context. With a reaper it does: current is the reaper then, and
 * `files` is the reaper's own table. Without one current is the task, whose `current->files` is NULL by now.
 *
 * @returns ESRCH: the task, or the reaper, is not there or is exiting.
 */
export async function sysExit(
  kernel: Kernel,
  { reaper }: PointArgs["sys_exit"],
  context: Context,
): Promise<Outcome<"sys_exit">> {
  const task = kernel.tasks.find(context.task);
  const table = task?.files;
  if (task === undefined || table === undefined) return fail("ESRCH");
  if (reaper !== "" && kernel.tasks.find(reaper) === undefined) return fail("ESRCH");

  kernel.tasks.beginExit(task);
  const current = inForce(kernel, context);
  // Calls that sleep on a socket would hold its file, and its port, for as long as they like.
  if (task.calls > 0) await kernel.hooks.sock_interrupt(current, {});
  await kernel.hooks.inband_event_notify(current, { event: "task_exit", subject: task.name });
  await kernel.hooks.inband_event_notify(current, { event: "process_cleanup", subject: task.name });
  kernel.tasks.leaveFiles(task);
  await putFiles(kernel, inForce(kernel, { ...context, task: reaper === "" ? task.name : reaper }), table);
  kernel.tasks.remove(task);
  return ok({});
}
