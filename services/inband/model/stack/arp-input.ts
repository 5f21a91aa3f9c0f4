import type { RxFate } from "../counters.ts";
import { isGratuitous, parseArp } from "../../../abi/packet/arp.ts";
import { INADDR_ANY, INADDR_BROADCAST, isLoopback, isMulticast } from "../../../abi/packet/ipv4-address.ts";
import type { Link } from "./link.ts";
import { performNeighbourSteps, sendArp } from "./neighbour-steps.ts";
import type { Run } from "./state.ts";

/**
 * An ARP packet came in (`arp_process`): who asks for us is answered and remembered; others are believed if they are
 * known.
 */
export function arpInput(run: Run, { device, type }: Link, bytes: Uint8Array): RxFate {
  const { state, nowNs } = run;
  if (type === "PACKET_OTHERHOST") return "other_host";
  // Loopback devices have no addresses to ask for (IFF_NOARP).
  if (device.kind.t === "loopback") return "arp_ignored";
  const arp = parseArp(bytes);
  if (!arp.ok) return arp.drop;
  const { operation, sender, senderMac, target } = arp.packet;
  if (isMulticast(target) || isLoopback(target)) return "arp_ignored";
  const ours = operation === "request" && state.routes.typeOf(target) === "local";
  const reply = {
    operation: "reply",
    senderMac: device.mac,
    sender: target,
    targetMac: senderMac,
    target: sender,
  } as const;
  if (sender === INADDR_ANY) {
    // Somebody who has no address yet looks whether ours is taken (RFC 5227 §2.1.1).
    if (!ours) return "arp_ignored";
    sendArp(run, device, senderMac, reply);
    return "answered";
  }
  if (isMulticast(sender) || isLoopback(sender) || sender === INADDR_BROADCAST) return "arp_ignored";
  // Our own address, from somebody else: not to be believed (Linux only logs a conflict).
  if (state.routes.typeOf(sender) !== "unicast") return "arp_ignored";

  const known = state.neighbours.has(device.ifindex, sender);
  if (!ours && !known) return "arp_ignored";
  const to = operation === "reply" && type === "PACKET_HOST" ? "REACHABLE" : "STALE";
  const heard = { mac: senderMac, to, gratuitous: isGratuitous(arp.packet) } as const;
  const steps = state.neighbours.heard(device.ifindex, sender, heard, ours, nowNs);
  if (!steps.ok) return "neighbour_table_full";
  performNeighbourSteps(run, steps.value);
  if (!ours) return "consumed";
  sendArp(run, device, senderMac, reply);
  return "answered";
}
