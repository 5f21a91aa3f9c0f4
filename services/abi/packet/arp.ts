import { put16, put32, u16, u32, u8 } from "./bytes.ts";
import { ETH_P } from "./ethernet.ts";
import type { Ipv4Address } from "./ipv4-address.ts";
import { MAC_BYTES, macAt, putMac, type Mac } from "./mac.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Bytes of an ARP packet about IPv4 over Ethernet. */
const ARP_BYTES = 28;
const IPV4_BYTES = 4;
const ARPHRD_ETHER = 1;
const OPERATIONS = { request: 1, reply: 2 } as const;

/** ARP for IPv4 over Ethernet (RFC 826). */
export interface ArpPacket {
  readonly operation: "request" | "reply";
  readonly senderMac: Mac;
  readonly sender: Ipv4Address;
  readonly targetMac: Mac;
  readonly target: Ipv4Address;
}

/** Reads a packet; what follows it is the frame's padding. The order of the checks is RFC 826's "Packet Reception". */
export function parseArp(
  bytes: Uint8Array,
): Parsed<ArpPacket, "arp_short" | "arp_hardware" | "arp_protocol" | "arp_operation"> {
  if (bytes.length < ARP_BYTES) return dropped("arp_short");
  if (u16(bytes, 0) !== ARPHRD_ETHER || u8(bytes, 4) !== MAC_BYTES) return dropped("arp_hardware");
  if (u16(bytes, 2) !== ETH_P.ETH_P_IP || u8(bytes, 5) !== IPV4_BYTES) return dropped("arp_protocol");
  const operation = u16(bytes, 6);
  if (operation !== OPERATIONS.request && operation !== OPERATIONS.reply) return dropped("arp_operation");
  return parsed({
    operation: operation === OPERATIONS.request ? "request" : "reply",
    senderMac: macAt(bytes, 8),
    sender: u32(bytes, 14) as Ipv4Address,
    targetMac: macAt(bytes, 18),
    target: u32(bytes, 24) as Ipv4Address,
  });
}

/** Writes a packet. */
export function buildArp(packet: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(ARP_BYTES);
  put16(bytes, 0, ARPHRD_ETHER);
  put16(bytes, 2, ETH_P.ETH_P_IP);
  bytes[4] = MAC_BYTES;
  bytes[5] = IPV4_BYTES;
  put16(bytes, 6, OPERATIONS[packet.operation]);
  putMac(bytes, 8, packet.senderMac);
  put32(bytes, 14, packet.sender);
  putMac(bytes, 18, packet.targetMac);
  put32(bytes, 24, packet.target);
  return bytes;
}

/**
 * Whether somebody tells everybody about an address of his own (RFC 5227 §3). A reply counts only if it names itself as
 * the
 * target too, as in Linux's `arp_is_garp`.
 */
export const isGratuitous = (packet: ArpPacket): boolean =>
  packet.sender === packet.target && (packet.operation === "request" || packet.targetMac === packet.senderMac);
