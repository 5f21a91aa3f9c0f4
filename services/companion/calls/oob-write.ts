import type { Context } from "../../abi/context.ts";
import type { Errno, PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { allows } from "../efile.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band. What it does, and whether it waits, is the file's: the echo device never does, a packet socket sends a frame.
 *
 * EPERM: not attached. EBADF: not in the index, or not open for writing; else what the file's own operation says, such as
 * EAGAIN: no room (facts/dovetail 2.9, 4.3).
 */
export async function oobWrite(
  core: Core,
  { fd, data }: PointArgs["oob_write"],
  context: Context,
): Promise<Result<{ count: number }>> {
  const written = await inside<number, Errno>(core, fd, context, (efile, slice) =>
    allows(efile, "write") ? efile.operations.oob_write(efile, data, { context, slice }) : fail("EBADF"),
  );
  return written.ok ? ok({ count: written.value }) : written;
}
