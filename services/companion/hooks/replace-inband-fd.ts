import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { descriptor } from "../efile.ts";
import { knownEfile, type Core } from "../state.ts";
import { dropWatchers } from "../watch.ts";
import { installInbandFd } from "./install-inband-fd.ts";
import { removeEntry } from "./uninstall-inband-fd.ts";

/**
 * in-band, files.file_lock held, does not wait.
 *
 * dup2(2) and dup3(2) arrive here whether the descriptor was in use or not: without an entry this is an install. With one,
 * those who poll the old file are woken; then the entry says the new file, or goes when the new file is not out-of-band
 * capable. The displaced file is released after this hook, so an entry that stayed would soon dangle (facts/dovetail 3.3).
 */
export function replaceInbandFd(core: Core, args: PointArgs["replace_inband_fd"], context: Context): void {
  const { files, fd, file, oob_data } = args;
  if (core.temper.keepsStaleEntries && oob_data === 0) return;
  const entry = core.index.find(files, fd);
  if (entry === undefined) {
    installInbandFd(core, args, context);
    return;
  }
  if (knownEfile(core, file, oob_data) === undefined) {
    removeEntry(core, entry, context);
    // Says so when the new file bears a context that is not ours.
    installInbandFd(core, args, context);
    return;
  }
  const displaced = entry.file;
  dropWatchers(entry, context);
  core.index.repoint(files, fd, file, oob_data);
  core.kit.events.fact(context, "index_repoint", descriptor(files, fd, file), { displaced });
}
