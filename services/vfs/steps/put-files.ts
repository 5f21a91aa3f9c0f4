import type { Context } from "../../abi/context.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import type { FileTable } from "../model/file-table.ts";
import type { OpenFile } from "../model/open-file.ts";
import { fdArgs } from "./fd-words.ts";
import { lockFiles } from "./file-lock.ts";
import { fput } from "./fput.ts";

/**
 * Gives the use of a table back (`put_files_struct`); the last user closes what is open in it. In-band, no lock held.
 *
 * Nobody can reach the table any more, yet the core still indexes it. The context is that of whoever happens to be the
 * last: `current->files` there is not this table.
 */
export async function putFiles(kernel: Kernel, context: Context, table: FileTable): Promise<void> {
  if (!table.drop()) return;
  // The slots are not cleared: the table goes as a whole.
  for (const [fd, { file }] of table.entries()) {
    await uninstall(kernel, context, table, fd, file);
    await fput(kernel, context, file);
  }
  kernel.events.fact(context, "files_exit", { files: table.id });
}

/** D7: the seed says that file_lock is held (documented); the code does not take it for a table that nobody can reach. */
async function uninstall(
  kernel: Kernel,
  context: Context,
  table: FileTable,
  fd: number,
  file: OpenFile,
): Promise<void> {
  const args = fdArgs(table, fd, file);
  if (followsCode(kernel, "D7")) {
    await kernel.hooks.uninstall_inband_fd(context, args);
    return;
  }
  const held = await lockFiles(kernel, context, table);
  // EDEADLK: a core called from inside a hook under this lock, and outlived all of its users. The lock is on the chain.
  await kernel.hooks.uninstall_inband_fd(held.ok ? held.value.context : context, args);
  if (held.ok) held.value.release();
}
