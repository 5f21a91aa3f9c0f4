/**
 * A 53-bit hash of a text, evenly spread (two multiplicative lanes, finished as MurmurHash3 does). Every decision by
 * chance that must not shift when something else is added or removed is made from it: nothing is drawn from a stream.
 */
export function hash53(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/** The hash as a fraction in [0, 1). */
export const hashFraction = (text: string): number => hash53(text) / 2 ** 53;
