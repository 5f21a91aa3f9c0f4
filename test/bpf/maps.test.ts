import { describe, expect, test } from "@jest/globals";
import type { Insn, MapSpec } from "../../services/bpf/program.ts";
import {
  alu64,
  alu64X,
  callHelper,
  exit,
  jump64,
  load as loadInsn,
  mapPointer,
  number64,
  programOf,
  store,
  storeX,
} from "./assemble.ts";
import { ENGINES, META, resultOf } from "./engines.ts";

const [R0, R1, R2, R3, R4, R5, R6, R10] = [0, 1, 2, 3, 4, 5, 6, 10];
const [LOOKUP, UPDATE, DELETE] = [1, 2, 3];
const [ANY, NOEXIST, EXIST] = [0n, 1n, 2n];
const [ENOENT, E2BIG, EFAULT, EEXIST, EINVAL] = [-2n, -7n, -14n, -17n, -22n];

const HASH: MapSpec = { name: "hash", type: "hash", keyBytes: 8, valueBytes: 8, maxEntries: 3 };
const ARRAY: MapSpec = { name: "array", type: "array", keyBytes: 4, valueBytes: 8, maxEntries: 3 };
const packet = Uint8Array.from({ length: 64 }, (_, i) => i);

/** Puts a key on the stack and its address into r2. */
const key = (value: number): Insn[] => [store(8, R10, -8, value), alu64X("MOV", R2, R10), alu64("ADD", R2, -8)];
const update = (k: number, value: bigint, flags: bigint): Insn[] => [
  ...key(k),
  ...number64(R3, value),
  storeX(8, R10, -16, R3),
  alu64X("MOV", R3, R10),
  alu64("ADD", R3, -16),
  ...number64(R4, flags),
  ...mapPointer(R1, 0),
  callHelper(UPDATE),
];
const remove = (k: number): Insn[] => [...key(k), ...mapPointer(R1, 0), callHelper(DELETE)];
/** The value of a key, or -1. */
const lookup = (k: number): Insn[] => [
  ...[...key(k), ...mapPointer(R1, 0), callHelper(LOOKUP)],
  ...[jump64("JNE", R0, 0, 2), alu64("MOV", R0, -1), jump64("JEQ", R0, -1, 1), loadInsn(8, R0, R0, 0)],
];

describe.each(ENGINES)("maps of $name", ({ load }) => {
  /** What each of several calls answers; each begins with what the ones before left. */
  const answers = (map: MapSpec, calls: readonly (readonly Insn[])[]): readonly bigint[] =>
    calls.map((_, last) => {
      const insns = [...calls.slice(0, last + 1), exit()];
      return BigInt.asIntN(64, resultOf(load(programOf(insns, [map]))));
    });

  test("a hash has what was put in, and answers Linux's errnos", () => {
    const calls = [
      ...[lookup(1), update(1, 11n, EXIST), update(1, 11n, NOEXIST), update(1, 12n, NOEXIST), lookup(1)],
      ...[update(1, 0x1_2345_6789_abcdn, EXIST), lookup(1), update(2, 22n, ANY), update(3, 33n, ANY)],
      ...[update(4, 44n, ANY), update(3, 34n, ANY), remove(4), remove(1), remove(1), lookup(1), update(4, 44n, ANY)],
      ...[lookup(2), lookup(3), lookup(4), update(4, 45n, 3n), update(4, 45n, 1n << 32n), lookup(4)],
    ];
    expect(answers(HASH, calls)).toEqual([
      ...[-1n, ENOENT, 0n, EEXIST, 11n],
      ...[0n, 0x1_2345_6789_abcdn, 0n, 0n],
      ...[E2BIG, 0n, ENOENT, 0n, ENOENT, -1n, 0n],
      ...[22n, 34n, 44n, EINVAL, EINVAL, 44n],
    ]);
  });

  test("an array has all of its values from the beginning; none can be deleted or added", () => {
    const calls = [
      ...[lookup(0), lookup(2), lookup(3), update(2, 22n, ANY), update(2, 23n, EXIST), update(2, 24n, NOEXIST)],
      ...[lookup(2), update(3, 1n, ANY), update(3, 1n, NOEXIST), update(1, 1n, 3n), remove(2), lookup(2)],
    ];
    expect(answers(ARRAY, calls)).toEqual([
      ...[0n, 0n, -1n, 0n, 0n, EEXIST],
      ...[23n, E2BIG, E2BIG, EINVAL, EINVAL, 23n],
    ]);
  });

  test("values live as long as the program does", () => {
    // counts[0] += 1 through the pointer that a lookup gives; r0 = how often.
    const insns = [
      ...[...key(0), ...mapPointer(R1, 0), callHelper(LOOKUP)],
      ...[jump64("JEQ", R0, 0, 4), loadInsn(8, R3, R0, 0), alu64("ADD", R3, 1)],
      ...[storeX(8, R0, 0, R3), alu64X("MOV", R0, R3), exit()],
    ];
    const loaded = load(programOf(insns, [ARRAY]));
    expect([1, 2, 3].map(() => loaded.run(packet, META))).toEqual([1, 2, 3]);
    expect(loaded.memory.maps[0]?.entries().map(({ value }) => value[0])).toEqual([3, 0, 0]);
    expect(load(loaded.program).run(packet, META)).toBe(1);
  });

  test("a pointer from before an update of a hash's entry still sees the old value, as in Linux", () => {
    const insns = [
      ...[update(1, 11n, ANY), key(1), mapPointer(R1, 0), callHelper(LOOKUP), alu64X("MOV", R6, R0)].flat(),
      ...[...update(1, 12n, ANY), jump64("JEQ", R6, 0, 1), loadInsn(8, R6, R6, 0), alu64X("MOV", R0, R6), exit()],
    ];
    expect(resultOf(load(programOf(insns, [HASH])))).toBe(11n);
  });

  test("many keys of several bytes come and go, and each keeps its own value", () => {
    const many: MapSpec = { name: "many", type: "hash", keyBytes: 3, valueBytes: 5, maxEntries: 700 };
    const { memory } = load(programOf([exit()], [many]));
    const [map] = memory.maps;
    if (map === undefined) throw new Error("there is a map");
    const expected = new Map<number, number>();
    const [keyAt, valueAt] = [600, 700];
    for (let i = 0; i < 5000; i++) {
      const k = (i * 7919) % 1000;
      memory.view.setUint32(keyAt, k, true);
      memory.view.setUint32(valueAt, i, true);
      if (i % 3 === 2) {
        expect(map.remove(keyAt)).toBe(expected.delete(k) ? 0 : Number(ENOENT));
      } else {
        const full = expected.size === 700 && !expected.has(k);
        expect(map.update(keyAt, valueAt, 0)).toBe(full ? Number(E2BIG) : 0);
        if (!full) expected.set(k, i);
      }
      const at = map.lookup(keyAt);
      expect(at === 0 ? undefined : memory.view.getUint32(at, true)).toBe(expected.get(k));
    }
    const found = map.entries().map(({ key: [a = 0, b = 0], value: [c = 0, d = 0] }) => [a + b * 256, c + d * 256]);
    expect(found.sort(([a = 0], [b = 0]) => a - b)).toEqual([...expected].sort(([a], [b]) => a - b));
  });
});

describe.each(ENGINES)("other helpers of $name", ({ load }) => {
  test("time, chance and the processor are the machine's", () => {
    const machine = { nowNs: () => 0x1234_5678_9abc_def0n, random32: () => 0xdead_beef };
    const call = (id: number) => resultOf(load(programOf([callHelper(id), exit()]), machine));
    expect(call(5)).toBe(0x1234_5678_9abc_def0n);
    expect(call(7)).toBe(0xdead_beefn);
    expect(call(8)).toBe(0n);
  });

  /** r0 of a load of packet bytes to the stack, and what is there then. */
  const loaded = (id: number, offset: bigint, bytes: number, start = 0) => {
    const call = [
      ...[store(8, R10, -16, -1), store(8, R10, -8, -1), ...number64(R2, offset), alu64X("MOV", R3, R10)],
      ...[alu64("ADD", R3, -16), alu64("MOV", R4, bytes), alu64("MOV", R5, start), callHelper(id)],
    ];
    const [result = 0n, there = 0n] = [[], [loadInsn(8, R0, R10, -16)]].map((last) =>
      resultOf(load(programOf([call, last, exit()])), packet),
    );
    return [BigInt.asIntN(64, result), `0x${there.toString(16)}`];
  };

  test("skb_load_bytes copies bytes of the packet, or zeros and -EFAULT", () => {
    expect(loaded(26, 4n, 4)).toEqual([0n, "0xffffffff07060504"]);
    expect(loaded(26, 56n, 8)).toEqual([0n, "0x3f3e3d3c3b3a3938"]);
    expect(loaded(26, 57n, 8)).toEqual([EFAULT, "0x0"]);
    expect(loaded(26, 0x8000_0000n, 2)).toEqual([EFAULT, "0xffffffffffff0000"]);
    expect(loaded(26, 0xffff_ffff_0000_0004n, 4)).toEqual([0n, "0xffffffff07060504"]);
  });

  test("skb_load_bytes_relative counts from the link's header or from the network's", () => {
    expect(loaded(68, 4n, 4, 0)).toEqual([0n, "0xffffffff07060504"]);
    expect(loaded(68, 4n, 4, 1)).toEqual([0n, "0xffffffff15141312"]);
    expect(loaded(68, 47n, 4, 1)).toEqual([EFAULT, "0xffffffff00000000"]);
    expect(loaded(68, 0x1_0000n, 4, 0)).toEqual([EFAULT, "0xffffffff00000000"]);
    expect(loaded(68, 4n, 4, 2)).toEqual([EFAULT, "0xffffffff00000000"]);
  });
});
