import type { Context } from "../../abi/context.ts";
import type { Errno, PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { EVL_SOCKIOC } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { decodeReceived, encodeReceive } from "../model/message.ts";
import { crossIoctl } from "../sockets/cross.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band, waits for a message. Crosses sock_oob_ioctl with RECVMSG.
 *
 * EPERM: not attached. EBADF: not in the index. ENOTTY: the file is no socket. EIO: the crossing was lost. Else what the hook
 * says: EINVAL for any flag but MSG_DONTWAIT and MSG_TIMESTAMP, EAGAIN, ETIMEDOUT, EIDRM, EINTR (facts/dovetail 6.6).
 */
export async function oobRecvmsg(
  core: Core,
  { fd, count, flags, timeout_ns, controllen = 0, namelen = 0, no_name: noName = false }: PointArgs["oob_recvmsg"],
  context: Context,
): Promise<Result<PointValues["oob_recvmsg"]>> {
  const got = await inside<Uint8Array, Errno>(core, fd, context, async (efile) => {
    const socket = core.socketOfFile.get(efile.file);
    if (socket === undefined) return fail("ENOTTY");
    const arg = encodeReceive({ flags, timeoutNs: timeout_ns, count, controllen, namelen, noName });
    return crossIoctl(core, socket, EVL_SOCKIOC.EVL_SOCKIOC_RECVMSG, arg, context);
  });
  if (!got.ok) return got;
  const received = decodeReceived(got.value);
  if (received === undefined) return fail("EIO");
  const { times, ...message } = received;
  const { deviceNs, queuingNs, deliveryNs } = times;
  return ok({ ...message, device_time_ns: deviceNs, queuing_time_ns: queuingNs, delivery_time_ns: deliveryNs });
}
