/**
 * A number of 64 bits of which some are known: a tristate number, as the kernel's verifier tracks them (kernel/bpf/tnum.c). Each
 * bit is 0, 1, or unknown; an unknown one is set in `mask` and clear in `value`.
 */
export interface Tnum {
  readonly value: bigint;
  readonly mask: bigint;
}

const U64 = (1n << 64n) - 1n;
const u64 = (n: bigint): bigint => BigInt.asUintN(64, n);

/** Nothing is known. */
export const TNUM_UNKNOWN: Tnum = { value: 0n, mask: U64 };

/** One number. */
export const tnumConst = (value: bigint): Tnum => ({ value: u64(value), mask: 0n });

/** What the numbers from one to another have in common: the bits above the highest one in which the two ends differ. */
export function tnumRange(min: bigint, max: bigint): Tnum {
  const differing = min ^ max;
  const below = differing === 0n ? 0n : (1n << BigInt(differing.toString(2).length)) - 1n;
  return { value: min & u64(~below), mask: below };
}

/** a + b: where a carry may or may not come in, the bit is unknown. */
export function tnumAdd(a: Tnum, b: Tnum): Tnum {
  const low = u64(a.value + b.value);
  const high = u64(low + a.mask + b.mask);
  return known(low, (low ^ high) | a.mask | b.mask);
}

/** a - b, likewise with the borrow. */
export function tnumSub(a: Tnum, b: Tnum): Tnum {
  const difference = u64(a.value - b.value);
  const high = u64(difference + a.mask);
  const low = u64(difference - b.mask);
  return known(difference, (high ^ low) | a.mask | b.mask);
}

const known = (value: bigint, mask: bigint): Tnum => ({ value: value & u64(~mask), mask });

/** a & b. */
export function tnumAnd(a: Tnum, b: Tnum): Tnum {
  const ones = a.value & b.value;
  return { value: ones, mask: (a.value | a.mask) & (b.value | b.mask) & u64(~ones) };
}

/** a | b. */
export function tnumOr(a: Tnum, b: Tnum): Tnum {
  const ones = a.value | b.value;
  return { value: ones, mask: (a.mask | b.mask) & u64(~ones) };
}

/** a ^ b. */
export const tnumXor = (a: Tnum, b: Tnum): Tnum => known(a.value ^ b.value, a.mask | b.mask);

/** a * b: exact for two numbers; else the zeros at the end add up. */
export function tnumMul(a: Tnum, b: Tnum): Tnum {
  if (a.mask === 0n && b.mask === 0n) return tnumConst(a.value * b.value);
  const zeros = zerosBelow(a) + zerosBelow(b);
  return { value: 0n, mask: zeros >= 64n ? 0n : u64(U64 << zeros) };
}

function zerosBelow({ value, mask }: Tnum): bigint {
  const possible = value | mask;
  return possible === 0n ? 64n : BigInt((possible & -possible).toString(2).length - 1);
}

/** Shifted to the left. */
export const tnumLsh = ({ value, mask }: Tnum, by: bigint): Tnum => ({
  value: u64(value << by),
  mask: u64(mask << by),
});

/** Shifted to the right, with zeros coming in. */
export const tnumRsh = ({ value, mask }: Tnum, by: bigint): Tnum => ({ value: value >> by, mask: mask >> by });

/** Shifted to the right, with the sign coming in, in a register of so many bits. */
export const tnumArsh = ({ value, mask }: Tnum, by: bigint, bits: number): Tnum => ({
  value: BigInt.asUintN(bits, BigInt.asIntN(bits, value) >> by),
  mask: BigInt.asUintN(bits, BigInt.asIntN(bits, mask) >> by),
});

/** What both say; undefined where they contradict each other: no number is in both. */
export function tnumIntersect(a: Tnum, b: Tnum): Tnum | undefined {
  if (((a.value ^ b.value) & u64(~(a.mask | b.mask))) !== 0n) return undefined;
  const mask = a.mask & b.mask;
  return { value: (a.value | b.value) & u64(~mask), mask };
}

/** Its lower half; the upper one is zero. */
export const tnumLow = ({ value, mask }: Tnum): Tnum => ({ value: value & 0xffff_ffffn, mask: mask & 0xffff_ffffn });

/** The upper half of one with the lower half of another. */
export const tnumWithLow = (high: Tnum, low: Tnum): Tnum => ({
  value: (high.value & ~0xffff_ffffn) | (low.value & 0xffff_ffffn),
  mask: (high.mask & ~0xffff_ffffn) | (low.mask & 0xffff_ffffn),
});

/** Whether all numbers of `part` are among those of `whole`. */
export const tnumWithin = (part: Tnum, whole: Tnum): boolean =>
  (part.mask & u64(~whole.mask)) === 0n && (part.value & u64(~whole.mask)) === whole.value;
