import { assert } from "../assert.ts";
import { NO_BYTES, put16, put32, u16, u32, u8 } from "./bytes.ts";
import { checksum, foldSum, sumWords } from "./checksum.ts";
import type { Ipv4Address } from "./ipv4-address.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Protocol numbers under Linux's names. */
export const IPPROTO = { IPPROTO_ICMP: 1, IPPROTO_TCP: 6, IPPROTO_UDP: 17 } as const;

/** Bytes of a header without options. */
export const IPV4_HLEN = 20;
/** The most bytes of options. */
const IPV4_OPTIONS_MAX = 40;
/** The most bytes of a datagram, header included. */
export const IPV4_TOTAL_MAX = 65_535;

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

/** A datagram, or a fragment of one (RFC 791 §3.1). */
export interface Ipv4Packet {
  readonly tos: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  /** As they stand, a multiple of 4 bytes; they are carried and not acted upon. */
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
}

/** Bytes of the header with its options. */
export const headerBytes = (packet: Ipv4Packet): number => IPV4_HLEN + packet.options.length;

/** Bytes in all. */
export const totalBytes = (packet: Ipv4Packet): number => headerBytes(packet) + packet.payload.length;

/** Whether it is a piece of a larger datagram. */
export const isFragment = (packet: Ipv4Packet): boolean => packet.moreFragments || packet.fragmentOffset > 0;

/**
 * Reads a datagram; bytes beyond its total length are the frame's padding. The order of the checks is Linux's
 * `ip_rcv_core`.
 */
export function parseIpv4(
  bytes: Uint8Array,
): Parsed<
  Ipv4Packet,
  "ipv4_short" | "ipv4_version" | "ipv4_header_length" | "ipv4_checksum" | "ipv4_truncated" | "ipv4_total_length"
> {
  if (bytes.length < IPV4_HLEN) return dropped("ipv4_short");
  const first = u8(bytes, 0);
  if (first >>> 4 !== 4) return dropped("ipv4_version");
  const header = (first & 0xf) * 4;
  if (header < IPV4_HLEN) return dropped("ipv4_header_length");
  if (bytes.length < header) return dropped("ipv4_short");
  // RFC 1122 §3.2.1.2: verify the checksum of every datagram, and discard silently.
  if (foldSum(sumWords(bytes.subarray(0, header))) !== 0xffff) return dropped("ipv4_checksum");
  const total = u16(bytes, 2);
  if (bytes.length < total) return dropped("ipv4_truncated");
  if (total < header) return dropped("ipv4_total_length");
  return parsed(readHeader(bytes, header, total));
}

/** Whether the checksum of a header without options is right. */
export const isIpv4HeaderWhole = (memory: DataView, at: number): boolean => foldSum(sumHeader(memory, at)) === 0xffff;

/** The sum of a header without options, as its five words. */
const sumHeader = (memory: DataView, at: number): number =>
  memory.getUint32(at) +
  memory.getUint32(at + 4) +
  memory.getUint32(at + 8) +
  memory.getUint32(at + 12) +
  memory.getUint32(at + 16);

/** Reads a header that is known to be there; also that of a datagram quoted in part by an ICMP error. */
function readHeader(bytes: Uint8Array, header: number, total: number): Ipv4Packet {
  const fragment = u16(bytes, 6);
  return {
    tos: u8(bytes, 1),
    identification: u16(bytes, 4),
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & OFFSET_MASK) * 8,
    ttl: u8(bytes, 8),
    protocol: u8(bytes, 9),
    source: u32(bytes, 12) as Ipv4Address,
    destination: u32(bytes, 16) as Ipv4Address,
    options: header === IPV4_HLEN ? NO_BYTES : bytes.subarray(IPV4_HLEN, header),
    payload: bytes.subarray(header, total),
  };
}

/**
 * Reads the beginning of a datagram, as an ICMP error quotes it: its checksum and its length cannot be checked any more.
 */
export function parseQuotedIpv4(bytes: Uint8Array): Ipv4Packet | undefined {
  const header = (u8(bytes, 0) & 0xf) * 4;
  const whole = bytes.length >= IPV4_HLEN && u8(bytes, 0) >>> 4 === 4 && header >= IPV4_HLEN && bytes.length >= header;
  return whole ? readHeader(bytes, header, bytes.length) : undefined;
}

/** Writes a datagram. */
export function buildIpv4(packet: Ipv4Packet): Uint8Array {
  const header = headerBytes(packet);
  const total = totalBytes(packet);
  assert(total <= IPV4_TOTAL_MAX, "a datagram has at most 65,535 bytes");
  assert(packet.options.length % 4 === 0 && packet.options.length <= IPV4_OPTIONS_MAX, "options fill whole words");
  assert(packet.fragmentOffset % 8 === 0, "a fragment begins at a multiple of 8");
  const bytes = new Uint8Array(total);
  bytes[0] = 0x40 | (header / 4);
  bytes[1] = packet.tos;
  put16(bytes, 2, total);
  put16(bytes, 4, packet.identification);
  const flags = (packet.dontFragment ? DONT_FRAGMENT : 0) | (packet.moreFragments ? MORE_FRAGMENTS : 0);
  put16(bytes, 6, flags | (packet.fragmentOffset / 8));
  bytes[8] = packet.ttl;
  bytes[9] = packet.protocol;
  put32(bytes, 12, packet.source);
  put32(bytes, 16, packet.destination);
  bytes.set(packet.options, IPV4_HLEN);
  put16(bytes, 10, checksum(bytes.subarray(0, header)));
  bytes.set(packet.payload, header);
  return bytes;
}

/**
 * Writes the header of a whole datagram without options into memory, with its checksum.
 *
 * @param wishes what its sender has said of his datagrams.
 * @param total bytes of the datagram, this header included.
 */
export function putIpv4Header(
  memory: DataView,
  at: number,
  wishes: { readonly tos: number; readonly ttl: number; readonly pmtudisc: "want" | "do" | "dont" },
  total: number,
  identification: number,
  protocol: number,
  { source, destination }: Pick<Ipv4Packet, "source" | "destination">,
): void {
  memory.setUint8(at, 0x40 | (IPV4_HLEN / 4));
  memory.setUint8(at + 1, wishes.tos);
  memory.setUint16(at + 2, total);
  memory.setUint16(at + 4, identification);
  memory.setUint16(at + 6, wishes.pmtudisc === "dont" ? 0 : DONT_FRAGMENT);
  memory.setUint32(at + 8, (wishes.ttl << 24) | (protocol << 16));
  memory.setUint32(at + 12, source);
  memory.setUint32(at + 16, destination);
  memory.setUint16(at + 10, ~foldSum(sumHeader(memory, at)));
}
