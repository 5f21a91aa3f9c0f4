import { fail, ok, type Result } from "../../abi/result.ts";
import { followsCode, type Current, type Kernel } from "../kernel.ts";
import { fdArgs, fdSlice } from "./fd-words.ts";
import { lockFiles } from "./file-lock.ts";
import { fput } from "./fput.ts";

/**
 * Lets one descriptor refer to the file of another one (`do_dup2`). In-band, takes files->file_lock.
 *
 * replace_inband_fd fires whether the slot was used or empty; the slot refers to the new file by then. The displaced file
 * is put after the lock is released. D8: the seed says that uninstall_inband_fd comes of dup's derivatives too, so over an
 * open descriptor it fires first, for the displaced file (documented); in the code replace is all.
 *
 * @returns EBADF, EBUSY, EDEADLK: see dup2.
 */
export async function doDup2(
  kernel: Kernel,
  { task, table, context }: Current,
  fd: number,
  newfd: number,
  closeOnExec: boolean,
): Promise<Result<{ readonly fd: number }, "EBADF" | "EBUSY" | "EDEADLK">> {
  // Unsigned, as in the kernel: a negative number is far above every limit.
  if (newfd >>> 0 >= task.nofile) return fail("EBADF");
  const locked = await lockFiles(kernel, context, table);
  if (!locked.ok) return locked;
  const held = locked.value;
  const file = table.at(fd)?.file;
  if (file === undefined) {
    held.release();
    return fail("EBADF");
  }
  const placed = table.place(newfd, file, closeOnExec);
  if (!placed.ok) {
    held.release();
    return placed;
  }
  file.get();
  const displaced = placed.value;
  kernel.events.fact(held.context, "fd_publish", fdSlice(table, newfd, file), {
    oob_data: file.oob_data,
    close_on_exec: closeOnExec,
    displaced: displaced?.file ?? 0,
  });
  if (displaced !== undefined && !followsCode(kernel, "D8")) {
    await kernel.hooks.uninstall_inband_fd(held.context, fdArgs(table, newfd, displaced));
  }
  await kernel.hooks.replace_inband_fd(held.context, fdArgs(table, newfd, file));
  held.release();
  if (displaced !== undefined) await fput(kernel, context, displaced);
  return ok({ fd: newfd });
}
