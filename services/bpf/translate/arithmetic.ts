import { ALU } from "../isa.ts";
import { I32, I64, OP, signed32, type ValueType } from "./wasm.ts";

/** Instructions that leave a value. */
export type Value = readonly number[];

/** The same operation on 32 and on 64 bits. */
interface Width {
  readonly type: ValueType;
  readonly zero: Value;
  readonly one: Value;
  readonly op: (name: "add" | "sub" | "div_s" | "div_u" | "rem_s" | "rem_u" | "and" | "gt_u" | "eqz") => number;
}

const BITS_32: Width = {
  type: I32,
  zero: [OP.i32_const, 0],
  one: [OP.i32_const, 1],
  op: (name) => OP[`i32_${name}`],
};
const BITS_64: Width = {
  type: I64,
  zero: [OP.i64_const, 0],
  one: [OP.i64_const, 1],
  op: (name) => OP[`i64_${name}`],
};

/** Operations that WebAssembly has as the RFC wants them; its shifts take the low 5 or 6 bits too. */
const PLAIN: ReadonlyMap<number, readonly [number, number]> = new Map([
  [ALU.ADD, [OP.i32_add, OP.i64_add]],
  [ALU.SUB, [OP.i32_sub, OP.i64_sub]],
  [ALU.MUL, [OP.i32_mul, OP.i64_mul]],
  [ALU.OR, [OP.i32_or, OP.i64_or]],
  [ALU.AND, [OP.i32_and, OP.i64_and]],
  [ALU.XOR, [OP.i32_xor, OP.i64_xor]],
  [ALU.LSH, [OP.i32_shl, OP.i64_shl]],
  [ALU.RSH, [OP.i32_shr_u, OP.i64_shr_u]],
  [ALU.ARSH, [OP.i32_shr_s, OP.i64_shr_s]],
]);

/** Both divide by what is not 0 and else leave what the RFC says; WebAssembly would trap, also where the sign does not fit. */
function divide(width: Width, operation: number, isSigned: boolean, a: Value, b: Value): Value {
  const { op, type, zero, one } = width;
  if (operation === ALU.MOD) {
    return [...b, op("eqz"), OP.if, type, ...a, OP.else, ...a, ...b, op(isSigned ? "rem_s" : "rem_u"), OP.end];
  }
  if (!isSigned) return [...b, op("eqz"), OP.if, type, ...zero, OP.else, ...a, ...b, op("div_u"), OP.end];
  // By -1 it is the negative, by 0 it is 0: both are what `and` with the divisor leaves of the negative.
  const negative = [...zero, ...a, op("sub"), ...b, op("and")];
  return [
    ...b,
    ...one,
    op("add"),
    ...one,
    op("gt_u"),
    OP.if,
    type,
    ...a,
    ...b,
    op("div_s"),
    OP.else,
    ...negative,
    OP.end,
  ];
}

const EXTEND_32: Readonly<Record<number, number>> = { 8: OP.i32_extend8_s, 16: OP.i32_extend16_s };
const EXTEND_64: Readonly<Record<number, number>> = {
  8: OP.i64_extend8_s,
  16: OP.i64_extend16_s,
  32: OP.i64_extend32_s,
};

/**
 * An operation on operands that are as wide as it is.
 *
 * @returns undefined: there is no such operation.
 */
export function operate(wide: boolean, operation: number, offset: number, a: Value, b: Value): Value | undefined {
  const plain = PLAIN.get(operation);
  if (plain !== undefined) return [...a, ...b, plain[wide ? 1 : 0]];
  const width = wide ? BITS_64 : BITS_32;
  switch (operation) {
    case ALU.DIV:
    case ALU.MOD:
      return divide(width, operation, offset === 1, a, b);
    case ALU.NEG:
      return [...width.zero, ...a, width.op("sub")];
    case ALU.MOV: {
      if (offset === 0) return b;
      const extend = (wide ? EXTEND_64 : EXTEND_32)[offset];
      return extend === undefined ? undefined : [...b, extend];
    }
    default:
      return undefined;
  }
}

/** Brings the bytes of an i32 into the other order; `local` is one that may be lost. */
export function swap32(value: Value, local: number): Value {
  const turned = (by: number, mask: number): Value => [
    ...[OP.local_get, local, OP.i32_const, by, OP.i32_rotl],
    ...[OP.i32_const, ...signed32(mask), OP.i32_and],
  ];
  return [...value, OP.local_set, local, ...turned(8, 0x00ff00ff), ...turned(24, 0xff00ff00), OP.i32_or];
}
