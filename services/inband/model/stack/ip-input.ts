import type { RxFate } from "../counters.ts";
import type { Device } from "../device.ts";
import type { Offence } from "../icmp/rules.ts";
import { ICMP, ICMP_EXC_FRAGTIME } from "../../../abi/packet/icmp.ts";
import { INADDR_ANY, INADDR_BROADCAST, isLoopback, isMulticast, isZeronet } from "../../../abi/packet/ipv4-address.ts";
import { isFragment, parseIpv4, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { report } from "./icmp-output.ts";
import type { Link } from "./link.ts";
import { localDeliver } from "./local-deliver.ts";
import { countRx, type Run, type StackState } from "./state.ts";

/** A datagram came in (`ip_rcv`). Undefined: it is a fragment, and what became of it is counted already, or will be. */
export function ipInput(run: Run, link: Link, bytes: Uint8Array): RxFate | undefined {
  if (link.type === "PACKET_OTHERHOST") return "other_host";
  const result = parseIpv4(bytes);
  if (!result.ok) return result.drop;
  const { packet } = result;
  const target = routeInput(run.state, link.device, packet);
  if (target !== "local" && target !== "broadcast") return target;
  if (!isFragment(packet)) return localDeliver(run, link, packet, target);

  // The fragment may wait long: it must not keep the whole frame's memory, nor be changed with it.
  const kept = { ...packet, options: packet.options.slice(), payload: packet.payload.slice() };
  const { arrivedOn, ticket } = link;
  const arrival = { packet: kept, ifindex: arrivedOn, toHost: link.type === "PACKET_HOST", ticket };
  const step = run.state.reassembler.add(arrival, run.nowNs);
  if (step.t === "held") return undefined;
  const fate = step.t === "dropped" ? step.drop : localDeliver(run, link, step.packet, target);
  // All frames of a datagram end as the datagram does.
  countRx(run, step.arrivals, fate);
  return undefined;
}

/** Whether a datagram is for this host, and what its destination is (`ip_route_input_slow`, without forwarding). */
export function routeInput(
  state: StackState,
  device: Device,
  { source, destination }: Pick<Ipv4Packet, "source" | "destination">,
): "local" | "broadcast" | "martian_source" | "martian_destination" | "not_local" | "multicast_not_joined" {
  // What came over the loopback device was routed on its way out.
  const loopback = device.kind.t === "loopback";
  if (isMulticast(source) || source === INADDR_BROADCAST) return "martian_source";
  if (isMulticast(destination)) return "multicast_not_joined";
  const limited = destination === INADDR_BROADCAST || (source === INADDR_ANY && destination === INADDR_ANY);
  // RFC 1122 §3.2.1.3: 0.0.0.0 is a source only of one who looks for an address, and everybody is who he can ask.
  if (isZeronet(source) && !(limited && source === INADDR_ANY)) return "martian_source";
  if (!limited && isZeronet(destination)) return "martian_destination";
  if (!loopback && isLoopback(destination)) return "martian_destination";
  if (!loopback && isLoopback(source)) return "martian_source";
  // Our own address as somebody else's source, or a source that is many hosts.
  const from = source === INADDR_ANY ? "unicast" : state.routes.typeOf(source);
  if (from === "broadcast" || (from === "local" && !loopback)) return "martian_source";
  const type = limited ? "broadcast" : state.routes.typeOf(destination);
  return type === "local" || type === "broadcast" ? type : "not_local";
}

/**
 * Gives up datagrams that did not become whole in time; their senders are told if the first fragment came (`ip_expire`).
 */
export function expireFragments(run: Run): void {
  for (const { arrivals, first } of run.state.reassembler.tick(run.nowNs)) {
    countRx(run, arrivals, "fragment_timeout");
    if (first === undefined) continue;
    const offence: Offence = {
      packet: first.packet,
      type: first.toHost ? "PACKET_HOST" : "PACKET_BROADCAST",
      destination: run.state.routes.typeOf(first.packet.destination),
      overLoopback: isLoopback(first.packet.source),
    };
    report(run, offence, { type: ICMP.ICMP_TIME_EXCEEDED, code: ICMP_EXC_FRAGTIME });
  }
}
