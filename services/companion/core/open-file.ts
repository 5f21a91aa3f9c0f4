import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import { echoOperations, OOBECHO } from "../drivers/oobecho.ts";
import { createStaxed, STAXED_DEVICE, staxedOperations } from "../drivers/staxed.ts";
import { createEfile, type FileOperations } from "../efile.ts";
import { freshOobData, type Core } from "../state.ts";

/**
 * in-band, in a driver's open, may wait and does not.
 *
 * Gives the file an out-of-band context, a number that is never used again; 0 for a device that has no out-of-band half
 * here. A file that has one already keeps it, and is told it again: a call may be made twice, and a VFS that hears of this
 * core only now asks for all files, those among them that it opened meanwhile. EBUSY: the file is being released, or was
 * released before this call arrived, because its open had been given up as lost (evl_open_file, facts/dovetail 4.1). ENOMEM: there is no memory for a context.
 */
export function openFile(
  core: Core,
  { file, dev, flags }: PointArgs["oob_open_file"],
  context: Context,
): Result<{ oob_data: number }, "EBUSY" | "ENOMEM"> {
  const operations = operationsOf(core, dev);
  if (operations === undefined) return ok({ oob_data: 0 });
  const known = core.efiles.get(file);
  if (known !== undefined) return known.releasing === undefined ? ok({ oob_data: known.oob_data }) : fail("EBUSY");
  if (core.givenUp.delete(file)) return fail("EBUSY");
  if (runsOut(core.kit, context, "memory")) return fail("ENOMEM");
  const oob_data = freshOobData(core);
  core.efiles.set(file, createEfile({ file, oob_data, dev, flags, operations: operations() }));
  core.kit.events.fact(context, "efile_open", { file, dev }, { oob_data });
  return ok({ oob_data });
}

/** What makes the operations of a file of a device; undefined where it has no out-of-band half here. */
function operationsOf(core: Core, dev: string): (() => FileOperations) | undefined {
  if (dev === OOBECHO) return () => echoOperations(core);
  if (dev === STAXED_DEVICE) return () => staxedOperations(core, (core.staxed ??= createStaxed(core)));
  return undefined;
}
