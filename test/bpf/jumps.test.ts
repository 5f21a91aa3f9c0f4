import { describe, expect, test } from "@jest/globals";
import {
  alu64,
  alu64X,
  bswap,
  callLocal,
  exit,
  goto16,
  gotol,
  jump32,
  jump32X,
  jump64,
  jump64X,
  load as loadInsn,
  number64,
  programOf,
  storeX,
} from "./assemble.ts";
import { ENGINES, META, r0Of, resultOf } from "./engines.ts";

type Op = Parameters<typeof jump64>[0];
const MINUS_ONE = 0xffff_ffff_ffff_ffffn;
const MIN64 = 0x8000_0000_0000_0000n;
const [R0, R1, R2, R6] = [0, 1, 2, 6];
const R10 = 10;

/** Of two numbers: which jumps of RFC 9669 section 4.3 are taken. */
const ROWS: readonly (readonly [a: bigint, b: bigint, taken64: readonly Op[], taken32: readonly Op[]])[] = [
  [5n, 5n, ["JEQ", "JGE", "JLE", "JSGE", "JSLE", "JSET"], ["JEQ", "JGE", "JLE", "JSGE", "JSLE", "JSET"]],
  [0n, 0n, ["JEQ", "JGE", "JLE", "JSGE", "JSLE"], ["JEQ", "JGE", "JLE", "JSGE", "JSLE"]],
  [1n, 2n, ["JNE", "JLT", "JLE", "JSLT", "JSLE"], ["JNE", "JLT", "JLE", "JSLT", "JSLE"]],
  [MINUS_ONE, 1n, ["JNE", "JGT", "JGE", "JSLT", "JSLE", "JSET"], ["JNE", "JGT", "JGE", "JSLT", "JSLE", "JSET"]],
  [1n, MINUS_ONE, ["JNE", "JLT", "JLE", "JSGT", "JSGE", "JSET"], ["JNE", "JLT", "JLE", "JSGT", "JSGE", "JSET"]],
  [MIN64, 0n, ["JNE", "JGT", "JGE", "JSLT", "JSLE"], ["JEQ", "JGE", "JLE", "JSGE", "JSLE"]],
  [0x1_0000_0001n, 1n, ["JNE", "JGT", "JGE", "JSGT", "JSGE", "JSET"], ["JEQ", "JGE", "JLE", "JSGE", "JSLE", "JSET"]],
  [0x8000_0000n, 1n, ["JNE", "JGT", "JGE", "JSGT", "JSGE"], ["JNE", "JGT", "JGE", "JSLT", "JSLE"]],
  [
    0x1_8000_0000n,
    0x1_7fff_ffffn,
    ["JNE", "JGT", "JGE", "JSGT", "JSGE", "JSET"],
    ["JNE", "JGT", "JGE", "JSLT", "JSLE"],
  ],
  [MIN64 + 1n, MIN64, ["JNE", "JGT", "JGE", "JSGT", "JSGE", "JSET"], ["JNE", "JGT", "JGE", "JSGT", "JSGE"]],
];
const OPS: readonly Op[] = ["JEQ", "JNE", "JSET", "JGT", "JGE", "JLT", "JLE", "JSGT", "JSGE", "JSLT", "JSLE"];
const hex = (value: bigint): string => `0x${value.toString(16)}`;
const rows = ROWS.map(([a, b, taken64, taken32]) => ({ a, b, taken64, taken32, said: `${hex(a)} and ${hex(b)}` }));

describe.each(ENGINES)("$name jumps as RFC 9669 says", ({ load }) => {
  /** Which of all jumps lead on. */
  const takenOf = (jump: (op: Op) => ReturnType<typeof jump64>, a: bigint, b: bigint): readonly Op[] =>
    OPS.filter((op) => {
      const insns = [number64(R1, a), number64(R2, b), alu64("MOV", R0, 1), jump(op), alu64("MOV", R0, 0), exit()];
      return resultOf(load(programOf(insns))) === 1n;
    });
  const inOrder = (ops: readonly Op[]): readonly Op[] => OPS.filter((op) => ops.includes(op));

  test.each(rows)("on $said", ({ a, b, taken64, taken32 }) => {
    expect(takenOf((op) => jump64X(op, R1, R2, 1), a, b)).toEqual(inOrder(taken64));
    expect(takenOf((op) => jump32X(op, R1, R2, 1), a, b)).toEqual(inOrder(taken32));
    const imm = Number(BigInt.asIntN(32, b));
    expect(takenOf((op) => jump32(op, R1, imm, 1), a, b)).toEqual(inOrder(taken32));
    if (BigInt.asUintN(64, BigInt(imm)) !== b) return;
    expect(takenOf((op) => jump64(op, R1, imm, 1), a, b)).toEqual(inOrder(taken64));
  });

  test("goto takes its 16 bits of offset, gotol its 32 bits of immediate", () => {
    const skipped = alu64("MOV", R0, 9);
    const insns = [alu64("MOV", R0, 1), goto16(1), skipped, gotol(2), skipped, skipped, exit()];
    expect(resultOf(load(programOf(insns)))).toBe(1n);
  });

  test("gotol goes further than 16 bits can say", () => {
    const far = 40_000;
    const insns = [alu64("MOV", R0, 7), gotol(far), ...Array.from({ length: far }, () => alu64("MOV", R0, 9)), exit()];
    expect(resultOf(load(programOf(insns)))).toBe(7n);
  });

  test("a program runs also where it is longer than a function of WebAssembly may be", () => {
    const turns = Array.from({ length: 120_001 }, () => bswap(R0, 64));
    expect(resultOf(load(programOf([alu64("MOV", R0, 1), turns, exit()])))).toBe(1n << 56n);
  });

  test("loops inside each other, with jumps out of the middle, come to their sums", () => {
    const insns = [
      alu64("MOV", R0, 0),
      alu64("MOV", R1, 0),
      // outer:
      alu64("MOV", R2, 0),
      // inner:
      alu64("ADD", R0, 1),
      alu64("ADD", R2, 1),
      jump64X("JGT", R2, R1, 1),
      jump64("JLT", R2, 10, -4),
      alu64("ADD", R1, 1),
      jump64("JLT", R1, 10, -7),
      exit(),
    ];
    expect(resultOf(load(programOf(insns)))).toBe(55n);
  });

  test("a loop may begin at the first instruction", () => {
    const insns = [alu64("ADD", R6, 3), alu64X("MOV", R0, R6), jump64("JLT", R6, 30, -3), exit()];
    // r6 has no value at the beginning: only the engines let that pass, and both begin with 0.
    expect(resultOf(load(programOf(insns)))).toBe(30n);
  });

  test("a function of the program has its own stack, and gives back r6 to r9", () => {
    const insns = [
      alu64("MOV", R6, 40),
      alu64("MOV", R1, 2),
      storeX(8, R10, -8, R6),
      callLocal(4),
      loadInsn(8, R2, R10, -8),
      alu64X("ADD", R0, R6),
      alu64X("ADD", R0, R2),
      exit(),
      // the function: r0 = r1 + what it wrote, over r6 and its own stack
      alu64("MOV", R6, 1000),
      storeX(8, R10, -8, R6),
      loadInsn(8, R0, R10, -8),
      alu64X("ADD", R0, R1),
      exit(),
    ];
    expect(resultOf(load(programOf(insns)))).toBe(1082n);
  });

  test("eight functions may be inside each other, and the ninth ends the run with 0", () => {
    // Each function calls itself as often as r1 says.
    const insns = (depth: number) => [
      alu64("MOV", R1, depth),
      callLocal(1),
      exit(),
      alu64("MOV", R0, 1),
      jump64("JEQ", R1, 0, 3),
      alu64("SUB", R1, 1),
      callLocal(-4),
      alu64("ADD", R0, 1),
      exit(),
    ];
    expect(resultOf(load(programOf(insns(6))))).toBe(7n);
    expect(resultOf(load(programOf(insns(7))))).toBe(0n);
  });

  test("a run without end ends with 0 after a million instructions", () => {
    const loaded = load(programOf([alu64("MOV", R0, 1), goto16(-1), exit()]));
    expect(loaded.run(new Uint8Array(64), META)).toBe(0);
    expect(r0Of(loaded)).toBe(0n);
    const turns = (count: number) => [
      alu64("MOV", R0, 0),
      alu64("ADD", R0, 1),
      jump64("JLT", R0, count, -2),
      goto16(0),
      exit(),
    ];
    expect(resultOf(load(programOf(turns(499_998))))).toBe(499_998n);
    expect(resultOf(load(programOf(turns(499_999))))).toBe(0n);
  });

  test("what a verified program never does ends the run with 0, and the next run is a whole one", () => {
    const wild = [...number64(R1, 1n << 31n), loadInsn(8, R0, R1, 0)];
    const insns = [loadInsn(4, R2, R1, 8), jump64("JEQ", R2, 0, wild.length), wild, alu64("MOV", R0, 5), exit()];
    const loaded = load(programOf(insns));
    expect(loaded.run(new Uint8Array(64), { ...META, mark: 1 })).toBe(0);
    expect(loaded.run(new Uint8Array(64), META)).toBe(5);
    expect(resultOf(load(programOf([alu64("MOV", R0, 5), { code: 0xff, dst: 0, src: 0, off: 0, imm: 0 }])))).toBe(0n);
    expect(resultOf(load(programOf([alu64("MOV", R0, 5)])))).toBe(0n);
  });
});
