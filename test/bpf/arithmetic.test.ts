import { describe, expect, test } from "@jest/globals";
import type { Insn } from "../../services/bpf/program.ts";
import { alu32, alu32X, alu64, alu64X, be, bswap, exit, le, number64, programOf } from "./assemble.ts";
import { ENGINES, resultOf } from "./engines.ts";

const MIN64 = 0x8000_0000_0000_0000n;
const MAX64 = 0x7fff_ffff_ffff_ffffn;
const ONES = 0xffff_ffff_ffff_ffffn;
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

type Op = Parameters<typeof alu64>[0];
/** An operation on two numbers, and what RFC 9669 says comes out. */
type Row = readonly [op: Op, a: bigint, b: bigint, result: bigint, off?: number];

// RFC 9669, section 4.1: with the offset 1, division and remainder are signed; with 8, 16 and 32 a move extends the sign.
const ROWS_64: readonly Row[] = [
  ["ADD", 0xffff_ffffn, 1n, 0x1_0000_0000n],
  ["ADD", ONES, 1n, 0n],
  ["ADD", 0x8000_0000n, 0x8000_0000n, 0x1_0000_0000n],
  ["SUB", 0n, 1n, ONES],
  ["SUB", 0x1_0000_0000n, 1n, 0xffff_ffffn],
  ["MUL", 0x1_0000_0001n, 0xffff_ffffn, 0xffff_ffff_ffff_ffffn],
  ["MUL", MIN64, 2n, 0n],
  ["MUL", u64(-3n), 7n, u64(-21n)],
  ["DIV", 100n, 7n, 14n],
  ["DIV", ONES, 2n, MAX64],
  ["DIV", MIN64, ONES, 0n],
  ["DIV", 42n, 0n, 0n],
  ["DIV", u64(-100n), 7n, u64(-14n), 1],
  ["DIV", u64(-100n), u64(-7n), 14n, 1],
  ["DIV", 100n, u64(-7n), u64(-14n), 1],
  ["DIV", MIN64, ONES, MIN64, 1],
  ["DIV", u64(-42n), 0n, 0n, 1],
  ["DIV", 7n, 1n, 7n, 1],
  ["DIV", MIN64, MIN64, 1n, 1],
  ["MOD", 100n, 7n, 2n],
  ["MOD", ONES, 10n, 5n],
  ["MOD", 0x1234_5678_9abc_def0n, 0n, 0x1234_5678_9abc_def0n],
  ["MOD", u64(-13n), 3n, u64(-1n), 1],
  ["MOD", 13n, u64(-3n), 1n, 1],
  ["MOD", u64(-13n), u64(-3n), u64(-1n), 1],
  ["MOD", MIN64, ONES, 0n, 1],
  ["MOD", u64(-13n), 0n, u64(-13n), 1],
  ["OR", 0xf0f0_0000_0000_0f0fn, 0x0f0f_0000_0000_f0f0n, 0xffff_0000_0000_ffffn],
  ["AND", 0xf0f0_ffff_0000_0f0fn, 0xff00_ff00_ff00_ff00n, 0xf000_ff00_0000_0f00n],
  ["XOR", 0xffff_0000_ffff_0000n, ONES, 0x0000_ffff_0000_ffffn],
  ["LSH", 1n, 31n, 0x8000_0000n],
  ["LSH", 1n, 32n, 0x1_0000_0000n],
  ["LSH", 3n, 63n, MIN64],
  ["LSH", 0x8000_0001n, 0n, 0x8000_0001n],
  ["LSH", 1n, 64n, 1n],
  ["LSH", 1n, 65n, 2n],
  ["RSH", MIN64, 63n, 1n],
  ["RSH", MIN64, 32n, 0x8000_0000n],
  ["RSH", 0x1_2345_6789n, 4n, 0x1234_5678n],
  ["RSH", MIN64, 67n, 0x1000_0000_0000_0000n],
  ["ARSH", MIN64, 63n, ONES],
  ["ARSH", MIN64, 32n, 0xffff_ffff_8000_0000n],
  ["ARSH", MIN64, 4n, 0xf800_0000_0000_0000n],
  ["ARSH", MAX64, 62n, 1n],
  ["ARSH", MIN64, 64n, MIN64],
  ["NEG", 1n, 0n, ONES],
  ["NEG", MIN64, 0n, MIN64],
  ["NEG", 0x1_0000_0000n, 0n, 0xffff_ffff_0000_0000n],
  ["NEG", 0n, 0n, 0n],
  ["MOV", 5n, 0x1234_5678_9abc_def0n, 0x1234_5678_9abc_def0n],
  ["MOV", 5n, 0x1_0000_0080n, u64(-128n), 8],
  ["MOV", 5n, 0x7fn, 0x7fn, 8],
  ["MOV", 5n, 0x1_8000n, u64(-0x8000n), 16],
  ["MOV", 5n, 0x7_8000_0000n, 0xffff_ffff_8000_0000n, 32],
  ["MOV", 5n, 0xffff_ffff_7fff_ffffn, 0x7fff_ffffn, 32],
];

const HIGH = 0xdead_beef_0000_0000n;
const MIN32 = 0x8000_0000n;
const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);

// What is above the low 32 bits of an operand does not count, and becomes 0 in the result.
const ROWS_32: readonly Row[] = [
  ["ADD", HIGH | 0xffff_ffffn, 1n, 0n],
  ["SUB", HIGH, HIGH | 1n, 0xffff_ffffn],
  ["MUL", HIGH | 0x1_0001n, 0xffffn, 0xffff_ffffn],
  ["MUL", 0xffff_ffffn, 0xffff_ffffn, 1n],
  ["DIV", HIGH | 100n, 7n, 14n],
  ["DIV", 0xffff_ffffn, HIGH | 2n, 0x7fff_ffffn],
  ["DIV", MIN32, 0xffff_ffffn, 0n],
  ["DIV", 42n, HIGH, 0n],
  ["DIV", u32(-100n), 7n, u32(-14n), 1],
  ["DIV", MIN32, 0xffff_ffffn, MIN32, 1],
  ["DIV", u32(-42n), 0n, 0n, 1],
  ["MOD", 0xffff_ffffn, 10n, 5n],
  ["MOD", HIGH | 0x9abc_def0n, HIGH, 0x9abc_def0n],
  ["MOD", u32(-13n), 3n, u32(-1n), 1],
  ["MOD", 13n, u32(-3n), 1n, 1],
  ["MOD", MIN32, 0xffff_ffffn, 0n, 1],
  ["MOD", HIGH | u32(-13n), 0n, u32(-13n), 1],
  ["OR", HIGH | 0xf0n, 0x0fn, 0xffn],
  ["AND", HIGH | 0xffn, ONES, 0xffn],
  ["XOR", HIGH | 0xffn, ONES, 0xffff_ff00n],
  ["LSH", HIGH | 1n, 31n, MIN32],
  ["LSH", 1n, 32n, 1n],
  ["LSH", 3n, 33n, 6n],
  ["RSH", HIGH | MIN32, 31n, 1n],
  ["RSH", HIGH | MIN32, 32n, MIN32],
  ["ARSH", HIGH | MIN32, 31n, 0xffff_ffffn],
  ["ARSH", 0x7fff_ffffn, 30n, 1n],
  ["ARSH", MIN32, 36n, 0xf800_0000n],
  ["NEG", HIGH | 1n, 0n, 0xffff_ffffn],
  ["NEG", MIN32, 0n, MIN32],
  ["MOV", HIGH, HIGH | 7n, 7n],
  ["MOV", HIGH, 0x80n, 0xffff_ff80n, 8],
  ["MOV", HIGH, 0xffff_7fffn, 0x7fffn, 16],
  ["MOV", HIGH, 0x8000n, 0xffff_8000n, 16],
];

const R0 = 0;
const [R1, R2] = [1, 2];
const hex = (value: bigint): string => `0x${value.toString(16)}`;
const fitsImmediate = (value: bigint): boolean => BigInt.asIntN(64, value) === BigInt.asIntN(32, value);
const named = (rows: readonly Row[]) =>
  rows.map(([op, a, b, result, off = 0]) => ({ op, a, b, result, off, said: `${op} ${off} of ${hex(a)}, ${hex(b)}` }));
const program = (a: bigint, b: bigint, insn: Insn) =>
  programOf([number64(R1, a), number64(R2, b), insn, alu64X("MOV", R0, R1), exit()]);

describe.each(ENGINES)("$name computes as RFC 9669 says", ({ load }) => {
  test.each(named(ROWS_64))("64 bits: $said", ({ op, a, b, result, off }) => {
    expect(hex(resultOf(load(program(a, b, alu64X(op, R1, R2, off)))))).toBe(hex(result));
    if (!fitsImmediate(b) || (op === "MOV" && off !== 0)) return;
    expect(hex(resultOf(load(program(a, 0n, alu64(op, R1, Number(BigInt.asIntN(32, b)), off)))))).toBe(hex(result));
  });

  test.each(named(ROWS_32))("32 bits: $said", ({ op, a, b, result, off }) => {
    expect(hex(resultOf(load(program(a, b, alu32X(op, R1, R2, off)))))).toBe(hex(result));
    if (op === "MOV" && off !== 0) return;
    expect(hex(resultOf(load(program(a, 0n, alu32(op, R1, Number(BigInt.asIntN(32, b)), off)))))).toBe(hex(result));
  });

  // Section 4.2; the machine is a little-endian one.
  const X = 0x0102_0304_0506_0788n;
  test.each([
    { said: "le16", insn: le(R1, 16), result: 0x0788n },
    { said: "le32", insn: le(R1, 32), result: 0x0506_0788n },
    { said: "le64", insn: le(R1, 64), result: X },
    { said: "be16", insn: be(R1, 16), result: 0x8807n },
    { said: "be32", insn: be(R1, 32), result: 0x8807_0605n },
    { said: "be64", insn: be(R1, 64), result: 0x8807_0605_0403_0201n },
    { said: "bswap16", insn: bswap(R1, 16), result: 0x8807n },
    { said: "bswap32", insn: bswap(R1, 32), result: 0x8807_0605n },
    { said: "bswap64", insn: bswap(R1, 64), result: 0x8807_0605_0403_0201n },
  ])("byte order: $said", ({ insn, result }) => {
    expect(hex(resultOf(load(program(X, 0n, insn))))).toBe(hex(result));
  });

  test("an immediate of 64-bit arithmetic has its sign extended", () => {
    const insns = [alu64("MOV", R0, -1), alu64("ADD", R0, 1), alu64("SUB", R0, -0x8000_0000), exit()];
    expect(resultOf(load(programOf(insns)))).toBe(0x8000_0000n);
    expect(resultOf(load(programOf([number64(R0, ONES), alu64("DIV", R0, -1), exit()])))).toBe(1n);
  });

  test("all of the registers r0 to r9 are 64 bits wide", () => {
    const registers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const insns = [
      registers.map((r) => number64(r, 1n << BigInt(60 - r * 4))).flat(),
      registers.slice(1).map((r) => alu64X("ADD", R0, r)),
      exit(),
    ];
    expect(hex(resultOf(load(programOf(insns))))).toBe("0x1111111111000000");
  });
});
