import type { RxFate } from "../counters.ts";
import { errorOf, isFragNeeded } from "../icmp/error-errno.ts";
import { u16, u32 } from "../../../abi/packet/bytes.ts";
import { IPPROTO, IPV4_HLEN, parseQuotedIpv4, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { TCP_HLEN } from "../../../abi/packet/tcp.ts";
import { isInFlight } from "../tcp/reopen.ts";
import type { TcpSocket } from "../tcp/socket.ts";
import { onUnreachable, setMss } from "../tcp/user-calls.ts";
import { routeOutput } from "./route-output.ts";
import type { Run } from "./state.ts";
import { performTcp } from "./tcp-run.ts";

/** What an ICMP error quotes of a segment at least: the ports and the sequence number (RFC 792). */
const QUOTED_MIN = 8;

/** The socket that sent a segment. */
const senderOf = ({ state }: Run, { source, destination, payload }: Ipv4Packet): TcpSocket | undefined =>
  payload.length < QUOTED_MIN ? undefined : state.tcp.lookup(source, u16(payload, 0), destination, u16(payload, 2));

/**
 * Whether any error ends what a socket does: on Linux an attempt to connect ends with the first one, against RFC 9293 §3.9.2.2,
 * MUST-56; on illumos the error is told when the attempt has run out of time (facts/kernel-sockets 3.5).
 */
const endsOpen = ({ flavour, connection }: TcpSocket): boolean =>
  flavour === "linux" && (connection?.state.t === "SYN-SENT" || connection?.state.t === "SYN-RECEIVED");

/**
 * An ICMP error about a segment that this host sent, or so it says (`tcp_v4_err`). It is believed only if it quotes a
 * sequence number that is on its way (RFC 5927 §4.1).
 */
export function tcpError(
  run: Run,
  quoted: Ipv4Packet,
  { type, code, rest }: { readonly type: number; readonly code: number; readonly rest: number },
): RxFate {
  const { nowNs, state } = run;
  const socket = senderOf(run, quoted);
  const connection = socket?.connection;
  if (socket === undefined || connection === undefined) return "icmp_error_unmatched";
  if (!isInFlight(connection, u32(quoted.payload, 4))) return "icmp_error_unmatched";
  if (isFragNeeded(type, code)) {
    if (socket.pmtudisc === "dont") return "consumed";
    const path = routeOutput(state, quoted.destination, { source: quoted.source, ifindex: socket.ifindex });
    if (!path.ok) return "consumed";
    state.pathMtus.learn(quoted.destination, rest & 0xffff, path.value.device.mtu, nowNs);
    const mtu = state.pathMtus.of(quoted.destination, path.value.device.mtu, nowNs);
    performTcp(run, socket, setMss(connection, mtu - IPV4_HLEN - TCP_HLEN, nowNs));
    return "consumed";
  }
  const error = errorOf(type, code);
  if (error === undefined) return "consumed";
  const hard = error.hard || endsOpen(socket);
  performTcp(run, socket, onUnreachable(connection, error.errno, hard, nowNs));
  return "consumed";
}

/**
 * A segment waited for a neighbour that did not answer. Linux sends itself an ICMP "host unreachable" (`ipv4_link_failure`),
 * and so the connection learns it as from a router: an attempt to connect ends, any other connection remembers why.
 */
export function tcpNeighbourFailed(run: Run, bytes: Uint8Array): void {
  const packet = parseQuotedIpv4(bytes);
  if (packet?.protocol !== IPPROTO.IPPROTO_TCP) return;
  const socket = senderOf(run, packet);
  if (socket?.connection === undefined) return;
  performTcp(run, socket, onUnreachable(socket.connection, "EHOSTUNREACH", endsOpen(socket), run.nowNs));
}
