import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Core } from "../state.ts";
import type { OobSocket } from "./socket.ts";

/**
 * Out-of-band. The file operation behind every out-of-band call on a socket, from the core to itself: a crossing all the
 * same, with its trace and its faults. EIO: it was lost, and nobody knows whether it acted; else what the hook says.
 */
export async function crossIoctl(
  core: Core,
  { sk, oob_data, efile }: OobSocket,
  cmd: number,
  arg: Uint8Array,
  context: Context,
): Promise<Result<Uint8Array>> {
  const answer = await core.hooks.sock_oob_ioctl(context, { file: efile.file, sk, oob_data, cmd, arg });
  switch (answer.kind) {
    case "returned":
      return ok(answer.value.arg);
    case "refused":
      return fail(answer.errno);
    case "lost":
      return fail("EIO");
  }
}
