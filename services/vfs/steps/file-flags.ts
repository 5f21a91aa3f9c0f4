import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenFile } from "../model/open-file.ts";

/**
 * Tells the core the flags of a file that it has a context of, since it reads them in every out-of-band call and here they are
 * not in memory that both share. In-band, no lock held.
 */
export async function tellFlags(
  { hooks }: Kernel,
  context: Context,
  { file, oob_data, flags }: OpenFile,
): Promise<void> {
  if (oob_data !== 0) await hooks.oob_file_flags(context, { file, oob_data, flags });
}
