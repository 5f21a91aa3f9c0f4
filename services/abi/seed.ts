/** How a seed is written, for error messages. */
export const SEED_FORM =
  'a quoted number of at most 64 bits, such as "1" or "0x5eed01" (a bare one would be rounded beyond 53 bits)';

/** A seed as people write it, decimal or 0x and hexadecimal digits; undefined for anything else. */
export function parseSeed(text: string): bigint | undefined {
  if (!/^(0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(text)) return undefined;
  const seed = BigInt(text);
  return seed < 2n ** 64n ? seed : undefined;
}

/** A seed as it is printed, and as `--seed` takes it. */
export const seedText = (seed: bigint): string => `0x${seed.toString(16)}`;
