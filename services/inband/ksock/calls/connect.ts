import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_AF } from "../../../abi/illumos.ts";
import { INADDR_ANY, INADDR_BROADCAST, isMulticast } from "../../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { connectTcp } from "../../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import type { Endpoint } from "../../model/udp/socket.ts";
import { destinationOf, familyOf } from "../address.ts";
import { settled } from "../events.ts";
import { setNodelay } from "../fuse.ts";
import { takePending } from "../pending.ts";
import { patienceOf, sleep } from "../sleep.ts";
import type { KernelSocket } from "../table.ts";
import { tellState } from "../tell-state.ts";
import { newUrgent } from "../urgent.ts";
import { connectDatagram } from "./connect-udp.ts";

/**
 * ksock_connect (facts 3.5 and 3.16): an error that is pending; the address; the state; then the attempt, which goes on in the
 * background when the caller does not wait, or is woken by a close.
 *
 * @returns what the contract lists, in that order; EINPROGRESS even where it is connected by now (P16).
 */
export async function ksockConnect(
  kernel: Kernel,
  socket: KernelSocket,
  { addr, addrlen, waiting }: PointArgs["ksock_connect"],
  context: Context,
): Promise<Outcome<"ksock_connect">> {
  const { half } = socket;
  if (waiting) return connected(kernel, context, socket);
  const pending = takePending(socket);
  if (pending !== undefined) return fail(pending);
  if (addr === undefined && addrlen > 0) return fail("EFAULT");
  if (half.t === "udp") return connectDatagram(kernel, context, socket, half.udp, addr);
  if (addr === undefined || familyOf(addr) === ILLUMOS_AF.AF_UNSPEC) return fail("EINVAL");
  const begun = begin(kernel, context, socket, half.tcp, addr);
  if (!begun.ok) return begun;
  return socket.nonblocking ? fail("EINPROGRESS") : connected(kernel, context, socket);
}

/** Begins an attempt. */
function begin(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  addr: Uint8Array,
): Result<undefined> {
  const { stack } = kernel;
  const destination = destinationOf(socket, addr);
  if (!destination.ok) return destination;
  const peer = destination.value;
  if (peer.port === 0) return fail("EADDRNOTAVAIL");
  const state = stateOf(socket, tcp);
  if (!state.ok) return state;
  if (!mayConnectTo(kernel, tcp, peer)) return fail("EADDRNOTAVAIL");
  const before = { cantSend: socket.cantSend, cantReceive: socket.cantReceive };
  beginAnew(socket);
  socket.connecting = true;
  socket.peer = peer;
  setNodelay(kernel, context, socket, tcp);
  tellState(kernel, context, socket, "connecting");
  const begun = kernel.run(context, (nowNs) => connectTcp(stack, tcp, peer, nowNs));
  if (begun.ok) return begun;
  tellState(kernel, context, socket, "failed", begun.errno);
  socket.connecting = false;
  socket.peer = undefined;
  socket.cantSend = before.cantSend;
  socket.cantReceive = before.cantReceive;
  return begun;
}

/** P14: an attempt after a failed one finds a socket without the marks of the former connection. */
function beginAnew(socket: KernelSocket): void {
  socket.cantSend = false;
  socket.cantReceive = false;
  socket.shutRead = false;
  socket.shutWrite = false;
  socket.finSent = false;
  socket.peerEnded = false;
  socket.toldEnd = false;
  socket.stopped = false;
  socket.heard = 0;
  socket.urgent = newUrgent();
}

/** Neither many at once nor the socket itself (D17). */
function mayConnectTo({ stack }: Kernel, { local }: TcpSocket, { address, port }: Endpoint): boolean {
  if (address === INADDR_BROADCAST || isMulticast(address)) return false;
  if (stack.routes.typeOf(address) === "broadcast") return false;
  const itself =
    local.address === address || (local.address === INADDR_ANY && stack.routes.typeOf(address) === "local");
  return !(itself && local.port === port);
}

/** Whether TCP may begin: it is idle or bound, or its connection has failed. */
function stateOf(
  { connecting, connected: isConnected }: KernelSocket,
  { t, connection }: TcpSocket,
): Result<undefined, "EALREADY" | "EISCONN" | "EOPNOTSUPP" | "EINVAL"> {
  if (connecting) return fail("EALREADY");
  if (connection?.state.t === "ESTABLISHED") return fail("EISCONN");
  if (t === "listen") return fail("EOPNOTSUPP");
  if (isConnected || (connection !== undefined && connection.state.t !== "CLOSED")) return fail("EINVAL");
  return ok(undefined);
}

/** Waits until it is decided (`so_wait_connected_locked`), after the callback that is told of it. */
async function connected(kernel: Kernel, context: Context, socket: KernelSocket): Promise<Outcome<"ksock_connect">> {
  if (socket.connecting) {
    const ready = (): boolean => !socket.connecting;
    const woken = await sleep(kernel, context, socket, { ready, patience: patienceOf(kernel), what: "connect" });
    if (woken === "EINTR") return fail("EINTR");
    if (woken === "again") return ok({ again: true });
  } else await settled(kernel, socket.ks);
  if (socket.connected) return ok({ again: false });
  // Somebody else was told why.
  return fail(takePending(socket) ?? "ECONNREFUSED");
}
