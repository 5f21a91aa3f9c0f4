import type { Ipv4Address } from "./ipv4-address.ts";

/** Below it, making a view of the words takes longer than what they save. */
const WORDS_FROM_BYTES = 96;
const NO_WORDS = new Uint32Array(0);
/** Whether this machine keeps the low byte of a word first. The sum is the same but for its two bytes (RFC 1071 §2 (B)). */
const LOW_BYTE_FIRST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Adds the bytes as 16-bit words to a running sum; an odd last byte counts as if a zero followed (RFC 1071 §1). What it answers is
 * to be folded.
 */
export function sumWords(bytes: Uint8Array, sum = 0): number {
  const { byteOffset, length } = bytes;
  if (length < WORDS_FROM_BYTES || (byteOffset & 1) === 1) return sumHalves(bytes, 0, length, sum);
  // The words of the machine lie at multiples of four; what stands before and behind them is added by itself.
  const before = byteOffset & 2;
  const words = (length - before) >> 2;
  const inner = foldSum(sumMachineWords(new Uint32Array(bytes.buffer, byteOffset + before, words), 0, words));
  const swapped = LOW_BYTE_FIRST ? ((inner & 0xff) << 8) | (inner >> 8) : inner;
  return sumHalves(bytes, before + words * 4, length, sumHalves(bytes, 0, before, sum + swapped));
}

/** Sums up ranges, which mostly lie in the same memory: it keeps a view of the words of the last one. */
export class Summing {
  #words: Uint32Array = NO_WORDS;
  /** The memory of these words. To ask an array for its memory takes as long as a third of a segment's sum. */
  #memory: ArrayBufferLike = NO_WORDS.buffer;

  /** The checksum of a range of the bytes. */
  checksum(bytes: Uint8Array, from: number, to: number, sum: number): number {
    return ~foldSum(this.#sum(bytes, from, to, sum)) & 0xffff;
  }

  #sum(bytes: Uint8Array, from: number, to: number, sum: number): number {
    if (to - from < WORDS_FROM_BYTES) return sumHalves(bytes, from, to, sum);
    const offset = bytes.byteOffset;
    const start = offset + from;
    if ((start & 1) === 1) return sumHalves(bytes, from, to, sum);
    const { buffer } = bytes;
    if (this.#memory !== buffer) {
      this.#memory = buffer;
      this.#words = new Uint32Array(buffer, 0, buffer.byteLength >> 2);
    }
    // The words of the machine lie at multiples of four; what stands before and behind them is added by itself.
    const before = from + (start & 2);
    const first = (offset + before) >> 2;
    const behind = (offset + to) >> 2;
    const inner = foldSum(sumMachineWords(this.#words, first, behind));
    const swapped = LOW_BYTE_FIRST ? ((inner & 0xff) << 8) | (inner >> 8) : inner;
    return sumHalves(bytes, behind * 4 - offset, to, sumHalves(bytes, from, before, sum + swapped));
  }
}

/** The bytes of a range, two by two, as they stand on the wire: for headers, which are short. */
export function sumHalves(bytes: Uint8Array, from: number, to: number, sum: number): number {
  const even = from + ((to - from) & ~1);
  // 65,535 bytes add up to less than 2^31, and a number holds 2^53: folding can wait for the end (RFC 1071 §2, deferred
  // carries).
  for (let at = from; at < even; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return even === to ? sum : sum + ((bytes[even] ?? 0) << 8);
}

/** Four words at a time. A number holds two million words without a carry lost. */
function sumMachineWords(words: Uint32Array, from: number, to: number): number {
  const fours = from + ((to - from) & ~3);
  let sum = 0;
  for (let at = from; at < fours; at += 4)
    sum += (words[at] ?? 0) + (words[at + 1] ?? 0) + ((words[at + 2] ?? 0) + (words[at + 3] ?? 0));
  for (let at = fours; at < to; at++) sum += words[at] ?? 0;
  return sum;
}

/** Folds the carries in: the 16-bit one's complement sum. */
export function foldSum(sum: number): number {
  const low = sum >>> 0;
  // What is beyond 32 bits are less than 2^21, so two carries more are all that can come.
  const carried = (low & 0xffff) + (low >>> 16) + (sum - low) / 2 ** 32;
  const once = (carried & 0xffff) + (carried >>> 16);
  return (once & 0xffff) + (once >>> 16);
}

/** The internet checksum (RFC 1071): the complement of the sum. Over bytes that hold their own checksum it is 0. */
export const checksum = (bytes: Uint8Array, sum = 0): number => ~foldSum(sumWords(bytes, sum)) & 0xffff;

/** The checksum after one 16-bit word was replaced, without the other words (RFC 1624 §3, equation 3). */
export const replacedInChecksum = (old: number, from: number, to: number): number =>
  ~foldSum((~old & 0xffff) + (~from & 0xffff) + to) & 0xffff;

/** The sum of the pseudo header that UDP and TCP checksums begin with (RFC 768, RFC 9293 §3.1). */
export const pseudoHeaderSum = (
  source: Ipv4Address,
  destination: Ipv4Address,
  protocol: number,
  length: number,
): number => (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length;
