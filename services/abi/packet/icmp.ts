import { put16, put32, u16, u32, u8 } from "./bytes.ts";
import { checksum, replacedInChecksum } from "./checksum.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Types under Linux's names (RFC 792). */
export const ICMP = {
  ICMP_ECHOREPLY: 0,
  ICMP_DEST_UNREACH: 3,
  ICMP_SOURCE_QUENCH: 4,
  ICMP_REDIRECT: 5,
  ICMP_ECHO: 8,
  ICMP_TIME_EXCEEDED: 11,
  ICMP_PARAMETERPROB: 12,
} as const;

/** Codes of a destination that cannot be reached. */
export const UNREACH = { ICMP_PROT_UNREACH: 2, ICMP_PORT_UNREACH: 3, ICMP_FRAG_NEEDED: 4 } as const;

/** The code of a reassembly that took too long. */
export const ICMP_EXC_FRAGTIME = 1;

const ICMP_HLEN = 8;

/** An ICMP message. The second word of the header means something else in each type. */
export interface IcmpPacket {
  readonly type: number;
  readonly code: number;
  /** Identifier and sequence of an echo; the next hop's MTU in its low half of ICMP_FRAG_NEEDED (RFC 1191 §4). */
  readonly rest: number;
  /** The data of an echo; of an error the beginning of what it is about. */
  readonly body: Uint8Array;
}

/** Reads a message. */
export function parseIcmp(bytes: Uint8Array): Parsed<IcmpPacket, "icmp_short" | "icmp_checksum"> {
  if (bytes.length < ICMP_HLEN) return dropped("icmp_short");
  if (checksum(bytes) !== 0) return dropped("icmp_checksum");
  return parsed({ type: u8(bytes, 0), code: u8(bytes, 1), rest: u32(bytes, 4), body: bytes.subarray(ICMP_HLEN) });
}

/** Writes a message. */
export function buildIcmp(packet: IcmpPacket): Uint8Array {
  const bytes = new Uint8Array(ICMP_HLEN + packet.body.length);
  bytes[0] = packet.type;
  bytes[1] = packet.code;
  put32(bytes, 4, packet.rest);
  bytes.set(packet.body, ICMP_HLEN);
  put16(bytes, 2, checksum(bytes));
  return bytes;
}

/**
 * The reply to an echo request that was parsed from these bytes: another type, all else returned as it came (RFC 792).
 */
export function buildEchoReply(request: Uint8Array): Uint8Array {
  const reply = request.slice();
  reply[0] = ICMP.ICMP_ECHOREPLY;
  // All ones is the same as zero and always right; zero is wrong for a reply that is zero throughout, since the sum of
  // nothing but zeros is not all ones.
  put16(reply, 2, replacedInChecksum(u16(request, 2), u16(request, 0), u16(reply, 0)) || 0xffff);
  return reply;
}

const ERRORS: readonly number[] = [
  ICMP.ICMP_DEST_UNREACH,
  ICMP.ICMP_SOURCE_QUENCH,
  ICMP.ICMP_REDIRECT,
  ICMP.ICMP_TIME_EXCEEDED,
  ICMP.ICMP_PARAMETERPROB,
];

/** Whether a type is an error message, about which no error may be sent (RFC 1122 §3.2.2). */
export const isIcmpError = (type: number): boolean => ERRORS.includes(type);
