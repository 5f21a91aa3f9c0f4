import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import { fail, type Result } from "../../abi/result.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverAt } from "../model/devices.ts";
import type { OpenFile } from "../model/open-file.ts";
import type { FileOperations } from "../drivers/driver.ts";

/** What stands behind an open file: a socket, or the driver of its device. */
export function driverOf(kernel: Kernel, file: OpenFile): FileOperations {
  if (file.sock !== 0) return kernel.sockets;
  const driver = driverAt(file.dev);
  assert(driver.ok, `${file.dev} has a driver as long as one of its files is open`);
  return kernel.drivers[driver.value];
}

/** A file is there from now on, until its last reference is given back. */
export function openFile(kernel: Kernel, file: OpenFile): OpenFile {
  kernel.openFiles.add(file);
  return file;
}

/**
 * Gives a reference back (`filp_close`, `fput`); the last one releases the file. In-band, no lock held; waits for the
 * out-of-band operations inside the file.
 *
 * Linux puts the release off to the moment before the task returns to user space; waiting for it here looks the same
 * to the task.
 */
export async function fput(kernel: Kernel, context: Context, file: OpenFile): Promise<void> {
  if (!file.put()) return;
  kernel.openFiles.delete(file);
  await driverOf(kernel, file).release(context, file);
  kernel.events.fact(context, "file_release", { file: file.file }, { dev: file.dev, oob_data: file.oob_data });
}

/**
 * Uses the file of a descriptor, with a reference of its own as long as that takes (`fget`). No lock is needed for that.
 * When the descriptor is closed meanwhile, this reference may be the last one: the file is released at the end.
 *
 * @returns EBADF for a descriptor that is not open, or what `use` says.
 */
export async function withFile<T>(
  kernel: Kernel,
  { table, context }: Current,
  fd: number,
  use: (file: OpenFile) => Promise<Result<T>>,
): Promise<Result<T>> {
  const file = table.at(fd)?.file.get();
  if (file === undefined) return fail("EBADF");
  const result = await use(file);
  await fput(kernel, context, file);
  return result;
}
