import type { Context } from "../../abi/context.ts";
import { ok, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import type { FdRange, FileTable, Open } from "../model/file-table.ts";
import { fdArgs, fdSlice } from "./fd-words.ts";
import { lockFiles } from "./file-lock.ts";
import { fput } from "./fput.ts";

/**
 * Closes the first open descriptor of a range of which `which` holds (`file_close_fd`, `filp_close`). In-band; takes
 * files->file_lock.
 *
 * The slot is cleared and its number free when the core is told, under the lock; the file is put after the lock is
 * released, since its release may wait.
 *
 * @returns the descriptor; undefined when there was none; EDEADLK.
 */
export async function closeFirst(
  kernel: Kernel,
  context: Context,
  table: FileTable,
  range: FdRange,
  which?: (slot: Open) => boolean,
): Promise<Result<number | undefined, "EDEADLK">> {
  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  const fd = table.nextOpen(range, which);
  if (fd === undefined) {
    held.value.release();
    return ok(undefined);
  }
  const file = table.clear(fd);
  // What is left once this descriptor's reference is put: tells a reader whether a release follows.
  const references = file.references - 1;
  kernel.events.fact(held.value.context, "fd_clear", fdSlice(table, fd, file), { references });
  await kernel.hooks.uninstall_inband_fd(held.value.context, fdArgs(table, fd, file));
  held.value.release();
  await fput(kernel, context, file);
  return ok(fd);
}

/**
 * Closes the open descriptors of a range of which `which` holds, lowest first: one walk under the lock, which is dropped
 * around each filp_close and taken again. What others open meanwhile, above the descriptor just closed, is closed too.
 *
 * @returns EDEADLK, before anything is closed.
 */
export async function closeEach(
  kernel: Kernel,
  context: Context,
  table: FileTable,
  { first, last }: FdRange,
  which?: (slot: Open) => boolean,
): Promise<Result<void, "EDEADLK">> {
  for (let next = first; next <= last;) {
    const closed = await closeFirst(kernel, context, table, { first: next, last }, which);
    if (!closed.ok) return closed;
    if (closed.value === undefined) break;
    next = closed.value + 1;
  }
  return ok(undefined);
}
