import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { closeEach } from "../steps/close-fd.ts";
import { dupFd } from "../steps/dup-fd.ts";
import { lockFiles } from "../steps/file-lock.ts";
import { putFiles } from "../steps/put-files.ts";

/** Every descriptor that a table can have. */
const ALL = { first: 0, last: 0xffff_ffff };

/**
 * exec(2), as far as files go. In-band, takes files->file_lock.
 *
 * A shared table is copied first, for which no hook fires: the core indexes the old table, and knows nothing of the new
 * one. Then the core is told of the memory's clean-up, which detaches the thread; then the close-on-exec descriptors are
 * closed, each with uninstall_inband_fd under the lock. That order is Linux's (facts 4.5); the seeds do not say.
 *
 * @returns EDEADLK when it comes from inside a hook under the table's lock; nothing is closed then.
 */
export async function sysExec(kernel: Kernel, current: Current): Promise<Outcome<"sys_exec">> {
  const { task } = current;
  let { table, context } = current;
  if (kernel.tasks.sharing(table).length > 1) {
    const held = await lockFiles(kernel, context, table);
    if (!held.ok) return held;
    if (task.exiting) {
      held.value.release();
      return fail("ESRCH");
    }
    const shared = table;
    table = dupFd(kernel, held.value.context, shared);
    kernel.tasks.adopt(task, table);
    context = { ...context, files: table.id };
    const slice = { task: task.name, files: table.id };
    kernel.events.fact(held.value.context, "files_unshare", slice, { from: shared.id });
    held.value.release();
    await putFiles(kernel, context, shared);
  }
  table.hold();
  await kernel.hooks.inband_event_notify(context, { event: "process_cleanup", subject: task.name });
  const closed = await closeEach(kernel, context, table, ALL, ({ closeOnExec }) => closeOnExec);
  const files = table.id;
  await putFiles(kernel, context, table);
  return closed.ok ? ok({ files }) : closed;
}
