import { u8 } from "../../../abi/packet/bytes.ts";
import { isIcmpError } from "../../../abi/packet/icmp.ts";
import { INADDR_ANY, INADDR_BROADCAST, isLoopback, isMulticast, isReserved } from "../../../abi/packet/ipv4-address.ts";
import { IPPROTO, buildIpv4, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import type { PacketType } from "../packet-socket.ts";
import type { RouteType } from "../route.ts";

/** The most bytes of an error, IP header included (RFC 1812 §4.3.2.3; Linux quotes as much). */
const ERROR_BYTES_MAX = 576;
const ERROR_HEADERS = 28;

/** What an error would be about, and how it came. */
export interface Offence {
  readonly packet: Ipv4Packet;
  readonly type: PacketType;
  /** What its destination is to this host. */
  readonly destination: RouteType;
  readonly overLoopback: boolean;
}

/** Whether an ICMP error may be sent about a packet: the list of RFC 1122 §3.2.2, in its order. */
export function mayReport({ packet, type, destination, overLoopback }: Offence): boolean {
  // An ICMP error message; a message too short to say its type is taken for one.
  if (packet.protocol === IPPROTO.IPPROTO_ICMP) {
    if (packet.fragmentOffset === 0 && (packet.payload.length === 0 || isIcmpError(u8(packet.payload, 0))))
      return false;
  }
  // A datagram destined to an IP broadcast or multicast address.
  if (destination === "broadcast" || packet.destination === INADDR_BROADCAST || isMulticast(packet.destination))
    return false;
  // A datagram sent as a link-layer broadcast; Linux asks that it came to this station alone.
  if (type !== "PACKET_HOST") return false;
  // A non-initial fragment.
  if (packet.fragmentOffset > 0) return false;
  // A datagram whose source is not a single host.
  const { source } = packet;
  return !(
    source === INADDR_ANY ||
    source === INADDR_BROADCAST ||
    isMulticast(source) ||
    isReserved(source) ||
    (isLoopback(source) && !overLoopback)
  );
}

/**
 * The part of a packet that an error quotes: its header, and as much behind it as fits (RFC 1122 §3.2.2 asks for 8
 * bytes).
 */
export const quote = (packet: Ipv4Packet): Uint8Array => buildIpv4(packet).subarray(0, ERROR_BYTES_MAX - ERROR_HEADERS);
