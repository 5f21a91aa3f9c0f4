import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_MSG } from "../../../abi/illumos.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import { runsOut } from "../../../boundary/resources.ts";
import type { Kernel } from "../../kernel.ts";
import { sendUdp } from "../../model/stack/udp-calls.ts";
import { refusedKey, type Endpoint, type UdpSocket } from "../../model/udp/socket.ts";
import { destinationOf } from "../address.ts";
import { takePending } from "../pending.ts";
import type { KernelSocket } from "../table.ts";

/** The most bytes of a datagram. */
const PAYLOAD_MAX = 65_507;

/**
 * Sends a datagram, which never waits. In this order: EPIPE; an error that is pending, and then nothing is sent; EOPNOTSUPP:
 * urgent or ancillary data; EFAULT; EMSGSIZE; EDESTADDRREQ; EISCONN; the address; ways and resources.
 */
export function sendDatagram(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  udp: UdpSocket,
  { msg = NO_BYTES, addr, addrlen, control }: PointArgs["ksock_send"],
  flags: number,
): Result<number> {
  if (socket.cantSend) return fail("EPIPE");
  const pending = takePending(socket);
  if (pending !== undefined) return fail(pending);
  if ((flags & ILLUMOS_MSG.MSG_OOB) !== 0 || control.length > 0) return fail("EOPNOTSUPP");
  if (addr === undefined && addrlen > 0) return fail("EFAULT");
  if (msg.length > PAYLOAD_MAX) return fail("EMSGSIZE");
  const to = whom(socket, udp, addr);
  if (!to.ok) return to;
  if (runsOut(kernel, context, "wmem")) return fail("ENOBUFS");
  const outcome = kernel.run(context, (nowNs) => sendUdp(kernel.stack, udp, msg, to.value, nowNs));
  udp.portLocked = udp.local.port !== 0;
  // illumos knows no EAGAIN for a socket that gets no port.
  return outcome.ok || outcome.errno !== "EAGAIN" ? outcome : fail("EADDRNOTAVAIL");
}

/** Whom a datagram is for: the peer, or who is named. */
function whom(socket: KernelSocket, udp: UdpSocket, addr: Uint8Array | undefined): Result<Endpoint | undefined> {
  if (addr === undefined) return socket.connected ? ok(undefined) : fail("EDESTADDRREQ");
  if (socket.connected && !socket.options.sendToConnected) return fail("EISCONN");
  const to = destinationOf(socket, addr);
  if (!to.ok) return to;
  // What ICMP told of this destination when it was sent to last (SO_DGRAM_ERRIND).
  if (udp.illumos?.refused.delete(refusedKey(to.value)) === true) return fail("ECONNREFUSED");
  return to;
}
