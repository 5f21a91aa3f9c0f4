import { describe, expect, test } from "@jest/globals";
import { ATOMIC } from "../../services/bpf/isa.ts";
import type { MapSpec } from "../../services/bpf/program.ts";
import {
  alu64,
  alu64X,
  atomic,
  exit,
  goto16,
  load as loadInsn,
  loadAbs,
  loadInd,
  loadSigned,
  mapValue,
  number64,
  programOf,
  store,
  storeX,
  type Bytes,
} from "./assemble.ts";
import { ENGINES, META, resultOf } from "./engines.ts";

const [R0, R1, R2, R3, R6, R7, R10] = [0, 1, 2, 3, 6, 7, 10];
const hex = (value: bigint): string => `0x${value.toString(16)}`;
const X = 0x8182_8384_8586_8788n;
const Y = 0x0102_0304_f5f6_f7f8n;

describe.each(ENGINES)("$name loads and stores as RFC 9669 says", ({ load }) => {
  test.each([
    { bytes: 1, zeros: 0x88n, sign: 0xffff_ffff_ffff_ff88n, kept: 0x0102_0304_f5f6_f788n },
    { bytes: 2, zeros: 0x8788n, sign: 0xffff_ffff_ffff_8788n, kept: 0x0102_0304_f5f6_8788n },
    { bytes: 4, zeros: 0x8586_8788n, sign: 0xffff_ffff_8586_8788n, kept: 0x0102_0304_8586_8788n },
    { bytes: 8, zeros: X, sign: undefined, kept: X },
  ] as const)("$bytes bytes, little-endian", ({ bytes, zeros, sign, kept }) => {
    const begin = [number64(R1, X), number64(R2, Y), storeX(8, R10, -8, R2), storeX(bytes, R10, -8, R1)];
    const read = (insn: ReturnType<typeof loadInsn>) => hex(resultOf(load(programOf([begin.flat(), insn, exit()]))));
    expect(read(loadInsn(bytes, R0, R10, -8))).toBe(hex(zeros));
    expect(read(loadInsn(8, R0, R10, -8))).toBe(hex(kept));
    if (bytes !== 8) expect(read(loadSigned(bytes, R0, R10, -8))).toBe(hex(sign));
  });

  test.each([
    { bytes: 1, result: 0x0102_0304_f5f6_f7fen },
    { bytes: 2, result: 0x0102_0304_f5f6_fffen },
    { bytes: 4, result: 0x0102_0304_ffff_fffen },
    { bytes: 8, result: 0xffff_ffff_ffff_fffen },
  ] as const)("an immediate of -2 in $bytes bytes", ({ bytes, result }) => {
    const insns = [
      number64(R2, Y),
      storeX(8, R10, -8, R2),
      store(bytes, R10, -8, -2),
      loadInsn(8, R0, R10, -8),
      exit(),
    ];
    expect(hex(resultOf(load(programOf(insns))))).toBe(hex(result));
  });

  test("any address in the stack can be read, and no value near it changes", () => {
    const insns = [
      store(8, R10, -512, 0x11),
      store(8, R10, -504, 0x22),
      store(2, R10, -505, 0x3344),
      loadInsn(8, R0, R10, -506),
      exit(),
    ];
    expect(hex(resultOf(load(programOf(insns))))).toBe("0x334400");
  });

  /** What is in memory, in the source register and in r0 after an atomic operation. */
  const afterAtomic = (bytes: 4 | 8, memory: bigint, source: bigint, op: number, r0 = 0n) =>
    [loadInsn(8, R0, R10, -8), alu64X("MOV", R0, R2), goto16(0)].map((last, i) => {
      const insns = [
        number64(R0, r0),
        number64(R1, memory),
        number64(R2, source),
        storeX(8, R10, -8, R1),
        atomic(bytes, R10, -8, R2, op),
        last,
        exit(),
      ];
      return { [["memory", "source", "r0"][i] ?? ""]: hex(resultOf(load(programOf(insns)))) };
    });
  const said = (memory: bigint, source: bigint, r0 = 0n) => [
    { memory: hex(memory) },
    { source: hex(source) },
    { r0: hex(r0) },
  ];

  // Section 5.3. What is fetched from 32 bits has zeros above.
  const ONES = 0xffff_ffff_ffff_ffffn;
  const SMALL = 0xff_ffff_ffffn;
  test.each([
    {
      name: "add",
      op: ATOMIC.ADD,
      wide: 0xffn,
      narrow: 0xff_0000_00ffn,
      memory: SMALL,
      source: 0xffff_ff00_0000_0100n,
    },
    {
      name: "or",
      op: ATOMIC.OR,
      wide: 0xf1_0000_000fn,
      narrow: 0xf0_0000_000fn,
      memory: 0xf0_0000_000cn,
      source: 0x1_0000_0003n,
    },
    { name: "and", op: ATOMIC.AND, wide: 0xf0n, narrow: 0xff_0000_00f0n, memory: SMALL, source: 0xf0n },
    { name: "xor", op: ATOMIC.XOR, wide: 0xffff_ff00_0000_0000n, narrow: 0xff_0000_0000n, memory: SMALL, source: ONES },
  ])("atomic $name, 64 and 32 bits, with what was there and without", ({ op, wide, narrow, memory, source }) => {
    const low = BigInt.asUintN(32, memory);
    expect(afterAtomic(8, memory, source, op)).toEqual(said(wide, source));
    expect(afterAtomic(8, memory, source, op | ATOMIC.FETCH)).toEqual(said(wide, memory));
    expect(afterAtomic(4, memory, source, op)).toEqual(said(narrow, source));
    expect(afterAtomic(4, memory, source, op | ATOMIC.FETCH)).toEqual(said(narrow, low));
  });

  test("atomic exchange", () => {
    expect(afterAtomic(8, X, Y, ATOMIC.XCHG)).toEqual(said(Y, X));
    expect(afterAtomic(4, X, Y, ATOMIC.XCHG)).toEqual(said(0x8182_8384_f5f6_f7f8n, 0x8586_8788n));
  });

  test("atomic compare and exchange: r0 gets what was there, whether it was exchanged or not", () => {
    expect(afterAtomic(8, X, Y, ATOMIC.CMPXCHG, X)).toEqual(said(Y, Y, X));
    expect(afterAtomic(8, X, Y, ATOMIC.CMPXCHG, X - 1n)).toEqual(said(X, Y, X));
    expect(afterAtomic(4, X, Y, ATOMIC.CMPXCHG, 0x7777_7777_8586_8788n)).toEqual(
      said(0x8182_8384_f5f6_f7f8n, Y, 0x8586_8788n),
    );
    expect(afterAtomic(4, X, Y, ATOMIC.CMPXCHG, 1n)).toEqual(said(X, Y, 0x8586_8788n));
  });

  test("a wide load gives all 64 bits of a number", () => {
    for (const value of [0n, 1n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 1n << 32n, X, Y, ONES, 1n << 63n]) {
      expect(hex(resultOf(load(programOf([number64(R0, value), exit()]))))).toBe(hex(value));
    }
  });

  const packet = Uint8Array.from({ length: 64 }, (_, i) => 0x80 + i);
  const NET = -0x100000;
  const LINK = -0x200000;

  test.each([
    { bytes: 1, at: 3, result: 0x83n },
    { bytes: 2, at: 3, result: 0x8384n },
    { bytes: 4, at: 3, result: 0x8384_8586n },
    { bytes: 4, at: 60, result: 0xbcbd_bebfn },
    { bytes: 4, at: NET + 2, result: 0x9091_9293n },
    { bytes: 2, at: LINK + 5, result: 0x8586n },
  ] as const)("legacy loads of $bytes bytes at $at are big-endian", ({ bytes, at, result }) => {
    const absolute = programOf([alu64X("MOV", R6, R1), loadAbs(bytes, at), exit()]);
    const indirect = programOf([alu64X("MOV", R6, R1), alu64("MOV", R7, at - 9), loadInd(bytes, R7, 9), exit()]);
    expect(hex(resultOf(load(absolute), packet))).toBe(hex(result));
    expect(hex(resultOf(load(indirect), packet))).toBe(hex(result));
  });

  test.each([
    { bytes: 4, at: 61 },
    { bytes: 1, at: 64 },
    { bytes: 2, at: 0x7fff_ffff },
    { bytes: 1, at: NET + 50 },
    { bytes: 1, at: LINK + 64 },
    { bytes: 1, at: LINK - 1 },
  ] as const)(
    "a legacy load of $bytes bytes at $at, outside of the packet, ends the program with 0",
    ({ bytes, at }) => {
      const insns = [alu64X("MOV", R6, R1), alu64("MOV", R7, at), loadInd(bytes, R7, 0), alu64("MOV", R0, 7), exit()];
      expect(resultOf(load(programOf(insns)), packet)).toBe(0n);
      const absolute = [alu64X("MOV", R6, R1), loadAbs(bytes, at), alu64("MOV", R0, 7), exit()];
      expect(resultOf(load(programOf(absolute)), packet)).toBe(0n);
    },
  );

  test("a packet that is longer than all before finds room, and the map keeps its values", () => {
    const counts: MapSpec = { name: "counts", type: "array", keyBytes: 4, valueBytes: 8, maxEntries: 1 };
    const insns = [
      ...[alu64X("MOV", R6, R1), mapValue(R1, 0, 0), alu64("MOV", R2, 1), atomic(8, R1, 0, R2, ATOMIC.ADD)],
      ...[loadInsn(4, R7, R6, 0), alu64("SUB", R7, 1), loadInd(1, R7, 0), mapValue(R1, 0, 0)],
      ...[loadInsn(8, R3, R1, 0), alu64("LSH", R3, 8), alu64X("OR", R0, R3), exit()],
    ];
    const loaded = load(programOf(insns, [counts]));
    const lengths = [60, 1514, 9000, 60, 65_549, 200_000];
    const results = lengths.map((length, i) => loaded.run(new Uint8Array(length).fill(i + 1), META));
    expect(results).toEqual(lengths.map((_, i) => (i + 1) * 257));
  });

  test("the context says what is known of the packet; cb is the program's own, and zero at the beginning", () => {
    const fields = [
      { at: 0, result: 64n },
      { at: 4, result: 0n },
      { at: 8, result: 0xdead_beefn },
      { at: 16, result: 0x0008n },
      { at: 20, result: 1n },
      { at: 24, result: 0x602an },
      { at: 28, result: 0x0081n },
      { at: 32, result: 6n },
      { at: 36, result: 3n },
      { at: 40, result: 3n },
      { at: 48, result: 0n },
    ];
    const meta = { ifindex: 3, protocol: 0x0800, vlanTci: 0x602a, mark: 0xdead_beef, priority: 6 };
    for (const { at, result } of fields) {
      const insns = [loadInsn(4, R0, R1, at), store(4, R1, 48, 9), store(4, R1, 64, 9), exit()];
      const loaded = load(programOf(insns));
      expect(hex(resultOf(loaded, packet, meta))).toBe(hex(result));
      expect(hex(resultOf(loaded, packet, meta))).toBe(hex(result));
    }
    const untagged = programOf([loadInsn(4, R0, R1, 20), loadInsn(4, R2, R1, 28), alu64X("OR", R0, R2), exit()]);
    expect(resultOf(load(untagged), packet)).toBe(0n);
  });

  test("the packet stays as it was", () => {
    const before = packet.slice();
    load(programOf([alu64X("MOV", R6, R1), loadAbs(4, 0), exit()])).run(packet, META);
    expect(packet).toEqual(before);
  });

  test.each([1, 2, 4, 8] satisfies Bytes[])(
    "constants of the object are where the program looks for them: %d bytes",
    (bytes) => {
      const rodata: MapSpec = {
        name: ".rodata",
        type: "array",
        keyBytes: 4,
        valueBytes: 16,
        maxEntries: 1,
        initial: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
        readOnly: true,
      };
      const loaded = load(programOf([mapValue(R1, 0, 3), loadInsn(bytes, R0, R1, 2), exit()], [rodata]));
      const expected = [6n, 0x0706n, 0x0908_0706n, 0x0d0c_0b0a_0908_0706n][[1, 2, 4, 8].indexOf(bytes)] ?? 0n;
      expect(hex(resultOf(loaded))).toBe(hex(expected));
    },
  );
});
