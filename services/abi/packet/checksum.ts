import type { Ipv4Address } from "./ipv4-address.ts";

/** Below it, making a view takes longer than what words save. */
const WORDS_FROM_BYTES = 96;
/** Whether this machine keeps the low byte of a word first. The sum is the same but for its two bytes (RFC 1071 §2 (B)). */
const LOW_BYTE_FIRST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Adds the bytes as 16-bit words to a running sum; an odd last byte counts as if a zero followed (RFC 1071 §1). What it answers is
 * to be folded.
 */
export function sumWords(bytes: Uint8Array, sum = 0): number {
  const { length } = bytes;
  if (length >= WORDS_FROM_BYTES) return sumIn(new DataView(bytes.buffer, bytes.byteOffset, length), 0, length, sum);
  const even = length & ~1;
  for (let at = 0; at < even; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return even === length ? sum : sum + ((bytes[even] ?? 0) << 8);
}

/**
 * The same for a range of memory, by words of the machine: a number holds two million of them without a carry lost, so folding can
 * wait for the end (RFC 1071 §2, deferred carries). To add them up as integers, with their carries, takes half as long again.
 */
function sumIn(memory: DataView, from: number, to: number, sum: number): number {
  const eights = from + ((to - from) & ~31);
  const words = from + ((to - from) & ~3);
  let inner = 0;
  let at = from;
  // Two sums of four do not wait for each other.
  for (; at < eights; at += 32) inner += sumFour(memory, at) + sumFour(memory, at + 16);
  for (; at < words; at += 4) inner += memory.getUint32(at, LOW_BYTE_FIRST);
  const folded = foldSum(inner);
  sum += LOW_BYTE_FIRST ? ((folded & 0xff) << 8) | (folded >> 8) : folded;
  if (to - at >= 2) {
    sum += memory.getUint16(at);
    at += 2;
  }
  return at === to ? sum : sum + (memory.getUint8(at) << 8);
}

const sumFour = (memory: DataView, at: number): number =>
  memory.getUint32(at, LOW_BYTE_FIRST) +
  memory.getUint32(at + 4, LOW_BYTE_FIRST) +
  (memory.getUint32(at + 8, LOW_BYTE_FIRST) + memory.getUint32(at + 12, LOW_BYTE_FIRST));

/** Folds the carries in: the 16-bit one's complement sum. */
export function foldSum(sum: number): number {
  const low = sum >>> 0;
  // What is beyond 32 bits are less than 2^21, so two carries more are all that can come.
  const carried = (low & 0xffff) + (low >>> 16) + (sum - low) / 2 ** 32;
  const once = (carried & 0xffff) + (carried >>> 16);
  return (once & 0xffff) + (once >>> 16);
}

/** The checksum of a range of memory, behind a running sum. */
export const checksumIn = (memory: DataView, from: number, to: number, sum: number): number =>
  ~foldSum(sumIn(memory, from, to, sum)) & 0xffff;

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
