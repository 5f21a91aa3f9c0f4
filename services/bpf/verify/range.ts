/** The bounds of a number of 32 or 64 bits, read as a signed and as an unsigned one; all ends belong to it. */
export interface Range {
  readonly smin: bigint;
  readonly smax: bigint;
  readonly umin: bigint;
  readonly umax: bigint;
}

/** How many bits a register, or its lower half, has. */
export type Width = 32 | 64;

/** Every number. */
export const FULL: Readonly<Record<Width, Range>> = {
  32: { smin: -(2n ** 31n), smax: 2n ** 31n - 1n, umin: 0n, umax: 2n ** 32n - 1n },
  64: { smin: -(2n ** 63n), smax: 2n ** 63n - 1n, umin: 0n, umax: 2n ** 64n - 1n },
};

/** One number. */
export function rangeConst(value: bigint, width: Width): Range {
  const signed = BigInt.asIntN(width, value);
  const unsigned = BigInt.asUintN(width, value);
  return { smin: signed, smax: signed, umin: unsigned, umax: unsigned };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What is in both; it may be empty. */
export const rangeIntersect = (a: Range, b: Range): Range => ({
  smin: max(a.smin, b.smin),
  smax: min(a.smax, b.smax),
  umin: max(a.umin, b.umin),
  umax: min(a.umax, b.umax),
});

/** Whether no number is in it. */
export const isEmpty = ({ smin, smax, umin, umax }: Range): boolean => smin > smax || umin > umax;

/** Whether all numbers of `part` are in `whole`. */
export const rangeWithin = (part: Range, whole: Range): boolean =>
  part.smin >= whole.smin && part.smax <= whole.smax && part.umin >= whole.umin && part.umax <= whole.umax;

/**
 * The ends of a result before it is cut to the width: it keeps its order where both ends are cut by the same number of turns, and
 * can be anything otherwise.
 */
function cut(low: bigint, high: bigint, width: Width, signed: boolean): readonly [bigint, bigint] {
  const wrap = (n: bigint): bigint => (signed ? BigInt.asIntN(width, n) : BigInt.asUintN(width, n));
  const full = FULL[width];
  const [from, to] = [wrap(low), wrap(high)];
  if (high - low === to - from) return [from, to];
  return signed ? [full.smin, full.smax] : [full.umin, full.umax];
}

function cutBoth(s: readonly [bigint, bigint], u: readonly [bigint, bigint], width: Width): Range {
  const [smin, smax] = cut(s[0], s[1], width, true);
  const [umin, umax] = cut(u[0], u[1], width, false);
  return { smin, smax, umin, umax };
}

/** a + b. */
export const rangeAdd = (a: Range, b: Range, width: Width): Range =>
  cutBoth([a.smin + b.smin, a.smax + b.smax], [a.umin + b.umin, a.umax + b.umax], width);

/** a - b. */
export const rangeSub = (a: Range, b: Range, width: Width): Range =>
  cutBoth([a.smin - b.smax, a.smax - b.smin], [a.umin - b.umax, a.umax - b.umin], width);

/** a * b. */
export function rangeMul(a: Range, b: Range, width: Width): Range {
  const products = [a.smin * b.smin, a.smin * b.smax, a.smax * b.smin, a.smax * b.smax];
  return cutBoth([products.reduce(min), products.reduce(max)], [a.umin * b.umin, a.umax * b.umax], width);
}

/** a << by. */
export const rangeLsh = (a: Range, by: bigint, width: Width): Range =>
  cutBoth([a.smin << by, a.smax << by], [a.umin << by, a.umax << by], width);

/** a >> by, with zeros coming in. */
export const rangeRsh = (a: Range, by: bigint, width: Width): Range => ({
  ...FULL[width],
  umin: a.umin >> by,
  umax: a.umax >> by,
});

/** a >> by, with the sign coming in. */
export const rangeArsh = (a: Range, by: bigint, width: Width): Range => ({
  ...FULL[width],
  smin: a.smin >> by,
  smax: a.smax >> by,
});

/** What the signed bounds say of the unsigned ones, and the other way round. */
export function rangeDeduce(range: Range, width: Width): Range {
  let { smin, smax, umin, umax } = range;
  const signed = (n: bigint): bigint => BigInt.asIntN(width, n);
  const unsigned = (n: bigint): bigint => BigInt.asUintN(width, n);
  if (umin <= umax && signed(umin) <= signed(umax)) {
    smin = max(smin, signed(umin));
    smax = min(smax, signed(umax));
  }
  if (smin <= smax && unsigned(smin) <= unsigned(smax)) {
    umin = max(umin, unsigned(smin));
    umax = min(umax, unsigned(smax));
  }
  return { smin, smax, umin, umax };
}
