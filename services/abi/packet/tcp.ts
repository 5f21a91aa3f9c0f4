import { assert } from "../assert.ts";
import { NO_BYTES, put16, put32, u16, u32, u8 } from "./bytes.ts";
import { pseudoHeaderSum, Summing } from "./checksum.ts";
import { IPPROTO } from "./ipv4.ts";
import type { Ipv4Address } from "./ipv4-address.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Bytes of the header without options. */
export const TCP_HLEN = 20;

/** The control bits of a segment (RFC 9293 §3.1). */
export const TCP_FLAG = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 } as const;

/** Kinds of options (IANA's registry; RFC 9293 §3.2, RFC 7323 §2.2 and §3.2, RFC 2018 §2 and §3). */
const OPTION = { END: 0, NO_OPERATION: 1, MSS: 2, WINDOW_SCALE: 3, SACK_PERMITTED: 4, SACK: 5, TIMESTAMPS: 8 } as const;

/** Bytes that the options of a segment may take: the data offset is four bits of 32-bit words. */
const OPTIONS_MAX = 40;

/** A range of sequence numbers that arrived: the first of it, and the one after its last (RFC 2018 §3). */
export type SackBlock = readonly [left: number, right: number];

/** A timestamps option: TSval and TSecr (RFC 7323 §3.2). */
export interface TcpTimestamp {
  readonly value: number;
  readonly echo: number;
}

/**
 * A segment (RFC 9293 §3.1). `payload` is a view into the memory that it was read from or will be written from, and valid
 * until the step that takes or makes the segment is done.
 */
export interface TcpSegment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  readonly ack: number;
  /** Bits of TCP_FLAG. */
  readonly flags: number;
  /** The field as it stands in the header, not scaled. */
  readonly window: number;
  /** The urgent pointer as it stands in the header: counts when URG is set. */
  readonly urgent: number;
  readonly mss?: number | undefined;
  readonly windowScale?: number | undefined;
  readonly sackPermitted?: true | undefined;
  readonly sack?: readonly SackBlock[] | undefined;
  readonly timestamp?: TcpTimestamp | undefined;
  readonly payload: Uint8Array;
}

/** Where a segment comes from and goes to: part of its checksum. */
interface Ends {
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
}

/** A segment while it is read. */
type Reading = { -readonly [K in keyof Required<TcpSegment>]: TcpSegment[K] };

/** The commonest options of a data segment, two paddings and a timestamp (RFC 7323 appendix A), as one word. */
const ALIGNED_TIMESTAMP = 0x0101_080a;

/** Why bytes are no segment. */
type TcpDrop = "tcp_short" | "tcp_data_offset" | "tcp_checksum";

/** Reads one segment. */
export function parseTcp(bytes: Uint8Array, ends: Ends): Parsed<TcpSegment, TcpDrop> {
  const reader = new TcpReader();
  const drop = reader.read(bytes, ends, 0, bytes.length);
  return drop === undefined ? parsed(reader.segment) : dropped(drop);
}

/**
 * Reads segments one after the other, all into the same object: for whoever is done with one before the next one comes, and leaves
 * nothing for the collector.
 */
export class TcpReader {
  readonly #sums = new Summing();
  readonly #timestamp = { value: 0, echo: 0 };
  readonly #segment: Reading = {
    sourcePort: 0,
    destinationPort: 0,
    seq: 0,
    ack: 0,
    flags: 0,
    window: 0,
    urgent: 0,
    mss: undefined,
    windowScale: undefined,
    sackPermitted: undefined,
    sack: undefined,
    timestamp: undefined,
    payload: NO_BYTES,
  };

  /** What was read last. */
  get segment(): TcpSegment {
    return this.#segment;
  }

  /**
   * Reads a segment out of a range of bytes. Options that are broken end the list and are no reason to drop it (RFC 9293 §3.1,
   * MUST-7).
   *
   * @returns undefined: it was read.
   */
  read(bytes: Uint8Array, { source, destination }: Ends, from: number, to: number): TcpDrop | undefined {
    const length = to - from;
    if (length < TCP_HLEN) return "tcp_short";
    const headerBytes = (u8(bytes, from + 12) >>> 4) * 4;
    if (headerBytes < TCP_HLEN || headerBytes > length) return "tcp_data_offset";
    const sum = pseudoHeaderSum(source, destination, IPPROTO.IPPROTO_TCP, length);
    if (this.#sums.checksum(bytes, from, to, sum) !== 0) return "tcp_checksum";
    const segment = this.#segment;
    segment.sourcePort = u16(bytes, from);
    segment.destinationPort = u16(bytes, from + 2);
    segment.seq = u32(bytes, from + 4);
    segment.ack = u32(bytes, from + 8);
    segment.flags = u8(bytes, from + 13);
    segment.window = u16(bytes, from + 14);
    segment.urgent = u16(bytes, from + 18);
    this.#readOptions(bytes, from + TCP_HLEN, from + headerBytes);
    segment.payload = headerBytes === length ? NO_BYTES : bytes.subarray(from + headerBytes, to);
    return undefined;
  }

  /** Reads options until they end, or until one has a length that it cannot have. */
  #readOptions(bytes: Uint8Array, from: number, end: number): void {
    const segment = this.#segment;
    segment.mss = undefined;
    segment.windowScale = undefined;
    segment.sackPermitted = undefined;
    segment.sack = undefined;
    segment.timestamp = undefined;
    if (end === from + 12 && u32(bytes, from) === ALIGNED_TIMESTAMP) {
      this.#readTimestamp(bytes, from + 4);
      return;
    }
    for (let at = from; at < end;) {
      const kind = u8(bytes, at);
      if (kind === OPTION.END) return;
      if (kind === OPTION.NO_OPERATION) {
        at += 1;
        continue;
      }
      const length = u8(bytes, at + 1);
      // RFC 9293 §3.1, MUST-7: an illegal length is survived; what follows cannot be found any more.
      if (length < 2 || at + length > end) return;
      this.#readOption(bytes, at, kind, length);
      at += length;
    }
  }

  /** Reads one option. One that we do not know, or whose length is not its own, says nothing (RFC 9293 §3.1, MUST-6). */
  #readOption(bytes: Uint8Array, at: number, kind: number, length: number): void {
    const segment = this.#segment;
    if (kind === OPTION.MSS && length === 4) segment.mss = u16(bytes, at + 2);
    if (kind === OPTION.WINDOW_SCALE && length === 3) segment.windowScale = u8(bytes, at + 2);
    if (kind === OPTION.SACK_PERMITTED && length === 2) segment.sackPermitted = true;
    if (kind === OPTION.TIMESTAMPS && length === 10) this.#readTimestamp(bytes, at + 2);
    if (kind === OPTION.SACK && length >= 10 && (length - 2) % 8 === 0) {
      const sack: SackBlock[] = [];
      for (let block = at + 2; block < at + length; block += 8) sack.push([u32(bytes, block), u32(bytes, block + 4)]);
      segment.sack = sack;
    }
  }

  #readTimestamp(bytes: Uint8Array, at: number): void {
    const timestamp = this.#timestamp;
    timestamp.value = u32(bytes, at);
    timestamp.echo = u32(bytes, at + 4);
    this.#segment.timestamp = timestamp;
  }
}

/** Bytes of the header of a segment with its options. */
export function tcpHeaderBytes(segment: TcpSegment): number {
  let options = segment.timestamp === undefined ? 0 : 12;
  if (segment.mss !== undefined) options += 4;
  if (segment.windowScale !== undefined) options += 4;
  // Beside a timestamp it stands in the place of its two paddings.
  if (segment.sackPermitted === true && segment.timestamp === undefined) options += 4;
  if (segment.sack !== undefined && segment.sack.length > 0) options += 4 + segment.sack.length * 8;
  return TCP_HLEN + options;
}

/** Writes a segment. */
export function buildTcp(segment: TcpSegment, ends: Ends): Uint8Array {
  const bytes = new Uint8Array(tcpHeaderBytes(segment) + segment.payload.length);
  writeTcp(segment, ends, bytes, 0, new Summing());
  return bytes;
}

/** Writes a segment to the end of bytes, from a place behind which there are as many as it takes. */
export function writeTcp(
  segment: TcpSegment,
  { source, destination }: Ends,
  bytes: Uint8Array,
  from: number,
  sums: Summing,
): void {
  const headerBytes = tcpHeaderBytes(segment);
  const { payload } = segment;
  const length = headerBytes + payload.length;
  assert(headerBytes <= TCP_HLEN + OPTIONS_MAX, "the options of a segment fit into its header");
  assert(bytes.length === from + length, "a segment is written into as many bytes as it takes");
  put16(bytes, from, segment.sourcePort);
  put16(bytes, from + 2, segment.destinationPort);
  put32(bytes, from + 4, segment.seq);
  put32(bytes, from + 8, segment.ack);
  bytes[from + 12] = (headerBytes / 4) << 4;
  bytes[from + 13] = segment.flags;
  put16(bytes, from + 14, segment.window);
  put16(bytes, from + 16, 0);
  put16(bytes, from + 18, segment.urgent);
  if (headerBytes > TCP_HLEN) writeOptions(bytes, from + TCP_HLEN, segment);
  if (payload.length > 0) bytes.set(payload, from + headerBytes);
  const sum = pseudoHeaderSum(source, destination, IPPROTO.IPPROTO_TCP, length);
  put16(bytes, from + 16, sums.checksum(bytes, from, from + length, sum));
}

/** Writes the options in the order in which Linux has them, aligned to words. */
function writeOptions(bytes: Uint8Array, from: number, segment: TcpSegment): void {
  let at = from;
  const { mss, windowScale, sackPermitted, sack, timestamp } = segment;
  if (mss !== undefined) {
    bytes[at] = OPTION.MSS;
    bytes[at + 1] = 4;
    put16(bytes, at + 2, mss);
    at += 4;
  }
  if (timestamp !== undefined) {
    bytes[at] = sackPermitted === true ? OPTION.SACK_PERMITTED : OPTION.NO_OPERATION;
    bytes[at + 1] = sackPermitted === true ? 2 : OPTION.NO_OPERATION;
    bytes[at + 2] = OPTION.TIMESTAMPS;
    bytes[at + 3] = 10;
    put32(bytes, at + 4, timestamp.value);
    put32(bytes, at + 8, timestamp.echo);
    at += 12;
  } else if (sackPermitted === true) {
    put16(bytes, at, (OPTION.NO_OPERATION << 8) | OPTION.NO_OPERATION);
    bytes[at + 2] = OPTION.SACK_PERMITTED;
    bytes[at + 3] = 2;
    at += 4;
  }
  if (windowScale !== undefined) {
    bytes[at] = OPTION.NO_OPERATION;
    bytes[at + 1] = OPTION.WINDOW_SCALE;
    bytes[at + 2] = 3;
    bytes[at + 3] = windowScale;
    at += 4;
  }
  if (sack !== undefined && sack.length > 0) {
    put16(bytes, at, (OPTION.NO_OPERATION << 8) | OPTION.NO_OPERATION);
    bytes[at + 2] = OPTION.SACK;
    bytes[at + 3] = 2 + sack.length * 8;
    at += 4;
    for (const [left, right] of sack) {
      put32(bytes, at, left);
      put32(bytes, at + 4, right);
      at += 8;
    }
  }
}
