import type { Context } from "../../abi/context.ts";
import type { Result } from "../../abi/result.ts";
import type { Held } from "../../boundary/locks.ts";
import type { Kernel } from "../kernel.ts";
import type { FileTable } from "../model/file-table.ts";

/**
 * Takes `files->file_lock` of a table, waiting for it in the order of arrival.
 *
 * @returns EDEADLK for a call that comes from inside a hook which is under this very lock.
 */
export const lockFiles = (kernel: Kernel, context: Context, table: FileTable): Promise<Result<Held, "EDEADLK">> =>
  kernel.locks.acquire(context, "files.file_lock", table.id);
