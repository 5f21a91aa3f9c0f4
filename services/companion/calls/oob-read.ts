import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { allows } from "../efile.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band, waits for bytes unless the file was opened with O_NONBLOCK.
 *
 * EPERM: not attached. EBADF: not in the index, or not open for reading. EAGAIN: nothing to read, and it must not wait.
 * EIDRM: the file was released meanwhile. EINTR: the thread was detached meanwhile. EBADFD: a socket without its context.
 * ENOMEM: no memory for a clone of what it would have got (facts/dovetail 2.9, 4.3).
 */
export async function oobRead(
  core: Core,
  { fd, count }: PointArgs["oob_read"],
  context: Context,
): Promise<Result<{ data: Uint8Array }, "EPERM" | "EBADF" | "EAGAIN" | "EIDRM" | "EINTR" | "EBADFD" | "ENOMEM">> {
  const read = await inside(core, fd, context, (efile, slice) =>
    allows(efile, "read") ? efile.operations.oob_read(efile, count, { context, slice }) : fail("EBADF"),
  );
  return read.ok ? ok({ data: read.value }) : read;
}
