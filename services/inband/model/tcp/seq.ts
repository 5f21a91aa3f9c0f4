/**
 * A sequence number: an unsigned 32-bit integer that wraps (RFC 9293 §3.4).
 *
 * Buffers and the scoreboard do not count in sequence numbers but in offsets into the stream: 0 is the first byte after
 * SYN, and FIN is at the offset behind the last byte. Offsets never wrap, so what is sorted by them stays sorted.
 */
export type Seq = number;

/** The sequence number `n` further on (or back). */
export const seqAdd = (a: Seq, n: number): Seq => (a + n) >>> 0;

/** How far `a` is ahead of `b`, between -2^31 and 2^31 - 1. */
export const seqDiff = (a: Seq, b: Seq): number => (a - b) | 0;

/** `a` comes before `b`. */
export const seqLess = (a: Seq, b: Seq): boolean => ((a - b) | 0) < 0;

/** `a` comes before `b`, or is the same. */
export const seqLessEq = (a: Seq, b: Seq): boolean => ((a - b) | 0) <= 0;
