import type { RxFate } from "../counters.ts";
import { noteRefusal } from "../udp/socket.ts";
import { errorOf, isFragNeeded } from "../icmp/error-errno.ts";
import { u16 } from "../../../abi/packet/bytes.ts";
import { ICMP, isIcmpError, parseIcmp, type IcmpPacket } from "../../../abi/packet/icmp.ts";
import { IPPROTO, parseQuotedIpv4, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { UDP_HLEN } from "../../../abi/packet/udp.ts";
import type { RouteType } from "../route.ts";
import { answerEcho } from "./icmp-output.ts";
import { routeOutput } from "./route-output.ts";
import { setError, type Run } from "./state.ts";
import { tcpError } from "./tcp-icmp.ts";

/** An ICMP message for this host (`icmp_rcv`). */
export function icmpInput(run: Run, packet: Ipv4Packet, destination: RouteType): RxFate {
  const icmp = parseIcmp(packet.payload);
  if (!icmp.ok) return icmp.drop;
  const { type } = icmp.packet;
  if (type === ICMP.ICMP_ECHO) {
    // RFC 1122 §3.2.2.6 lets us be silent; Linux is, since "smurf" attacks answer to somebody else.
    if (destination !== "local") return "icmp_echo_broadcast";
    return answerEcho(run, packet) ? "answered" : "unanswerable";
  }
  return isIcmpError(type) ? icmpError(run, icmp.packet) : "icmp_no_listener";
}

/**
 * An error about something that this host sent, or so it says: the socket is found by what it quotes (`__udp4_lib_err`).
 */
function icmpError(run: Run, { type, code, rest, body }: IcmpPacket): RxFate {
  const { state } = run;
  const quoted = parseQuotedIpv4(body);
  if (quoted === undefined || state.routes.typeOf(quoted.source) !== "local") return "icmp_error_unmatched";
  const tooBig = isFragNeeded(type, code);
  if (quoted.protocol === IPPROTO.IPPROTO_ICMP) {
    if (tooBig) learnPathMtu(run, quoted, rest);
    return "consumed";
  }
  if (quoted.protocol === IPPROTO.IPPROTO_TCP) return tcpError(run, quoted, { type, code, rest });
  if (quoted.protocol !== IPPROTO.IPPROTO_UDP || quoted.payload.length < UDP_HLEN) return "icmp_error_unmatched";
  const socket = state.udp.lookup({
    from: { address: quoted.destination, port: u16(quoted.payload, 2) },
    to: { address: quoted.source, port: u16(quoted.payload, 0) },
    ifindex: 0,
  });
  if (socket === undefined) return "icmp_error_unmatched";
  if (tooBig) learnPathMtu(run, quoted, rest);
  const error = errorOf(type, code);
  // Only a connected socket is sure to have meant this peer (RFC 1122 §4.1.3.3), and soft errors are not told without
  // IP_RECVERR.
  const told = error?.hard === true && socket.peer !== undefined && !(tooBig && socket.pmtudisc === "dont");
  if (told) setError(run, socket.sk, error.errno);
  else if (error?.errno === "ECONNREFUSED" && socket.peer === undefined && socket.illumos?.errind === true)
    noteRefusal(socket.illumos, { address: quoted.destination, port: u16(quoted.payload, 2) });
  return "consumed";
}

/** RFC 1191 §3: remember what the next hop's link takes. */
function learnPathMtu(run: Run, { source, destination }: Ipv4Packet, rest: number): void {
  const path = routeOutput(run.state, destination, { source, ifindex: 0 });
  if (path.ok) run.state.pathMtus.learn(destination, rest & 0xffff, path.value.device.mtu, run.nowNs);
}
