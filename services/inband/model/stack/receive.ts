import type { RxFate } from "../counters.ts";
import type { Device } from "../device.ts";
import { ETH_P, buildEthernet, parseEthernet, protocolOf, type EthernetFrame } from "../../../abi/packet/ethernet.ts";
import { MAC_BROADCAST, isGroupMac } from "../../../abi/packet/mac.ts";
import { isVlanProtocol, untag, type VlanTag } from "../../../abi/packet/vlan.ts";
import type { PacketType, Passing, Tapped } from "../packet-socket.ts";
import { arpInput } from "./arp-input.ts";
import { ipInput } from "./ip-input.ts";
import type { Link } from "./link.ts";
import { receivePlainTcp } from "./receive-plain.ts";
import { ask, countOne, type Run } from "./state.ts";

/** To whom a frame is addressed, as its device sees it (`eth_type_trans`). */
function packetType(device: Device, { destination }: EthernetFrame): PacketType {
  if (isGroupMac(destination)) return destination === MAC_BROADCAST ? "PACKET_BROADCAST" : "PACKET_MULTICAST";
  return destination === device.mac ? "PACKET_HOST" : "PACKET_OTHERHOST";
}

/** A frame came in on a real device, or on loopback. It is counted once, now or when its datagram is whole. */
export function receiveFrame(run: Run, ifindex: number, bytes: Uint8Array, ticket: number | undefined): void {
  run.state.received++;
  const fate = judge(run, ifindex, bytes, ticket);
  if (fate !== undefined) countOne(run, ifindex, ticket, fate);
}

function judge(run: Run, ifindex: number, bytes: Uint8Array, ticket: number | undefined): RxFate | undefined {
  const device = run.state.devices.at(ifindex);
  if (device === undefined) return "no_device";
  if (!device.up) return "device_down";
  const fate = receivePlainTcp(run, device, bytes);
  if (fate !== undefined) return fate;
  const parsed = parseEthernet(bytes);
  if (!parsed.ok) return parsed.drop;
  const frame = parsed.packet;
  return climb(run, { device, arrivedOn: ifindex, type: packetType(device, frame), ticket }, frame, UNTAKEN);
}

interface Taken {
  readonly delivered: boolean;
  readonly full: boolean;
}

const UNTAKEN: Taken = { delivered: false, full: false };

/**
 * A frame at one device: the tag comes off, the taps see it, and the tag's VLAN device gets it, where all this happens
 * again
 * (`__netif_receive_skb_core` with its `another_round`). So a tap on every device sees a tagged frame twice.
 */
function climb(run: Run, link: Link, tagged: EthernetFrame, before: Taken): RxFate | undefined {
  const { state } = run;
  const protocol = protocolOf(tagged);
  const untagged = isVlanProtocol(protocol) ? untag(tagged, protocol) : undefined;
  if (untagged?.ok === false) return untagged.drop;
  const frame = untagged?.packet.frame ?? tagged;
  const tag = untagged?.packet.tag;
  const taken = state.packets.size === 0 ? before : merge(run, before, state.packets.tapAll(passing(link, frame, tag)));
  if (tag === undefined) return deliver(run, link, frame, taken, undefined);

  const vlan = state.devices.vlanOf(link.device.ifindex, tag.protocol, tag.vid);
  if (vlan !== undefined) {
    if (!vlan.up) return "device_down";
    // The VLAN device may have an address of its own, which is not the one that the real device compared with.
    const type = link.type === "PACKET_OTHERHOST" && frame.destination === vlan.mac ? "PACKET_HOST" : link.type;
    return climb(run, { ...link, device: vlan, type }, frame, taken);
  }
  // Tag 0 is a priority and no VLAN; any other one without a device is somebody else's (`check_vlan_id`).
  const type = tag.vid === 0 ? link.type : "PACKET_OTHERHOST";
  const inner = tag.vid === 0 && isVlanProtocol(protocolOf(frame));
  return inner ? climb(run, link, frame, taken) : deliver(run, { ...link, type }, frame, taken, tag);
}

/** Gives a frame to those who bound its protocol, and to the protocol. */
function deliver(
  run: Run,
  link: Link,
  frame: EthernetFrame,
  before: Taken,
  tag: VlanTag | undefined,
): RxFate | undefined {
  const { packets } = run.state;
  const taken =
    packets.size === 0 ? before : merge(run, before, packets.tapProtocol(passing(link, frame, tag), link.arrivedOn));
  switch (protocolOf(frame)) {
    case ETH_P.ETH_P_IP:
      return ipInput(run, link, frame.payload);
    case ETH_P.ETH_P_ARP:
      return arpInput(run, link, frame.payload);
    default:
      return taken.delivered ? "delivered" : taken.full ? "packet_rcvbuf" : "protocol_unhandled";
  }
}

function merge(run: Run, before: Taken, { delivered, full }: Tapped): Taken {
  for (const sk of delivered) ask(run, { t: "deliver", sk });
  return { delivered: before.delivered || delivered.length > 0, full: before.full || full > 0 };
}

const passing = ({ device, type }: Link, frame: EthernetFrame, tag: VlanTag | undefined): Passing => ({
  ifindex: device.ifindex,
  protocol: protocolOf(frame),
  type,
  source: frame.source,
  tag,
  frame: () => buildEthernet(frame),
  payload: frame.payload,
});
