import { ALU } from "../isa.ts";
import { FULL, rangeAdd, rangeArsh, rangeLsh, rangeMul, rangeRsh, rangeSub, type Range, type Width } from "./range.ts";
import { constant, isConstant, scalar, UNKNOWN, zeroExtend, ZERO, type Scalar } from "./scalar.ts";
import {
  tnumAdd,
  tnumAnd,
  tnumArsh,
  tnumLow,
  tnumLsh,
  tnumMul,
  tnumOr,
  tnumRsh,
  tnumSub,
  tnumXor,
  type Tnum,
} from "./tnum.ts";

/** What is known of `a op b`. The lower half alone counts at 32 bits, and the upper one of the result is zero. */
export function scalarAlu(op: number, a: Scalar, b: Scalar, width: Width): Scalar {
  if (isConstant(a) && isConstant(b)) {
    const exact = onConstants(op, a.bits.value, b.bits.value);
    if (exact !== undefined) return constant(BigInt.asUintN(width, exact));
  }
  const [x, y] = width === 64 ? [a, b] : [zeroExtend(a, 32), zeroExtend(b, 32)];
  const result = alu(op, x, y, width);
  return width === 64 ? result : zeroExtend(result, 32);
}

/** Two numbers that are known make a third one: most of what a program does, so it is worth its own way. */
function onConstants(op: number, a: bigint, b: bigint): bigint | undefined {
  switch (op) {
    case ALU.ADD:
      return a + b;
    case ALU.SUB:
      return a - b;
    case ALU.NEG:
      return -a;
    case ALU.MUL:
      return a * b;
    case ALU.AND:
      return a & b;
    case ALU.OR:
      return a | b;
    case ALU.XOR:
      return a ^ b;
    default:
      return undefined;
  }
}

function alu(op: number, a: Scalar, b: Scalar, width: Width): Scalar {
  switch (op) {
    case ALU.ADD:
      return both(tnumAdd(a.bits, b.bits), a, b, rangeAdd);
    case ALU.SUB:
      return both(tnumSub(a.bits, b.bits), a, b, rangeSub);
    case ALU.NEG:
      return both(tnumSub(ZERO.bits, a.bits), ZERO, a, rangeSub);
    case ALU.MUL:
      return both(tnumMul(a.bits, b.bits), a, b, rangeMul);
    case ALU.AND:
      return unsignedBounds(tnumAnd(a.bits, b.bits), a, b, (x, y) => [0n, x.umax < y.umax ? x.umax : y.umax]);
    case ALU.OR:
      return unsignedBounds(tnumOr(a.bits, b.bits), a, b, (x, y, full) => [
        x.umin > y.umin ? x.umin : y.umin,
        full.umax,
      ]);
    case ALU.XOR:
      return unsignedBounds(tnumXor(a.bits, b.bits), a, b, (_x, _y, full) => [0n, full.umax]);
    case ALU.LSH:
    case ALU.RSH:
    case ALU.ARSH:
      return shift(op, a, b, width);
    default:
      // Divisions and byte swaps: the kernel follows them no further, either.
      return UNKNOWN;
  }
}

type RangeOp = (a: Range, b: Range, width: Width) => Range;

const both = (bits: Tnum, a: Scalar, b: Scalar, op: RangeOp): Scalar =>
  scalar(bits, op(a.r64, b.r64, 64), op(a.r32, b.r32, 32));

type Bounds = (a: Range, b: Range, full: Range) => readonly [bigint, bigint];

function unsignedBounds(bits: Tnum, a: Scalar, b: Scalar, bounds: Bounds): Scalar {
  const [umin, umax] = bounds(a.r64, b.r64, FULL[64]);
  const [umin32, umax32] = bounds(a.r32, b.r32, FULL[32]);
  return scalar(bits, { ...FULL[64], umin, umax }, { ...FULL[32], umin: umin32, umax: umax32 });
}

/** By a number that is known and in range; the kernel knows nothing of others. */
function shift(op: number, a: Scalar, b: Scalar, width: Width): Scalar {
  const by = b.bits.value;
  if (!isConstant(b) || by >= BigInt(width)) return UNKNOWN;
  if (isConstant(a)) return constant(shifted(op, a.bits.value, by, width));
  if (op === ALU.LSH) {
    const low = by < 32n ? rangeLsh(a.r32, by, 32) : FULL[32];
    return scalar(tnumLsh(a.bits, by), rangeLsh(a.r64, by, 64), low);
  }
  // The upper half comes into the lower one, unless it is the lower one alone that is shifted.
  if (width === 32) {
    if (op === ALU.RSH) return scalar(tnumRsh(a.bits, by), rangeRsh(a.r64, by, 64), rangeRsh(a.r32, by, 32));
    return scalar(tnumArsh(tnumLow(a.bits), by, 32), FULL[64], rangeArsh(a.r32, by, 32));
  }
  if (op === ALU.RSH) return scalar(tnumRsh(a.bits, by), rangeRsh(a.r64, by, 64), FULL[32]);
  return scalar(tnumArsh(a.bits, by, 64), rangeArsh(a.r64, by, 64), FULL[32]);
}

function shifted(op: number, value: bigint, by: bigint, width: Width): bigint {
  if (op === ALU.LSH) return BigInt.asUintN(width, value << by);
  return op === ALU.RSH ? value >> by : BigInt.asUintN(width, BigInt.asIntN(width, value) >> by);
}
