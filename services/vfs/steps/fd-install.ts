import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Held } from "../../boundary/locks.ts";
import { followsCode, type Current, type Kernel } from "../kernel.ts";
import type { FileTable } from "../model/file-table.ts";
import type { OpenFile } from "../model/open-file.ts";
import { fdArgs, fdSlice } from "./fd-words.ts";
import { lockFiles } from "./file-lock.ts";

/**
 * Lets a reserved descriptor refer to a file and tells the core (`fd_install`). Releases the lock.
 *
 * The slot is published first, so the core is told of what is already so. Under which lock it is told is D6: the seed
 * says that file_lock is held, so we hold it (documented); the code holds it only while a table is resized, so a close by
 * a task that shares the table can reach the core before the install does (as-implemented).
 */
export async function fdInstall(
  kernel: Kernel,
  context: Context,
  held: Held,
  table: FileTable,
  fd: number,
  file: OpenFile,
): Promise<void> {
  const { closeOnExec } = table.publish(fd, file);
  const { oob_data } = file;
  kernel.events.fact(held.context, "fd_publish", fdSlice(table, fd, file), { oob_data, close_on_exec: closeOnExec });
  await tellInstalled(kernel, context, held, table, fd, file);
}

/** Tells the core that a descriptor refers to a file, and releases the lock: before the hook, where the code is followed (D6). */
export async function tellInstalled(
  kernel: Kernel,
  context: Context,
  held: Held,
  table: FileTable,
  fd: number,
  file: OpenFile,
): Promise<void> {
  const args = fdArgs(table, fd, file);
  if (followsCode(kernel, "D6")) {
    held.release();
    await kernel.hooks.install_inband_fd(context, args);
  } else {
    await kernel.hooks.install_inband_fd(held.context, args);
    held.release();
  }
}

/** Where a new descriptor goes. */
export interface Placement {
  /** The lowest number that will do. */
  readonly from: number;
  readonly closeOnExec: boolean;
}

/**
 * Installs the lowest free descriptor for a file that is open already (`get_unused_fd`, `fd_install`). The descriptor gets
 * a reference of its own. In-band, takes files->file_lock.
 *
 * @returns EMFILE, EDEADLK.
 */
export async function installNew(
  kernel: Kernel,
  { task, table, context }: Current,
  file: OpenFile,
  { from, closeOnExec }: Placement,
): Promise<Result<{ readonly fd: number }, "EMFILE" | "EDEADLK">> {
  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  const fd = runsOut(kernel, context, "fd") ? fail("EMFILE") : table.reserve(from, task.nofile, closeOnExec);
  if (!fd.ok) {
    held.value.release();
    return fail(fd.errno);
  }
  await fdInstall(kernel, context, held.value, table, fd.value, file.get());
  return ok({ fd: fd.value });
}
