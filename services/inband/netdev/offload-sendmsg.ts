import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import { parseSockaddr } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Kernel } from "../kernel.ts";
import { sendUdp } from "../model/stack/udp-calls.ts";
import { boundOf } from "../sockets/address.ts";
import { holdSk, putSk } from "../sockets/destruct.ts";

/**
 * A worker of the core sends through the in-band half of a socket (`kernel_sendmsg`). In-band, no lock held. The socket
 * may be closing, since its release waits for this; its number is the core's, so it may also be gone.
 *
 * Errors: EBADF, no such socket any more; EOPNOTSUPP, it is not UDP's; EINVAL, no address of its family; ENOBUFS; those of sendmsg(2).
 */
export async function inbandOffloadSendmsg(
  kernel: Kernel,
  { sk, data, addr }: PointArgs["inband_offload_sendmsg"],
  context: Context,
): Promise<Outcome<"inband_offload_sendmsg">> {
  const socket = kernel.sockets.ofSk(sk);
  if (socket === undefined || socket.references === 0) return fail("EBADF");
  const { half } = socket;
  if (half.t !== "udp") return fail("EOPNOTSUPP");
  if (kernel.stack.udp.find(sk) === undefined) return fail("EBADF");
  const to = addr.length === 0 ? undefined : parseSockaddr(addr);
  if (addr.length > 0 && to?.family !== "AF_INET") return fail("EINVAL");
  if (runsOut(kernel, context, "wmem")) return fail("ENOBUFS");
  holdSk(socket);
  const peer = to?.family === "AF_INET" ? to : undefined;
  const sent = kernel.run(context, (nowNs) => sendUdp(kernel.stack, half.udp, data, peer, nowNs));
  const bound = boundOf(kernel.stack, socket);
  await putSk(kernel, context, socket);
  return sent.ok ? ok({ count: sent.value, bound }) : sent;
}
