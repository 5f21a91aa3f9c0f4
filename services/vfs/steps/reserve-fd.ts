import { assert } from "../../abi/assert.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Current, Kernel } from "../kernel.ts";
import type { OpenFile } from "../model/open-file.ts";
import { fdInstall } from "./fd-install.ts";
import { lockFiles } from "./file-lock.ts";

/** A descriptor for a file that is still to be made. One of the two is called, once. */
export interface ReservedFd {
  readonly fd: number;
  /** Lets it refer to the file, whose reference it takes over, and tells the core. */
  publish(file: OpenFile): Promise<void>;
  /** Gives it back: there will be no file. */
  unreserve(errno: Errno): Promise<void>;
}

/**
 * Reserves the lowest free descriptor (`get_unused_fd_flags`): others can neither use the number nor get it. In-band, takes
 * files->file_lock, and once more when the descriptor is published or given back.
 *
 * @returns EMFILE, EDEADLK.
 */
export async function reserveFd(
  kernel: Kernel,
  { task, table, context }: Current,
  closeOnExec: boolean,
): Promise<Result<ReservedFd, "EMFILE" | "EDEADLK">> {
  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  const reserved = runsOut(kernel, context, "fd") ? fail("EMFILE") : table.reserve(0, task.nofile, closeOnExec);
  if (reserved.ok) kernel.events.fact(held.value.context, "fd_reserve", { files: table.id, fd: reserved.value });
  held.value.release();
  if (!reserved.ok) return reserved;
  const fd = reserved.value;

  const lockAgain = async () => {
    const again = await lockFiles(kernel, context, table);
    assert(again.ok, "a lock that could be taken for the reservation can be taken again");
    return again.value;
  };
  return ok({
    fd,
    publish: async (file) => fdInstall(kernel, context, await lockAgain(), table, fd, file),
    async unreserve(errno) {
      const again = await lockAgain();
      table.unreserve(fd);
      kernel.events.fact(again.context, "fd_unreserve", { files: table.id, fd }, { errno });
      again.release();
    },
  });
}
