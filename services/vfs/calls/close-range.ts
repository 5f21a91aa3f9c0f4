import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { CLOSE_RANGE } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import type { FdRange, FileTable } from "../model/file-table.ts";
import { closeEach } from "../steps/close-fd.ts";
import { inForce } from "../steps/current.ts";
import { dupFd } from "../steps/dup-fd.ts";
import { lockFiles } from "../steps/file-lock.ts";
import { putFiles } from "../steps/put-files.ts";

const { CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE } = CLOSE_RANGE;

/**
 * close_range(2). In-band, takes files->file_lock.
 *
 * A shared table and CLOSE_RANGE_UNSHARE: the caller works on a copy, for which no hook fires, and gets it as its table
 * at the end only. So the core is told of descriptors that it never saw, of a table that is not `current->files` yet.
 * Linux does not copy what it would close at once, but it copies whole words of 64 descriptors: with fewer open, all are
 * copied and then closed, each with an uninstall_inband_fd.
 *
 * @returns EINVAL for a flag that is unknown or a range that ends before it begins, EDEADLK.
 */
export async function sysCloseRange(
  kernel: Kernel,
  { task, table, context }: Current,
  { first, last, flags }: PointArgs["sys_close_range"],
): Promise<Outcome<"sys_close_range">> {
  if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) !== 0) return fail("EINVAL");
  const range = { first: first >>> 0, last: last >>> 0 };
  if (range.first > range.last) return fail("EINVAL");
  const work = (own: FileTable): Promise<Result<void, "EDEADLK">> =>
    (flags & CLOSE_RANGE_CLOEXEC) === 0
      ? closeEach(kernel, context, own, range)
      : markEach(kernel, context, own, range);

  if ((flags & CLOSE_RANGE_UNSHARE) === 0 || kernel.tasks.sharing(table).length < 2) {
    const worked = await work(table);
    return worked.ok ? ok({ files: table.id }) : worked;
  }

  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  // All of them are needed when they are only marked.
  const copy = dupFd(kernel, held.value.context, table, (flags & CLOSE_RANGE_CLOEXEC) === 0 ? range : undefined);
  held.value.release();
  await work(copy);
  if (task.exiting) {
    // The caller gave this call up, and its exit has overtaken it: nobody wants the copy.
    await putFiles(kernel, inForce(kernel, context), copy);
    return fail("ESRCH");
  }
  kernel.tasks.adopt(task, copy);
  kernel.events.fact(context, "files_unshare", { task: task.name, files: copy.id }, { from: table.id });
  await putFiles(kernel, inForce(kernel, context), table);
  return ok({ files: copy.id });
}

/** CLOSE_RANGE_CLOEXEC: marks them, closes none; no hook fires before exec. */
async function markEach(
  kernel: Kernel,
  context: Context,
  table: FileTable,
  range: FdRange,
): Promise<Result<void, "EDEADLK">> {
  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  for (const fd of table.markRange(range)) {
    kernel.events.fact(held.value.context, "fd_cloexec", { files: table.id, fd }, { close_on_exec: true });
  }
  held.value.release();
  return ok(undefined);
}
