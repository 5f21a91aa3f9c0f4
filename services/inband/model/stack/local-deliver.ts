import type { RxFate } from "../counters.ts";
import { ICMP, UNREACH } from "../../../abi/packet/icmp.ts";
import { IPPROTO, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { parseUdp, type UdpPacket } from "../../../abi/packet/udp.ts";
import type { RouteType } from "../route.ts";
import { icmpInput } from "./icmp-input.ts";
import { report } from "./icmp-output.ts";
import type { Link } from "./link.ts";
import { ask, type Run } from "./state.ts";
import { tcpInput } from "./tcp-input.ts";

/** Ends that are none if a raw socket took the datagram: nobody else had to. */
const UNCLAIMED: readonly RxFate[] = ["icmp_no_listener", "icmp_echo_broadcast", "ip_protocol_unknown"];

/** A whole datagram for this host (`ip_local_deliver_finish`): raw sockets get copies, then the protocol gets it. */
export function localDeliver(run: Run, link: Link, packet: Ipv4Packet, destination: RouteType): RxFate {
  const takers = run.state.raw.deliver(packet, link.device.ifindex);
  for (const sk of takers) ask(run, { t: "deliver", sk });
  const fate = toProtocol(run, link, packet, destination, takers.length > 0);
  return takers.length > 0 && UNCLAIMED.includes(fate) ? "delivered" : fate;
}

function toProtocol(run: Run, link: Link, packet: Ipv4Packet, destination: RouteType, rawTook: boolean): RxFate {
  const offence = { packet, type: link.type, destination, overLoopback: link.device.kind.t === "loopback" };
  switch (packet.protocol) {
    case IPPROTO.IPPROTO_ICMP:
      return icmpInput(run, packet, destination);
    case IPPROTO.IPPROTO_UDP: {
      const udp = parseUdp(packet.payload, packet);
      if (!udp.ok) return udp.drop;
      const fate = udpInput(run, link, packet, udp.packet, destination);
      // RFC 1122 §4.1.3.1: a datagram for a port that nobody has is answered with Port Unreachable.
      if (fate === "udp_no_port")
        report(run, offence, { type: ICMP.ICMP_DEST_UNREACH, code: UNREACH.ICMP_PORT_UNREACH });
      return fate;
    }
    case IPPROTO.IPPROTO_TCP: {
      // RFC 9293 §3.9.2.3, MUST-57: what was sent to everybody is dropped in silence.
      if (destination !== "local") return "tcp_not_unicast";
      const { byteOffset, length } = packet.payload;
      return tcpInput(run, link.device, packet, run.state.arriving.of(packet.payload), byteOffset, byteOffset + length);
    }
    default:
      // RFC 1122 §3.2.2.1: Protocol Unreachable, when the transport is not supported.
      if (!rawTook) report(run, offence, { type: ICMP.ICMP_DEST_UNREACH, code: UNREACH.ICMP_PROT_UNREACH });
      return "ip_protocol_unknown";
  }
}

/** A user datagram (`__udp4_lib_rcv`): for one socket, or a copy for each if it is for everybody. */
function udpInput(run: Run, link: Link, packet: Ipv4Packet, udp: UdpPacket, destination: RouteType): RxFate {
  const { state } = run;
  const flow = {
    from: { address: packet.source, port: udp.sourcePort },
    to: { address: packet.destination, port: udp.destinationPort },
    ifindex: link.device.ifindex,
    ttl: packet.ttl,
    tos: packet.tos,
  };
  const one = destination === "local" ? state.udp.lookup(flow) : undefined;
  const sockets = destination === "local" ? (one === undefined ? [] : [one]) : state.udp.lookupAll(flow);
  if (sockets.length === 0) return "udp_no_port";
  let delivered = false;
  for (const { sk, queue } of sockets) {
    if (!queue.push({ ...flow, payload: udp.payload.slice() }, udp.payload.length)) continue;
    ask(run, { t: "deliver", sk, bytes: udp.payload.length });
    delivered = true;
  }
  return delivered ? "delivered" : "socket_rcvbuf";
}
