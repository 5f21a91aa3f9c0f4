import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { echoWrite } from "../drivers/oobecho.ts";
import { allows } from "../efile.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band, does not wait: the device echoes into memory, and a writer that finds it full is told so.
 *
 * EPERM: not attached. EBADF: not in the index, or not open for writing. EAGAIN: no room (facts/dovetail 4.3).
 */
export async function oobWrite(
  core: Core,
  { fd, data }: PointArgs["oob_write"],
  context: Context,
): Promise<Result<{ count: number }, "EPERM" | "EBADF" | "EAGAIN">> {
  const written = await inside(core, fd, context, (efile) =>
    allows(efile, "write") ? echoWrite(efile, data, context) : fail("EBADF"),
  );
  return written.ok ? ok({ count: written.value }) : written;
}
