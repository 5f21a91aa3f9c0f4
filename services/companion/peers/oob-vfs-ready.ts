import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { detachThread } from "../calls/oob-detach-thread.ts";
import { releaseFile } from "../core/release-file.ts";
import { removeEntry } from "../hooks/uninstall-inband-fd.ts";
import type { Core } from "../state.ts";

/**
 * in-band, no lock; waits until nobody is inside the files that are gone.
 *
 * The order is that of a kernel in which every task exits: the threads are detached, which wakes them (EINTR); descriptors
 * go; then the files are released. Those of sockets are left to the in-band stack, which is told after this. A task is known
 * by its name alone: one of the same name that the new VFS has already attached loses its thread, and attaches again.
 */
export async function oobVfsReady(core: Core, args: PointArgs["oob_vfs_ready"], context: Context): Promise<void> {
  for (const sleep of core.inbandSleepers.all()) sleep.interrupt(context);
  for (const task of core.threads.tasks()) detachThread(core, task, "oob_vfs_ready", context);
  for (const entry of core.index.entries()) if (entry.files < args.files) removeEntry(core, entry, context);
  const orphans = [...core.efiles.values()].filter(({ file }) => file < args.file && !core.socketOfFile.has(file));
  await Promise.all(orphans.map(({ file, oob_data }) => releaseFile(core, { file, oob_data }, context)));
}
