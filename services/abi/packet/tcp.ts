import { assert } from "../assert.ts";
import { NO_BYTES } from "./bytes.ts";
import { checksumIn, pseudoHeaderSum } from "./checksum.ts";
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
  const { buffer, byteOffset, length } = bytes;
  const drop = reader.read(new DataView(buffer), ends, byteOffset, byteOffset + length);
  return drop === undefined ? parsed(reader.segment) : dropped(drop);
}

/**
 * Reads segments one after the other, all into the same object: for whoever is done with one before the next one comes, and leaves
 * nothing for the collector.
 */
export class TcpReader {
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
   * Reads a segment out of a range of memory. Options that are broken end the list and are no reason to drop it (RFC 9293 §3.1,
   * MUST-7).
   *
   * @returns undefined: it was read.
   */
  read(memory: DataView, { source, destination }: Ends, from: number, to: number): TcpDrop | undefined {
    const length = to - from;
    if (length < TCP_HLEN) return "tcp_short";
    const headerBytes = (memory.getUint8(from + 12) >>> 4) * 4;
    if (headerBytes < TCP_HLEN || headerBytes > length) return "tcp_data_offset";
    const sum = pseudoHeaderSum(source, destination, IPPROTO.IPPROTO_TCP, length);
    if (checksumIn(memory, from, to, sum) !== 0) return "tcp_checksum";
    const segment = this.#segment;
    segment.sourcePort = memory.getUint16(from);
    segment.destinationPort = memory.getUint16(from + 2);
    segment.seq = memory.getUint32(from + 4);
    segment.ack = memory.getUint32(from + 8);
    segment.flags = memory.getUint8(from + 13);
    segment.window = memory.getUint16(from + 14);
    segment.urgent = memory.getUint16(from + 18);
    this.#readOptions(memory, from + TCP_HLEN, from + headerBytes);
    segment.payload =
      headerBytes === length ? NO_BYTES : new Uint8Array(memory.buffer, from + headerBytes, length - headerBytes);
    return undefined;
  }

  /** Reads options until they end, or until one has a length that it cannot have. */
  #readOptions(memory: DataView, from: number, end: number): void {
    const segment = this.#segment;
    segment.mss = undefined;
    segment.windowScale = undefined;
    segment.sackPermitted = undefined;
    segment.sack = undefined;
    segment.timestamp = undefined;
    if (end === from + 12 && memory.getUint32(from) === ALIGNED_TIMESTAMP) {
      this.#readTimestamp(memory, from + 4);
      return;
    }
    for (let at = from; at < end;) {
      const kind = memory.getUint8(at);
      if (kind === OPTION.END) return;
      if (kind === OPTION.NO_OPERATION) {
        at += 1;
        continue;
      }
      // RFC 9293 §3.1, MUST-7: an illegal length is survived; what follows cannot be found any more.
      const length = at + 1 < end ? memory.getUint8(at + 1) : 0;
      if (length < 2 || at + length > end) return;
      this.#readOption(memory, at, kind, length);
      at += length;
    }
  }

  /** Reads one option. One that we do not know, or whose length is not its own, says nothing (RFC 9293 §3.1, MUST-6). */
  #readOption(memory: DataView, at: number, kind: number, length: number): void {
    const segment = this.#segment;
    if (kind === OPTION.MSS && length === 4) segment.mss = memory.getUint16(at + 2);
    if (kind === OPTION.WINDOW_SCALE && length === 3) segment.windowScale = memory.getUint8(at + 2);
    if (kind === OPTION.SACK_PERMITTED && length === 2) segment.sackPermitted = true;
    if (kind === OPTION.TIMESTAMPS && length === 10) this.#readTimestamp(memory, at + 2);
    if (kind === OPTION.SACK && length >= 10 && (length - 2) % 8 === 0) {
      const sack: SackBlock[] = [];
      for (let block = at + 2; block < at + length; block += 8)
        sack.push([memory.getUint32(block), memory.getUint32(block + 4)]);
      segment.sack = sack;
    }
  }

  #readTimestamp(memory: DataView, at: number): void {
    const timestamp = this.#timestamp;
    timestamp.value = memory.getUint32(at);
    timestamp.echo = memory.getUint32(at + 4);
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
  writeTcp(segment, ends, bytes, 0, new DataView(bytes.buffer), 0);
  return bytes;
}

/**
 * Writes a segment to the end of bytes, from a place behind which there are as many as it takes; in the memory in which they lie
 * that place is `at`.
 */
export function writeTcp(
  segment: TcpSegment,
  { source, destination }: Ends,
  bytes: Uint8Array,
  from: number,
  memory: DataView,
  at: number,
): void {
  const headerBytes = tcpHeaderBytes(segment);
  const { payload } = segment;
  const length = headerBytes + payload.length;
  assert(headerBytes <= TCP_HLEN + OPTIONS_MAX, "the options of a segment fit into its header");
  assert(bytes.length === from + length, "a segment is written into as many bytes as it takes");
  memory.setUint16(at, segment.sourcePort);
  memory.setUint16(at + 2, segment.destinationPort);
  memory.setUint32(at + 4, segment.seq);
  memory.setUint32(at + 8, segment.ack);
  memory.setUint16(at + 12, (headerBytes << 10) | segment.flags);
  memory.setUint16(at + 14, segment.window);
  memory.setUint32(at + 16, segment.urgent);
  if (headerBytes > TCP_HLEN) writeOptions(memory, at + TCP_HLEN, segment);
  if (payload.length > 0) bytes.set(payload, from + headerBytes);
  const sum = pseudoHeaderSum(source, destination, IPPROTO.IPPROTO_TCP, length);
  memory.setUint16(at + 16, checksumIn(memory, at, at + length, sum));
}

/** Writes the options in the order in which Linux has them, aligned to words. */
function writeOptions(memory: DataView, from: number, segment: TcpSegment): void {
  let at = from;
  const { mss, windowScale, sackPermitted, sack, timestamp } = segment;
  if (mss !== undefined) {
    memory.setUint8(at, OPTION.MSS);
    memory.setUint8(at + 1, 4);
    memory.setUint16(at + 2, mss);
    at += 4;
  }
  if (timestamp !== undefined) {
    memory.setUint8(at, sackPermitted === true ? OPTION.SACK_PERMITTED : OPTION.NO_OPERATION);
    memory.setUint8(at + 1, sackPermitted === true ? 2 : OPTION.NO_OPERATION);
    memory.setUint8(at + 2, OPTION.TIMESTAMPS);
    memory.setUint8(at + 3, 10);
    memory.setUint32(at + 4, timestamp.value);
    memory.setUint32(at + 8, timestamp.echo);
    at += 12;
  } else if (sackPermitted === true) {
    memory.setUint16(at, (OPTION.NO_OPERATION << 8) | OPTION.NO_OPERATION);
    memory.setUint8(at + 2, OPTION.SACK_PERMITTED);
    memory.setUint8(at + 3, 2);
    at += 4;
  }
  if (windowScale !== undefined) {
    memory.setUint8(at, OPTION.NO_OPERATION);
    memory.setUint8(at + 1, OPTION.WINDOW_SCALE);
    memory.setUint8(at + 2, 3);
    memory.setUint8(at + 3, windowScale);
    at += 4;
  }
  if (sack !== undefined && sack.length > 0) {
    memory.setUint16(at, (OPTION.NO_OPERATION << 8) | OPTION.NO_OPERATION);
    memory.setUint8(at + 2, OPTION.SACK);
    memory.setUint8(at + 3, 2 + sack.length * 8);
    at += 4;
    for (const [left, right] of sack) {
      memory.setUint32(at, left);
      memory.setUint32(at + 4, right);
      at += 8;
    }
  }
}
