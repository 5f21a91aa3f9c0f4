import {
  FULL,
  isEmpty,
  rangeConst,
  rangeDeduce,
  rangeIntersect,
  rangeWithin,
  type Range,
  type Width,
} from "./range.ts";
import {
  TNUM_UNKNOWN,
  tnumConst,
  tnumIntersect,
  tnumLow,
  tnumRange,
  tnumWithin,
  tnumWithLow,
  type Tnum,
} from "./tnum.ts";

/** What is known of a number in a register: its bits, its bounds, and the bounds of its lower half. */
export interface Scalar {
  readonly bits: Tnum;
  readonly r64: Range;
  readonly r32: Range;
}

/** Nothing is known. */
export const UNKNOWN: Scalar = { bits: TNUM_UNKNOWN, r64: FULL[64], r32: FULL[32] };

/** One number. */
export const constant = (value: bigint): Scalar => ({
  bits: tnumConst(value),
  r64: rangeConst(value, 64),
  r32: rangeConst(value, 32),
});

/** Zero. */
export const ZERO: Scalar = constant(0n);

/** Whether it is one number: `bits.value`. */
export const isConstant = ({ bits }: Scalar): boolean => bits.mask === 0n;

/** The bounds that bits set. */
function rangeOfBits({ value, mask }: Tnum, width: Width): Range {
  const sign = 1n << BigInt(width - 1);
  const [low, high] = [BigInt.asUintN(width, value), BigInt.asUintN(width, value | mask)];
  return {
    umin: low,
    umax: high,
    smin: BigInt.asIntN(width, low | (mask & sign)),
    smax: BigInt.asIntN(width, low | (BigInt.asUintN(width, mask) & ~sign)),
  };
}

const LOW = 0xffff_ffffn;

/** What the whole number says of its lower half: where the upper half is the same at both ends, the lower one keeps its order. */
function lowOf(r64: Range): Range {
  let low: Range = FULL[32];
  if (r64.umin >> 32n === r64.umax >> 32n) low = { ...low, umin: r64.umin & LOW, umax: r64.umax & LOW };
  if (r64.smin >> 32n === r64.smax >> 32n) {
    low = rangeIntersect(low, { ...FULL[32], umin: BigInt.asUintN(32, r64.smin), umax: BigInt.asUintN(32, r64.smax) });
  }
  const full = FULL[32];
  if (r64.smin >= full.smin && r64.smax <= full.smax) low = { ...low, smin: r64.smin, smax: r64.smax };
  return low;
}

/** What the lower half says of the whole: the ends move inwards until their lower halves are possible. */
function wholeOf(r64: Range, r32: Range): Range {
  const whole: Range = {
    umin: ((r64.umin >> 32n) << 32n) | r32.umin,
    umax: ((r64.umax >> 32n) << 32n) | r32.umax,
    smin: ((r64.smin >> 32n) << 32n) | r32.umin,
    smax: ((r64.smax >> 32n) << 32n) | r32.umax,
  };
  const met = rangeIntersect(r64, whole);
  const full = FULL[32];
  // The number is its lower half with the sign before it.
  if (r64.smin >= full.smin && r64.smax <= full.smax)
    return rangeIntersect(met, { ...FULL[64], smin: r32.smin, smax: r32.smax });
  return met;
}

/**
 * Brings bits and bounds together, so that each says what the others imply (the kernel's reg_bounds_sync); undefined where they
 * contradict each other: there is no such number, so the path to here cannot be taken.
 */
export function settle({ bits, r64, r32 }: Scalar): Scalar | undefined {
  let known: Tnum = bits;
  let whole = r64;
  let low = r32;
  for (let round = 0; round < 2; round += 1) {
    const before = known;
    low = rangeDeduce(rangeIntersect(rangeIntersect(low, rangeOfBits(known, 32)), lowOf(whole)), 32);
    if (isEmpty(low)) return undefined;
    whole = rangeDeduce(wholeOf(rangeDeduce(rangeIntersect(whole, rangeOfBits(known, 64)), 64), low), 64);
    if (isEmpty(whole)) return undefined;
    const narrowed = tnumIntersect(known, tnumRange(whole.umin, whole.umax));
    const lowBits = narrowed && tnumIntersect(tnumLow(narrowed), tnumRange(low.umin, low.umax));
    if (narrowed === undefined || lowBits === undefined) return undefined;
    known = tnumWithLow(narrowed, lowBits);
    // What the first round has learnt of bits may say more of the bounds.
    if (known.mask === before.mask) break;
  }
  return { bits: known, r64: whole, r32: low };
}

/** A number of which this is known; what is known is true of some number, so that it cannot contradict itself. */
export const scalar = (bits: Tnum, r64: Range, r32: Range): Scalar => settle({ bits, r64, r32 }) ?? UNKNOWN;

/** Cut to so many bits, with zeros before them. */
export function zeroExtend(of: Scalar, bits: number): Scalar {
  if (bits === 64) return of;
  const mask = (1n << BigInt(bits)) - 1n;
  const cut: Tnum = { value: of.bits.value & mask, mask: of.bits.mask & mask };
  return scalar(cut, FULL[64], bits === 32 ? of.r32 : FULL[32]);
}

/** Cut to so many bits, with the sign before them, in a register of 64 bits or in its lower half. */
export function signExtend(of: Scalar, bits: number, width: Width): Scalar {
  const fits = of.r64.smin >= -(1n << BigInt(bits - 1)) && of.r64.smax < 1n << BigInt(bits - 1);
  if (width === 64 && fits) return of;
  if (isConstant(of)) return constant(BigInt.asUintN(width, BigInt.asIntN(bits, of.bits.value)));
  const [smin, smax] = [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n];
  if (width === 32) return scalar({ value: 0n, mask: LOW }, FULL[64], { ...FULL[32], smin, smax });
  const from32 =
    bits === 32
      ? rangeIntersect({ ...FULL[64], smin, smax }, { ...FULL[64], smin: of.r32.smin, smax: of.r32.smax })
      : { ...FULL[64], smin, smax };
  return scalar(TNUM_UNKNOWN, from32, FULL[32]);
}

/** Whether all that `part` can be `whole` can be. */
export const scalarWithin = (part: Scalar, whole: Scalar): boolean =>
  rangeWithin(part.r64, whole.r64) && rangeWithin(part.r32, whole.r32) && tnumWithin(part.bits, whole.bits);

/** Whether the same is known of both. */
export const sameScalar = (a: Scalar, b: Scalar): boolean => a === b || (scalarWithin(a, b) && scalarWithin(b, a));

/** In words: a number, or its bounds. */
export function scalarText({ bits, r64 }: Scalar): string {
  if (bits.mask === 0n) return `${BigInt.asIntN(64, bits.value)}`;
  if (r64.smin === FULL[64].smin && r64.smax === FULL[64].smax) return "any number";
  return `${r64.smin} to ${r64.smax}`;
}
