import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { descriptor, type Watcher } from "../efile.ts";
import type { FdEntry } from "../model/fd-index.ts";
import type { Core } from "../state.ts";
import { dropWatchers } from "../watch.ts";

/**
 * in-band, files.file_lock held except, as implemented, at the end of a table (D7); does not wait.
 *
 * The table is the one in `files`. The current task may be another one, or have none, when an exiting task is cleaned up
 * (seed 002's warning). A descriptor that was never installed is a forked child's, and is ignored in silence.
 *
 * Only the key counts, not the file: whatever was indexed under a number that is free again must go, also an entry that a
 * lost replace has left behind.
 */
export function uninstallInbandFd(core: Core, args: PointArgs["uninstall_inband_fd"], context: Context): void {
  const entry = core.index.find(core.temper.trustsCurrent ? context.files : args.files, args.fd);
  if (entry === undefined) return;
  if (core.temper.forgetsPollers) entry.watchers.clear();
  removeEntry(core, entry, context);
}

/** Wakes those who poll a descriptor, and takes it out of the index. */
export function removeEntry(core: Core, entry: FdEntry<Watcher>, context: Context): void {
  dropWatchers(entry, context);
  core.index.remove(entry.files, entry.fd);
  core.kit.events.fact(context, "index_remove", descriptor(entry.files, entry.fd, entry.file));
}
