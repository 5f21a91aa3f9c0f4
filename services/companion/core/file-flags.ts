import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { openFlagsText } from "../../abi/flags.ts";
import { knownEfile, type Core } from "../state.ts";

/**
 * in-band, inside fcntl(2); does not wait. From now on out-of-band calls go by these flags, whether the file is a device's or a
 * socket's; who waits already goes on waiting, as on Linux. A file that is released, or never was, is told, and survived.
 */
export function fileFlags(core: Core, { file, oob_data, flags }: PointArgs["oob_file_flags"], context: Context): void {
  const efile = knownEfile(core, file, oob_data);
  if (efile === undefined) {
    core.kit.events.fact(context, "efile_unknown", { file }, { oob_data });
    return;
  }
  efile.flags = flags;
  core.kit.events.fact(context, "efile_flags", { file }, { flags: openFlagsText(flags) });
}
