import type { Context } from "../../../abi/context.ts";
import { ILLUMOS_AF } from "../../../abi/illumos.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { connectUdp } from "../../model/stack/udp-calls.ts";
import type { UdpSocket } from "../../model/udp/socket.ts";
import { destinationOf, familyOf } from "../address.ts";
import { announce } from "../announce.ts";
import { settled } from "../events.ts";
import type { KernelSocket } from "../table.ts";
import { tellState } from "../tell-state.ts";

/**
 * Connects a datagram socket, at once, also to another peer; NULL or AF_UNSPEC disconnects it (facts 3.16). The callback is told
 * inside the call.
 *
 * @returns EINVAL: to disconnect what has no peer. The address: EINVAL, EAFNOSUPPORT, EADDRNOTAVAIL (port 0, or no port of its
 * own is left), ENETUNREACH, EHOSTUNREACH: a peer that it had is forgotten.
 */
export async function connectDatagram(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  udp: UdpSocket,
  addr: Uint8Array | undefined,
): Promise<Outcome<"ksock_connect">> {
  const { stack } = kernel;
  if (addr === undefined || familyOf(addr) === ILLUMOS_AF.AF_UNSPEC) {
    if (!socket.connected) return fail("EINVAL");
    disconnect(kernel, socket, udp);
    return ok({ again: false });
  }
  const destination = destinationOf(socket, addr);
  if (!destination.ok) return destination;
  const peer = destination.value;
  if (peer.port === 0) return fail("EADDRNOTAVAIL");
  if (socket.connected) disconnect(kernel, socket, udp);
  const made = kernel.run(context, (nowNs) => connectUdp(stack, udp, peer, nowNs));
  udp.portLocked = udp.local.port !== 0;
  if (!made.ok) return made.errno === "EAGAIN" ? fail("EADDRNOTAVAIL") : made;
  socket.connected = true;
  socket.peer = peer;
  socket.options.dgramErrind = true;
  if (udp.illumos !== undefined) udp.illumos.errind = true;
  tellState(kernel, context, socket, "connected");
  announce(kernel, context, socket, { t: "connected" });
  await settled(kernel, socket.ks);
  return ok({ again: false });
}

/** The peer is forgotten, and the address that was chosen for it; the port stays. */
function disconnect({ stack }: Kernel, socket: KernelSocket, udp: UdpSocket): void {
  stack.udp.disconnect(udp);
  socket.connected = false;
  socket.peer = undefined;
}
