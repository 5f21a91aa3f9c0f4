/**
 * Bytes, and numbers in network byte order. Reading beyond the end gives zeros and never throws, so a parser that checks one length
 * too few is wrong in its answer, not in memory; the fuzz test hunts for the first, nothing can do the second.
 */

/** No bytes. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** The byte at a place. */
export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** The 16 bits at a place. */
export const u16 = (bytes: Uint8Array, at: number): number => (u8(bytes, at) << 8) | u8(bytes, at + 1);

/** The 32 bits at a place, unsigned. */
export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);

/** Writes 16 bits. */
export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** Writes 32 bits. */
export function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value & 0xffff);
}

/** Parts one behind the other; the one part itself, where there is one only. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
