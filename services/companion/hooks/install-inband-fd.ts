import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { descriptor } from "../efile.ts";
import { knownEfile, type Core } from "../state.ts";

/**
 * in-band, files.file_lock held in the documented profile (D6), does not wait.
 *
 * Indexes a descriptor whose file has an out-of-band context; dup(2) arrives here too. Other files are ignored, and so is
 * a context that this core did not give or has taken back, which it must never follow. The hook has no answer: a key that
 * is taken can be told, not refused, and the first entry stays, as in EVL, which warns (seed 002; facts/dovetail 3.3).
 */
export function installInbandFd(core: Core, args: PointArgs["install_inband_fd"], context: Context): void {
  const { files, fd, file, oob_data } = args;
  const { events } = core.kit;
  if (oob_data === 0) return;
  const slice = descriptor(files, fd, file);
  if (knownEfile(core, file, oob_data) === undefined) {
    events.fact(context, "index_unknown", slice, { oob_data });
    return;
  }
  const first = core.index.find(files, fd);
  if (first !== undefined) {
    events.fact(context, "index_duplicate", slice, { first: first.file });
    return;
  }
  core.index.add(files, fd, file, oob_data);
  events.fact(context, "index_add", slice, { oob_data });
}
