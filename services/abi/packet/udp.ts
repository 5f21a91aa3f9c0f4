import { assert } from "../assert.ts";
import { put16, u16 } from "./bytes.ts";
import { checksum, pseudoHeaderSum } from "./checksum.ts";
import { IPPROTO } from "./ipv4.ts";
import type { Ipv4Address } from "./ipv4-address.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Bytes of the header. */
export const UDP_HLEN = 8;

/** A user datagram (RFC 768). */
export interface UdpPacket {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** Where a datagram comes from and goes to: part of its checksum. */
interface Ends {
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
}

/** Reads a datagram; bytes beyond its length are left out (Linux trims them too). */
export function parseUdp(
  bytes: Uint8Array,
  { source, destination }: Ends,
): Parsed<UdpPacket, "udp_short" | "udp_length" | "udp_checksum"> {
  if (bytes.length < UDP_HLEN) return dropped("udp_short");
  const length = u16(bytes, 4);
  if (length < UDP_HLEN || length > bytes.length) return dropped("udp_length");
  const datagram = bytes.subarray(0, length);
  // A checksum of zero says that there is none (RFC 768).
  if (u16(bytes, 6) !== 0) {
    if (checksum(datagram, pseudoHeaderSum(source, destination, IPPROTO.IPPROTO_UDP, length)) !== 0)
      return dropped("udp_checksum");
  }
  return parsed({
    sourcePort: u16(bytes, 0),
    destinationPort: u16(bytes, 2),
    payload: datagram.subarray(UDP_HLEN),
  });
}

/** Writes a datagram. */
export function buildUdp(packet: UdpPacket, { source, destination }: Ends): Uint8Array {
  const length = UDP_HLEN + packet.payload.length;
  assert(length <= 0xffff, "the length of a user datagram fits into its field");
  const bytes = new Uint8Array(length);
  put16(bytes, 0, packet.sourcePort);
  put16(bytes, 2, packet.destinationPort);
  put16(bytes, 4, length);
  bytes.set(packet.payload, UDP_HLEN);
  // A computed zero is sent as all ones, which is the same sum (RFC 768).
  put16(bytes, 6, checksum(bytes, pseudoHeaderSum(source, destination, IPPROTO.IPPROTO_UDP, length)) || 0xffff);
  return bytes;
}
