import type { Ipv4Address } from "./ipv4-address.ts";

/** Adds the bytes as 16-bit words to a running sum; an odd last byte counts as if a zero followed (RFC 1071 §1). */
export function sumWords(bytes: Uint8Array, sum = 0): number {
  const even = bytes.length & ~1;
  // 65,535 bytes add up to less than 2^31, and a number holds 2^53: folding can wait for the end (RFC 1071 §2, deferred
  // carries).
  for (let at = 0; at < even; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return even === bytes.length ? sum : sum + ((bytes[even] ?? 0) << 8);
}

/** Folds the carries in: the 16-bit one's complement sum. */
export function foldSum(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
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
