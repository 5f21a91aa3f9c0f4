import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { FdRange, FileTable } from "../model/file-table.ts";
import { fdSlice } from "./fd-words.ts";

/**
 * Makes a table with what is open in another one (`dup_fd`): fork, exec and close_range of a shared table. files->file_lock
 * of the old table is held.
 *
 * No hook fires: the core never hears of the descriptors that the new table is born with, and must ignore what it hears
 * of them later. The facts `fork_copy` are for people and rules.
 */
export function dupFd(kernel: Kernel, context: Context, table: FileTable, hole?: FdRange): FileTable {
  const copy = kernel.tasks.copyTable(table, hole);
  for (const [fd, { file }] of copy.entries()) {
    kernel.events.fact(context, "fork_copy", fdSlice(copy, fd, file), { from: table.id });
  }
  return copy;
}
