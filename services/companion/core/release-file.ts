import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { LIMITS } from "../../abi/limits.ts";
import { descriptor, type Efile } from "../efile.ts";
import { pass } from "../gate.ts";
import type { Core } from "../state.ts";
import { dropWatchers } from "../watch.ts";

/**
 * in-band, in a driver's release: the last reference to the file is gone. Waits until nobody is inside.
 *
 * The order is the driver rule of facts/dovetail 4.1: first the sleepers lose what they sleep on (EIDRM), then the crossing
 * is passed, then the file is freed. From the first step on nobody enters. A call that arrives again while this waits
 * waits for the same end.
 *
 * Goes by `file` alone: a VFS whose open was lost releases a file whose `oob_data` it never learnt. When that open never
 * arrived either, the file is unknown here; it is remembered, so that an open which was merely late is refused.
 */
export async function releaseFile(core: Core, args: PointArgs["oob_release_file"], context: Context): Promise<void> {
  const efile = core.efiles.get(args.file);
  if (efile === undefined) {
    core.kit.events.fact(context, "efile_unknown", { file: args.file }, { oob_data: args.oob_data });
    giveUp(core.givenUp, args.file);
    return;
  }
  efile.releasing ??= releaseEfile(core, efile, context);
  await efile.releasing;
}

/** Ends a file's out-of-band side, whatever is behind it; waits until nobody is inside (evl_release_file). */
export async function releaseEfile(core: Core, efile: Efile, context: Context): Promise<void> {
  const { events } = core.kit;
  const { file, crossing } = efile;
  // The VFS uninstalls every descriptor before the last reference goes. Where an uninstall was lost, EVL would keep a
  // pointer to freed memory. We keep the entry, and answer EBADF for it until its descriptor is uninstalled.
  for (const entry of core.index.ofFile(file)) {
    events.fact(context, "index_stale", descriptor(entry.files, entry.fd, file));
    dropWatchers(entry, context);
  }
  efile.operations.remove(context);
  if (!core.temper.releasesAtOnce) {
    await pass(efile, (inside) => events.fact(context, "crossing_wait", { file }, { inside }));
    events.fact(context, "crossing_pass", { file });
  }
  core.efiles.delete(file);
  events.fact(context, "efile_free", { file }, { inside: crossing.inside });
}

/** Remembers a file, within bounds: a late call is late by seconds, not by thousands of files. */
export function giveUp(givenUp: Set<number>, file: number): void {
  givenUp.add(file);
  const [oldest] = givenUp;
  if (givenUp.size > LIMITS.rememberedAnswers && oldest !== undefined) givenUp.delete(oldest);
}
