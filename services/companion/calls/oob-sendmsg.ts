import type { Context } from "../../abi/context.ts";
import type { Errno, PointArgs } from "../../abi/contract.generated.ts";
import { EVL_SOCKIOC } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { decodeCount, encodeSend } from "../model/message.ts";
import { crossIoctl } from "../sockets/cross.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band, may wait for room. Crosses sock_oob_ioctl with SENDMSG.
 *
 * EPERM: not attached. EBADF: not in the index. ENOTTY: the file is no socket. EIO: the crossing was lost. Else what the hook
 * says: EINPROGRESS when the way was not known, and the datagram goes by an in-band worker (facts/dovetail 6.4, 6.5).
 */
export async function oobSendmsg(
  core: Core,
  { fd, data, flags, addr, timeout_ns }: PointArgs["oob_sendmsg"],
  context: Context,
): Promise<Result<{ count: number }>> {
  const sent = await inside<Uint8Array, Errno>(core, fd, context, async (efile) => {
    const socket = core.socketOfFile.get(efile.file);
    if (socket === undefined) return fail("ENOTTY");
    const arg = encodeSend({ flags, timeoutNs: timeout_ns, addr, data });
    return crossIoctl(core, socket, EVL_SOCKIOC.EVL_SOCKIOC_SENDMSG, arg, context);
  });
  if (!sent.ok) return sent;
  const count = decodeCount(sent.value);
  return count === undefined ? fail("EIO") : ok({ count });
}
