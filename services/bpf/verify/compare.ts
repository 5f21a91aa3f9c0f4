import { JUMP } from "../isa.ts";
import { FULL, rangeIntersect, type Range, type Width } from "./range.ts";
import { isConstant, settle, type Scalar } from "./scalar.ts";
import { tnumIntersect, tnumLow, tnumWithLow, type Tnum } from "./tnum.ts";

/** What is known of two numbers after a comparison. */
export interface Compared {
  readonly a: Scalar;
  readonly b: Scalar;
}

/** A comparison: a jump's, or the contrary of JSET, for which there is no jump. */
export type Comparison = number | "not_jset";

/** What holds where a jump is not taken. */
export function contraryOf(op: number): Comparison {
  switch (op) {
    case JUMP.JEQ:
      return JUMP.JNE;
    case JUMP.JNE:
      return JUMP.JEQ;
    case JUMP.JGT:
      return JUMP.JLE;
    case JUMP.JLE:
      return JUMP.JGT;
    case JUMP.JGE:
      return JUMP.JLT;
    case JUMP.JLT:
      return JUMP.JGE;
    case JUMP.JSGT:
      return JUMP.JSLE;
    case JUMP.JSLE:
      return JUMP.JSGT;
    case JUMP.JSGE:
      return JUMP.JSLT;
    case JUMP.JSLT:
      return JUMP.JSGE;
    default:
      return "not_jset";
  }
}

/**
 * What is known of `a` and `b` where `a op b` is true, compared at 64 bits or by their lower halves; undefined: it never is, so that
 * way is never taken.
 */
export function assume(op: Comparison, a: Scalar, b: Scalar, width: Width): Compared | undefined {
  if (isConstant(a) && isConstant(b)) return isTrue(op, rangeIn(a, width), rangeIn(b, width)) ? { a, b } : undefined;
  switch (op) {
    case JUMP.JGT:
      return turned(assume(JUMP.JLT, b, a, width));
    case JUMP.JGE:
      return turned(assume(JUMP.JLE, b, a, width));
    case JUMP.JSGT:
      return turned(assume(JUMP.JSLT, b, a, width));
    case JUMP.JSGE:
      return turned(assume(JUMP.JSLE, b, a, width));
    case JUMP.JEQ:
      return equal(a, b, width);
    case JUMP.JNE:
      return different(a, b, width);
    case JUMP.JSET:
      return someBit(a, b, width);
    case "not_jset":
      return noBit(a, b, width);
    case JUMP.JLT:
    case JUMP.JLE:
    case JUMP.JSLT:
    case JUMP.JSLE:
      return less(op, a, b, width);
    default:
      return { a, b };
  }
}

/** Whether it is so of two numbers that are known, as bounds of which both ends are one. */
function isTrue(op: Comparison, { umin: a, smin: sa }: Range, { umin: b, smin: sb }: Range): boolean {
  switch (op) {
    case JUMP.JEQ:
      return a === b;
    case JUMP.JNE:
      return a !== b;
    case JUMP.JSET:
      return (a & b) !== 0n;
    case "not_jset":
      return (a & b) === 0n;
    case JUMP.JGT:
      return a > b;
    case JUMP.JGE:
      return a >= b;
    case JUMP.JLT:
      return a < b;
    case JUMP.JLE:
      return a <= b;
    case JUMP.JSGT:
      return sa > sb;
    case JUMP.JSGE:
      return sa >= sb;
    case JUMP.JSLT:
      return sa < sb;
    default:
      return sa <= sb;
  }
}

const turned = (compared: Compared | undefined): Compared | undefined => compared && { a: compared.b, b: compared.a };

const rangeIn = (of: Scalar, width: Width): Range => (width === 64 ? of.r64 : of.r32);

const bitsIn = (of: Scalar, width: Width): Tnum => (width === 64 ? of.bits : tnumLow(of.bits));

/** With more known of its bounds, or of its bits. */
function narrowed(of: Scalar, width: Width, range: Range, bits?: Tnum): Scalar | undefined {
  const r = rangeIntersect(rangeIn(of, width), range);
  const known = bits === undefined ? of.bits : width === 64 ? bits : tnumWithLow(of.bits, bits);
  return settle({ bits: known, r64: width === 64 ? r : of.r64, r32: width === 32 ? r : of.r32 });
}

const pair = (a: Scalar | undefined, b: Scalar | undefined): Compared | undefined => a && b && { a, b };

function equal(a: Scalar, b: Scalar, width: Width): Compared | undefined {
  const bits = tnumIntersect(bitsIn(a, width), bitsIn(b, width));
  if (bits === undefined) return undefined;
  return pair(narrowed(a, width, rangeIn(b, width), bits), narrowed(b, width, rangeIn(a, width), bits));
}

function different(a: Scalar, b: Scalar, width: Width): Compared | undefined {
  return pair(without(a, b, width), without(b, a, width));
}

/** Where the other is one number that is an end of this one's bounds, that end moves by one. */
function without(a: Scalar, b: Scalar, width: Width): Scalar | undefined {
  const { mask } = bitsIn(b, width);
  if (mask !== 0n) return a;
  const not = rangeIn(b, width);
  const range = rangeIn(a, width);
  return narrowed(a, width, {
    umin: range.umin === not.umin ? range.umin + 1n : range.umin,
    umax: range.umax === not.umax ? range.umax - 1n : range.umax,
    smin: range.smin === not.smin ? range.smin + 1n : range.smin,
    smax: range.smax === not.smax ? range.smax - 1n : range.smax,
  });
}

function someBit(a: Scalar, b: Scalar, width: Width): Compared | undefined {
  const [x, y] = [bitsIn(a, width), bitsIn(b, width)];
  const possible = (x.value | x.mask) & (y.value | y.mask);
  if (possible === 0n) return undefined;
  // One bit alone can have made it true.
  if ((possible & (possible - 1n)) !== 0n) return { a, b };
  const set = (bits: Tnum): Tnum => ({ value: bits.value | possible, mask: bits.mask & ~possible });
  return pair(narrowed(a, width, FULL[width], set(x)), narrowed(b, width, FULL[width], set(y)));
}

function noBit(a: Scalar, b: Scalar, width: Width): Compared | undefined {
  const [x, y] = [bitsIn(a, width), bitsIn(b, width)];
  if ((x.value & y.value) !== 0n) return undefined;
  // What is surely set in one is surely clear in the other.
  const clear = (bits: Tnum, ones: bigint): Tnum => ({ value: bits.value & ~ones, mask: bits.mask & ~ones });
  return pair(narrowed(a, width, FULL[width], clear(x, y.value)), narrowed(b, width, FULL[width], clear(y, x.value)));
}

function less(op: number, a: Scalar, b: Scalar, width: Width): Compared | undefined {
  const [x, y] = [rangeIn(a, width), rangeIn(b, width)];
  const by = op === JUMP.JLT || op === JUMP.JSLT ? 1n : 0n;
  if (op === JUMP.JLT || op === JUMP.JLE) {
    return pair(
      narrowed(a, width, { ...FULL[width], umax: y.umax - by }),
      narrowed(b, width, { ...FULL[width], umin: x.umin + by }),
    );
  }
  return pair(
    narrowed(a, width, { ...FULL[width], smax: y.smax - by }),
    narrowed(b, width, { ...FULL[width], smin: x.smin + by }),
  );
}

/** Whether a number is zero for certain. */
export const isZero = (of: Scalar): boolean => isConstant(of) && of.bits.value === 0n;
