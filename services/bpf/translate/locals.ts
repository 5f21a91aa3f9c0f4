import { I32, I64, OP, signed32, signed64, type Signature, type ValueType } from "./wasm.ts";
import type { Value } from "./arithmetic.ts";

/** A function of a program takes r1 to r5 and r10, and gives r0. */
export const FUNCTION: Signature = { takes: [I64, I64, I64, I64, I64, I64], gives: [I64] };

/** The locals beside those: r0, r6 to r9, and what instructions need for themselves. */
export const LOCALS: readonly ValueType[] = [I64, I64, I64, I64, I64, I64, I32, I32, I32];

/** In which local a register is, by its number. */
const REGISTERS = [6, 0, 1, 2, 3, 4, 7, 8, 9, 10, 5];
/** What was in memory before an atomic operation. */
export const OLD = 11;
/** An address, and a word whose bytes are turned. */
export const ADDRESS = 12;
export const WORD = 13;
/** Where a jump back leads: a number among the labels. */
export const NEXT = 14;

export const i32 = (value: number): Value => [OP.i32_const, ...signed32(value)];
export const i64 = (low: number, high: number = low >> 31): Value => [OP.i64_const, ...signed64(low, high)];
export const get = (register: number): Value => [OP.local_get, REGISTERS[register] ?? 0];
export const set = (register: number): Value => [OP.local_set, REGISTERS[register] ?? 0];
export const low32 = (register: number): Value => [...get(register), OP.i32_wrap_i64];
