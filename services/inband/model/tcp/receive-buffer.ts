import { assert } from "../../../abi/assert.ts";
import { UNSHARED, type BufferPool } from "./buffer-pool.ts";
import { ByteRing } from "./byte-ring.ts";
import { OutOfOrder } from "./out-of-order.ts";

/**
 * How far beyond a gap it takes something: so many bytes, and so many times what it holds. A peer that sends a single byte at the
 * end of a wide window must not make us reserve the window; and what is not taken is only sent again.
 */
const SPAN_BYTES = 128 * 1024;
const SPAN_TIMES = 8;

/**
 * What came in and was not read yet.
 *
 *     read | start ... readable ... next ... missing ... [held] ... missing ... [held] ... limit
 *
 * `next` is RCV.NXT as an offset. Bytes come to lie at their final place, whether they are next or beyond a gap, so each
 * is copied once. A byte that is held is never changed by a later segment: of retransmissions with different content,
 * the first that came is read. Without content it has no memory.
 */
export class ReceiveBuffer {
  readonly #ring: ByteRing;
  /** Made when the first segment comes out of order. */
  #beyond: OutOfOrder | undefined;
  #bytesMax: number;
  #start = 0;
  #next = 0;
  #limit: number;
  /** The last duplicate, until it is reported; no duplicate while they are equal. */
  #duplicateFrom = 0;
  #duplicateTo = 0;

  /** @param bytesMax how many bytes it holds at most, gaps included (SO_RCVBUF). */
  constructor(bytesMax: number, pool: BufferPool = UNSHARED) {
    this.#ring = new ByteRing(pool);
    this.#bytesMax = bytesMax;
    this.#limit = bytesMax;
  }

  /** Offset of the first readable byte. */
  get start(): number {
    return this.#start;
  }

  /** Offset behind the last readable byte: RCV.NXT, but for SYN and FIN. */
  get next(): number {
    return this.#next;
  }

  /** Bytes that can be read. */
  get readable(): number {
    return this.#next - this.#start;
  }

  /** How many bytes from `next` on would find room: what may be advertised as a window. */
  get room(): number {
    return Math.max(0, this.#start + this.#bytesMax - this.#next);
  }

  /** Bytes beyond a gap. */
  get held(): number {
    return this.#beyond?.bytes ?? 0;
  }

  /** Stretches beyond gaps. */
  get ranges(): number {
    return this.#beyond?.count ?? 0;
  }

  /** Bytes of memory behind it. */
  get capacity(): number {
    return this.#ring.capacity;
  }

  /**
   * Changes how much it holds. A smaller buffer takes effect for what is advertised from now on; what was advertised before
   * is still taken, since a window is not to be shrunk (RFC 9293 §3.8.6).
   */
  setBytesMax(bytesMax: number): void {
    this.#bytesMax = bytesMax;
    this.#limit = Math.max(this.#limit, this.#start + bytesMax);
  }

  /**
   * Takes what it does not hold yet, up to its limit.
   *
   * @returns how many bytes became readable.
   */
  insert(offset: number, bytes: Uint8Array): number {
    const end = Math.min(offset + bytes.length, this.#limit);
    if (offset === this.#next && this.#beyond === undefined) {
      // In order, with nothing beyond: nearly always.
      if (end <= offset) return 0;
      this.#ring.reserve(this.#start, end);
      this.#ring.write(offset, end - offset === bytes.length ? bytes : bytes.subarray(0, end - offset));
      this.#next = end;
      return end - offset;
    }
    if (offset < this.#next && bytes.length > 0) this.noteDuplicate(offset, Math.min(end, this.#next));
    const from = Math.max(offset, this.#next);
    return from >= end ? 0 : this.#insertBeyond(from, end, bytes.subarray(from - offset, end - offset));
  }

  /** A segment came again: the next acknowledgement with SACK blocks tells it (RFC 2883). */
  noteDuplicate(from: number, to: number): void {
    if (from >= to) return;
    this.#duplicateFrom = from;
    this.#duplicateTo = to;
  }

  /**
   * What to report as SACK blocks: offsets in pairs, first the duplicate that came last (RFC 2883 §4), once, then the
   * stretches beyond gaps, that one first which a segment came to last (RFC 2018 §4).
   */
  sackBlocks(blocksMax: number): readonly number[] {
    const blocks: number[] = [];
    if (this.#duplicateFrom < this.#duplicateTo) {
      blocks.push(this.#duplicateFrom, this.#duplicateTo);
      this.#duplicateTo = this.#duplicateFrom;
    }
    this.#beyond?.report(blocks, blocksMax);
    return blocks;
  }

  /** There is something to report, so that an acknowledgement is due at once (RFC 5681 §4.2). */
  get hasBlocks(): boolean {
    return this.#beyond !== undefined || this.#duplicateFrom < this.#duplicateTo;
  }

  /** Takes up to so many bytes out, into the beginning of `into` where that is given. */
  read(bytesMax: number, into?: Uint8Array): Uint8Array {
    const bytes = into === undefined ? this.peek(bytesMax) : this.#peekInto(into, bytesMax);
    this.skip(bytes.length);
    return bytes;
  }

  /** A copy of up to so many readable bytes, which stay. */
  peek(bytesMax: number): Uint8Array {
    const length = Math.min(bytesMax, this.readable);
    return length === 0 ? new Uint8Array(0) : this.#ring.copy(this.#start, length);
  }

  /** The readable byte at an offset. */
  byteAt(offset: number): number | undefined {
    return offset >= this.#start && offset < this.#next ? this.#ring.byteAt(offset) : undefined;
  }

  /** Forgets up to so many readable bytes; says how many. */
  skip(bytesMax: number): number {
    const length = Math.min(bytesMax, this.readable);
    this.#start += length;
    this.#limit = Math.max(this.#limit, this.#start + this.#bytesMax);
    if (this.#start === this.#next && this.#beyond === undefined) this.#ring.free();
    return length;
  }

  /** Forgets all: the connection has ended, or nobody will read. */
  clear(): void {
    this.#beyond = undefined;
    this.skip(this.readable);
  }

  #peekInto(into: Uint8Array, bytesMax: number): Uint8Array {
    const length = Math.min(bytesMax, into.length, this.readable);
    this.#ring.copyInto(this.#start, length, into);
    return length === into.length ? into : into.subarray(0, length);
  }

  #insertBeyond(from: number, end: number, bytes: Uint8Array): number {
    const beyond = (this.#beyond ??= new OutOfOrder());
    const near = end - this.#start <= SPAN_BYTES + SPAN_TIMES * (this.readable + beyond.bytes + bytes.length);
    if (from === this.#next || (near && beyond.takes(from, end))) {
      this.#ring.reserve(this.#start, Math.max(end, beyond.end));
      const duplicate = beyond.insert(from, end, bytes, this.#ring);
      if (duplicate !== undefined) this.noteDuplicate(duplicate.from, duplicate.to);
    }
    const next = beyond.advance(this.#next);
    if (beyond.count === 0) this.#beyond = undefined;
    const became = next - this.#next;
    this.#next = next;
    assert(this.#next <= this.#limit, "nothing beyond the limit was taken");
    return became;
  }
}
