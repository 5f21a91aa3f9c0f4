import type { Errno } from "../../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { INADDR_ANY, INADDR_BROADCAST, isMulticast } from "../../../abi/packet/ipv4-address.ts";
import { IPPROTO, IPV4_HLEN, IPV4_TOTAL_MAX, totalBytes, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { UDP_HLEN, buildUdp } from "../../../abi/packet/udp.ts";
import type { Datagram, Endpoint, UdpSocket } from "../udp/socket.ts";
import { ipOutput, mtuOf, tellRoute } from "./ip-output.ts";
import type { Path } from "../path.ts";
import { routeOutput } from "./route-output.ts";
import { nextIdentification, type Run, type StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";

/** The most bytes of a user datagram's payload. */
const PAYLOAD_MAX = IPV4_TOTAL_MAX - IPV4_HLEN - UDP_HLEN;

/**
 * Binds a socket (`__inet_bind`). EADDRNOTAVAIL: not an address of this host, nor a broadcast or multicast that it may
 * receive.
 */
export function bindUdp(
  state: StackState,
  socket: UdpSocket,
  to: Endpoint,
): Result<Endpoint, "EADDRNOTAVAIL" | "EINVAL" | "EADDRINUSE"> {
  const { address } = to;
  const everybody = address === INADDR_ANY || address === INADDR_BROADCAST || isMulticast(address);
  if (!everybody && state.routes.typeOf(address) === "unicast") return fail("EADDRNOTAVAIL");
  return state.udp.bind(socket, to);
}

/** Connects a socket (`ip4_datagram_connect`): from now on it has one peer, one source, and learns of errors. */
export const connectUdp = (
  state: StackState,
  socket: UdpSocket,
  peer: Endpoint,
  nowNs: number,
): Outcome<Result<undefined, "EAGAIN" | "EACCES" | "ENETUNREACH" | "EHOSTUNREACH">> =>
  step(state, nowNs, (run) => connect(run, socket, peer));

function connect(
  run: Run,
  socket: UdpSocket,
  peer: Endpoint,
): Result<undefined, "EAGAIN" | "EACCES" | "ENETUNREACH" | "EHOSTUNREACH"> {
  const { state } = run;
  const bound = state.udp.autobind(socket);
  if (!bound.ok) return bound;
  const path = pathOf(state, socket, peer);
  if (!path.ok) return path;
  tellRoute(run, path.value);
  state.udp.connect(socket, { address: path.value.destination, port: peer.port }, path.value.source);
  return ok(undefined);
}

/** The way to a peer. EACCES: it is everybody, and SO_BROADCAST is not set. */
function pathOf(
  state: StackState,
  { local, ifindex, broadcast }: UdpSocket,
  { address }: Endpoint,
): Result<Path, "EACCES" | "ENETUNREACH" | "EHOSTUNREACH"> {
  // A socket bound to a broadcast or multicast address only receives there.
  const source = state.routes.typeOf(local.address) === "local" ? local.address : INADDR_ANY;
  const path = routeOutput(state, address, { source, ifindex });
  return path.ok && path.value.kind === "broadcast" && !broadcast ? fail("EACCES") : path;
}

/** Sends a datagram, to the peer or to whom is named (`udp_sendmsg`). Answers the bytes of the payload. */
export const sendUdp = (
  state: StackState,
  socket: UdpSocket,
  payload: Uint8Array,
  to: Endpoint | undefined,
  nowNs: number,
): Outcome<Result<number>> => step(state, nowNs, (run) => send(run, socket, payload, to));

function send(run: Run, socket: UdpSocket, payload: Uint8Array, to: Endpoint | undefined): Result<number> {
  const { state } = run;
  const bound = state.udp.autobind(socket);
  if (!bound.ok) return bound;
  if (payload.length > PAYLOAD_MAX) return fail("EMSGSIZE");
  const peer = to ?? socket.peer;
  if (peer === undefined) return fail("EDESTADDRREQ");
  // Linux looks at an address that is named, not at that of the peer. illumos has no such check: nobody can receive it
  // (facts/kernel-sockets 3.16).
  if (to?.port === 0 && socket.illumos === undefined) return fail("EINVAL");
  const path = pathOf(state, socket, peer);
  if (!path.ok) return path;
  const pending = takeError(socket);
  if (pending !== undefined) return fail(pending);
  if (socket.sndShutdown) return fail("EPIPE");

  const { source, destination } = path.value;
  const ports = { sourcePort: bound.value.port, destinationPort: peer.port };
  const packet: Ipv4Packet = {
    tos: socket.tos,
    ttl: socket.ttl,
    protocol: IPPROTO.IPPROTO_UDP,
    source,
    destination,
    options: NO_BYTES,
    identification: nextIdentification(state),
    moreFragments: false,
    fragmentOffset: 0,
    dontFragment: false,
    payload: buildUdp({ ...ports, payload }, { source, destination }),
  };
  // With "want", DF goes on what fits, so that routers tell when it does not; the rest is cut here (`__ip_make_skb`).
  const fits = totalBytes(packet) <= mtuOf(run, path.value);
  const dontFragment = socket.pmtudisc === "do" || (socket.pmtudisc === "want" && fits);
  const sent = ipOutput(run, { ...packet, dontFragment }, path.value, socket.sk);
  return sent.ok ? ok(payload.length) : sent;
}

/** Takes the error that is pending, as SO_ERROR does. */
export function takeError(socket: { error: Errno | undefined }): Errno | undefined {
  const { error } = socket;
  socket.error = undefined;
  return error;
}

/** Takes the oldest datagram (`__skb_recv_udp`). Undefined: end of file, after SHUT_RD. EAGAIN: nothing waits. */
export function receiveUdp(socket: UdpSocket): Result<Datagram | undefined> {
  const pending = takeError(socket);
  if (pending !== undefined) return fail(pending);
  const datagram = socket.queue.shift();
  if (datagram !== undefined || socket.rcvShutdown) return ok(datagram);
  return fail("EAGAIN");
}

/** Shuts directions down. ENOTCONN: no peer, though the directions are shut all the same (`inet_shutdown`, D5). */
export function shutdownUdp(socket: UdpSocket, how: "read" | "write" | "both"): Result<undefined, "ENOTCONN"> {
  if (how !== "write") socket.rcvShutdown = true;
  if (how !== "read") socket.sndShutdown = true;
  return socket.peer === undefined ? fail("ENOTCONN") : ok(undefined);
}
