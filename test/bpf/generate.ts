import { ATOMIC } from "../../services/bpf/isa.ts";
import type { BpfProgram, Insn, MapSpec, PacketMeta } from "../../services/bpf/program.ts";
import * as asm from "./assemble.ts";
import { createChance, type Chance } from "./chance.ts";

/** A program that a verifier should accept, and packets to run it on. */
export interface Case {
  readonly program: BpfProgram;
  readonly runs: readonly { readonly packet: Uint8Array; readonly meta: PacketMeta }[];
}

/** Where it will run: time, chance and interfaces are not the same in a kernel. */
export type For = "engines" | "kernel";

const [R0, R1, R2, R3, R4, R5, CTX, R7, R8, COUNTER, R10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Registers that hold numbers for as long as a function runs; r0 to r5 are lost in calls. */
const KEPT = [R7, R8];
const LOST_IN_CALLS = [R0, R1, R2, R3, R4, R5];
/** What may be written: r8 takes a number from each of the others, so that none is computed in vain. */
const WRITABLE = [...LOST_IN_CALLS, R7];
/** The stack below r10 that is filled at the beginning. */
const STACK_BYTES = 48;
/** Keys and values of maps are made below that. */
const KEY_AT = -72;
const VALUE_AT = -96;

const MAPS: readonly MapSpec[] = [
  { name: "array", type: "array", keyBytes: 4, valueBytes: 16, maxEntries: 4 },
  { name: "hash", type: "hash", keyBytes: 8, valueBytes: 16, maxEntries: 3 },
  { name: "data", type: "array", keyBytes: 4, valueBytes: 16, maxEntries: 1 },
  { name: "odd", type: "hash", keyBytes: 5, valueBytes: 12, maxEntries: 2 },
];

/** The only one of them that has but one value, which a wide load may point into. */
const DATA = 2;

const ALU_OPS = ["ADD", "SUB", "MUL", "DIV", "OR", "AND", "LSH", "RSH", "NEG", "MOD", "XOR", "MOV", "ARSH"] as const;
const JUMP_OPS = ["JEQ", "JNE", "JSET", "JGT", "JGE", "JLT", "JLE", "JSGT", "JSGE", "JSLT", "JSLE"] as const;
const ATOMIC_OPS = [
  ...[ATOMIC.ADD, ATOMIC.OR, ATOMIC.AND, ATOMIC.XOR].flatMap((op) => [op, op | ATOMIC.FETCH]),
  ...[ATOMIC.XCHG, ATOMIC.CMPXCHG],
];

/** A function that is being written: which registers hold numbers now. */
interface Scope {
  readonly live: Set<number>;
  readonly main: boolean;
  /** r9 counts a loop: there is none inside it. */
  readonly inLoop: boolean;
  readonly depth: number;
}

/** The case of a seed. */
export function generate(seed: string, target: For): Case {
  const chance = createChance(seed);
  const subprogram = chance.onceIn(3) ? functionOf(chance, target) : undefined;
  const body = mainOf(chance, target, subprogram !== undefined);
  const called = body.some(({ code, src }) => code === CALL_CODE && src === 1);
  const insns = [...body, ...(called ? (subprogram ?? []) : [])].map((insn, at) =>
    // Calls into the program are written last, when it is known where the function begins.
    insn.code === CALL_CODE && insn.src === 1 ? { ...insn, imm: body.length - at - 1 } : insn,
  );
  const runs = Array.from({ length: chance.between(1, 3) }, () => packetOf(chance));
  return { program: { name: `seed ${seed}`, insns, maps: MAPS }, runs };
}

const CALL_CODE = asm.callLocal(0).code;

function packetOf(chance: Chance): Case["runs"][number] {
  const packet = Uint8Array.from({ length: chance.between(60, 120) }, () => chance.below(256));
  const protocol = chance.oneOf([0x0800, 0x86dd, 0x1234]);
  packet.set([0x02, 0, 0, 0, 0, 1], 0);
  packet.set([protocol >> 8, protocol & 0xff], 12);
  return { packet, meta: { ifindex: 2, protocol, mark: chance.below(2 ** 32), priority: chance.below(8) } };
}

const definition = (chance: Chance, register: number): Insn[] =>
  chance.onceIn(3) ? [asm.alu64("MOV", register, chance.immediate())] : asm.number64(register, chance.number64());

const begin = (chance: Chance): Insn[] => [
  ...Array.from({ length: STACK_BYTES / 8 }, (_, i) => asm.store(8, R10, -8 * (i + 1), chance.immediate())),
  ...KEPT.flatMap((register) => definition(chance, register)),
];

/** Adds a number to what r8 says of all before: whatever bit of it were wrong, r8 would be. */
const fold = (into: number, register: number): Insn[] => [
  asm.alu64("MUL", into, 0x0100_0193),
  asm.alu64X("ADD", into, register),
];

/** All that is on the stack, added to r8. */
const foldStack = (): Insn[] =>
  Array.from({ length: STACK_BYTES / 8 }, (_, i) => [asm.load(8, R7, R10, -8 * (i + 1)), ...fold(R8, R7)]).flat();

/** r0 made of what is known, so that all of it counts. */
const end = ({ live }: Scope, target: For): Insn[] => [
  ...(live.has(R0) ? [] : [asm.alu64("MOV", R0, 0)]),
  ...[...live].filter((register) => register !== R0).flatMap((register) => [asm.alu64X("XOR", R0, register)]),
  // A kernel answers the low half.
  ...(target === "kernel" ? [asm.alu64X("MOV", R1, R0), asm.alu64("RSH", R1, 32), asm.alu64X("XOR", R0, R1)] : []),
  asm.exit(),
];

function mainOf(chance: Chance, target: For, calls: boolean): Insn[] {
  const scope: Scope = { live: new Set(KEPT), main: true, inLoop: false, depth: 0 };
  const first = [asm.alu64X("MOV", CTX, R1), ...begin(chance)];
  const writer = writerOf(chance, target, calls);
  return [...first, ...writer(scope, chance.between(5, 15)), ...foldStack(), ...end(scope, target)];
}

/** A function of two numbers. */
function functionOf(chance: Chance, target: For): Insn[] {
  const scope: Scope = { live: new Set([R1, R2, ...KEPT]), main: false, inLoop: false, depth: 0 };
  const first = begin(chance);
  return [...first, ...writerOf(chance, target, false)(scope, chance.between(2, 6)), ...end(scope, target)];
}

function writerOf(chance: Chance, target: For, calls: boolean): (scope: Scope, statements: number) => Insn[] {
  const known = ({ live }: Scope): number => chance.oneOf([...live]);
  const writable = ({ live }: Scope): number => chance.oneOf(WRITABLE.filter((register) => live.has(register)));
  const lose = ({ live }: Scope): void => LOST_IN_CALLS.forEach((register) => live.delete(register));
  const sizes = [1, 2, 4, 8] as const;

  function define({ live }: Scope): Insn[] {
    const register = chance.oneOf(WRITABLE);
    live.add(register);
    return definition(chance, register);
  }

  const arithmetic = (scope: Scope): Insn[] =>
    Array.from({ length: chance.between(1, 4) }, () => operation(scope)).flat();

  function operation(scope: Scope): Insn[] {
    const dst = writable(scope);
    const wide = chance.onceIn(2);
    const op = chance.oneOf(ALU_OPS);
    const divides = op === "DIV" || op === "MOD";
    const off = divides && chance.onceIn(2) ? 1 : 0;
    if (op === "NEG") return [wide ? asm.alu64(op, dst, 0) : asm.alu32(op, dst, 0)];
    if (chance.onceIn(2)) {
      const src = known(scope);
      const extends8 = op === "MOV" && chance.onceIn(2) ? chance.oneOf(wide ? [8, 16, 32] : [8, 16]) : off;
      return [wide ? asm.alu64X(op, dst, src, extends8) : asm.alu32X(op, dst, src, extends8)];
    }
    const shifts = op === "LSH" || op === "RSH" || op === "ARSH";
    const imm = shifts ? chance.below(wide ? 64 : 32) : chance.immediate();
    return [(wide ? asm.alu64 : asm.alu32)(op, dst, divides && imm === 0 ? 3 : imm, off)];
  }

  function reorder(scope: Scope): Insn[] {
    return [chance.oneOf([asm.le, asm.be, asm.bswap])(writable(scope), chance.oneOf([16, 32, 64]))];
  }

  /** A place in memory of so many bytes, aligned to an access. */
  const placeIn = (from: number, bytes: number, size: number): number =>
    from + size * chance.below(Math.floor(bytes / size));

  /** Reads or writes memory behind a register. */
  function access(scope: Scope, base: number, from: number, bytes: number): Insn[] {
    const free = WRITABLE.filter((register) => register !== base);
    const numbers = [...scope.live].filter((register) => register !== base);
    const kind = chance.below(4);
    const size = chance.oneOf(sizes);
    const at = placeIn(from, bytes, size);
    if (kind === 0) {
      const dst = chance.oneOf(free);
      scope.live.add(dst);
      const signed = size !== 8 && chance.onceIn(2);
      return [signed ? asm.loadSigned(size, dst, base, at) : asm.load(size, dst, base, at)];
    }
    if (kind === 1) return [asm.store(size, base, at, chance.immediate())];
    if (kind === 2) return [asm.storeX(size, base, at, chance.oneOf(numbers))];
    return atomically(scope, base, placeIn(from, bytes, 8), numbers);
  }

  /** An atomic operation; one that compares finds now and then what it looks for, in all of r0 or only in its low half. */
  function atomically({ live }: Scope, base: number, at: number, numbers: readonly number[]): Insn[] {
    const width = chance.oneOf([4, 8] as const);
    const op = chance.oneOf(ATOMIC_OPS);
    const source = chance.oneOf(numbers.filter((register) => register !== R8));
    const insn = asm.atomic(width, base, at, source, op);
    if (op !== ATOMIC.CMPXCHG) return [insn];
    if (base === R0) return [];
    const found = chance.oneOf([asm.load(8, R0, base, at), asm.load(4, R0, base, at), asm.loadSigned(4, R0, base, at)]);
    const known = live.has(R0) && chance.onceIn(3);
    live.add(R0);
    return known ? [insn] : [found, insn];
  }

  function context({ live }: Scope): Insn[] {
    const dst = chance.oneOf(WRITABLE);
    const cb = 48 + 4 * chance.below(5);
    const fields = target === "kernel" ? [0, 8, 16, 32] : [0, 4, 8, 16, 20, 24, 28, 32, 36, 40, 68];
    if (chance.onceIn(3)) return [asm.storeX(4, CTX, cb, chance.oneOf([...live]))];
    live.add(dst);
    return [asm.load(4, dst, CTX, chance.onceIn(3) ? cb : chance.oneOf(fields))];
  }

  function legacy(scope: Scope): Insn[] {
    const size = chance.oneOf([1, 2, 4] as const);
    const absolute = chance.onceIn(2);
    const offset = chance.onceIn(12) ? chance.immediate() : chance.below(28);
    const index = R7;
    lose(scope);
    scope.live.add(R0);
    // A random index is seldom in the packet.
    return absolute ? [asm.loadAbs(size, offset)] : [asm.alu64("AND", index, 31), asm.loadInd(size, index, offset)];
  }

  function putKey(map: MapSpec): Insn[] {
    const key = chance.below(map.maxEntries + 2);
    return [asm.store(8, R10, KEY_AT, key), asm.alu64X("MOV", R2, R10), asm.alu64("ADD", R2, KEY_AT)];
  }

  function lookup(scope: Scope): Insn[] {
    const map = chance.below(MAPS.length);
    const spec = MAPS[map] ?? MAPS[0];
    if (spec === undefined) return [];
    const call = [...putKey(spec), ...asm.mapPointer(R1, map), asm.callHelper(1)];
    lose(scope);
    const inner: Scope = { ...scope, live: new Set(scope.live) };
    const uses: Insn[] = [];
    for (let n = chance.between(1, 4); n > 0; n--) {
      const some = access(inner, R0, 0, spec.valueBytes - (spec.valueBytes % 8));
      // What is loaded into r0 would hide the pointer.
      uses.push(...some);
    }
    return [...call, asm.jump64("JEQ", R0, 0, uses.length), ...uses];
  }

  function change(scope: Scope): Insn[] {
    const map = chance.below(MAPS.length);
    const spec = MAPS[map] ?? MAPS[0];
    if (spec === undefined) return [];
    const key = putKey(spec);
    const value = [0, 8].map((at) => asm.storeX(8, R10, VALUE_AT + at, chance.oneOf(KEPT)));
    lose(scope);
    scope.live.add(R0);
    if (chance.onceIn(3)) return [...key, ...asm.mapPointer(R1, map), asm.callHelper(3)];
    const flags = chance.onceIn(10) ? chance.immediate() : chance.below(4);
    return [
      ...[...value, ...key, asm.alu64X("MOV", R3, R10), asm.alu64("ADD", R3, VALUE_AT)],
      ...[asm.alu64("MOV", R4, flags), ...asm.mapPointer(R1, map), asm.callHelper(2)],
    ];
  }

  function direct(scope: Scope): Insn[] {
    const base = chance.oneOf([R1, R2, R3, R4, R5]);
    scope.live.delete(base);
    const insns = [...asm.mapValue(base, DATA, 8 * chance.below(2))];
    for (let n = chance.between(1, 3); n > 0; n--) insns.push(...access(scope, base, 0, 8));
    scope.live.delete(base);
    return insns;
  }

  function packetBytes(scope: Scope): Insn[] {
    const bytes = 8 * chance.between(1, 3);
    const relative = chance.onceIn(2);
    const offset = chance.onceIn(8) ? chance.immediate() : chance.below(70);
    lose(scope);
    scope.live.add(R0);
    return [
      ...[asm.alu64X("MOV", R1, CTX), asm.alu64("MOV", R2, offset), asm.alu64X("MOV", R3, R10)],
      ...[asm.alu64("ADD", R3, -bytes), asm.alu64("MOV", R4, bytes), asm.alu64("MOV", R5, chance.below(3))],
      asm.callHelper(relative ? 68 : 26),
    ];
  }

  function machine(scope: Scope): Insn[] {
    lose(scope);
    scope.live.add(R0);
    return [asm.callHelper(chance.oneOf([5, 7, 8]))];
  }

  function local(scope: Scope): Insn[] {
    const args = [R1, R2].filter((register) => !scope.live.has(register));
    const insns = [...args.flatMap((register) => definition(chance, register)), asm.callLocal(0)];
    lose(scope);
    scope.live.add(R0);
    return insns;
  }

  /** Runs some statements only where something holds. */
  function condition(scope: Scope): Insn[] {
    const a = known(scope);
    const b = known(scope);
    const op = chance.oneOf(JUMP_OPS);
    const before = new Set(scope.live);
    const inner = write({ ...scope, live: scope.live, depth: scope.depth + 1 }, chance.between(1, 4));
    const exits = chance.onceIn(8) ? [...end(scope, target)] : [];
    const over = inner.length + exits.length;
    if (exits.length > 0) before.forEach((register) => scope.live.add(register));
    for (const register of scope.live) if (!before.has(register)) scope.live.delete(register);
    const imm = chance.immediate();
    const jump = chance.oneOf([
      asm.jump64(op, a, imm, over),
      asm.jump32(op, a, imm, over),
      asm.jump64X(op, a, b, over),
      asm.jump32X(op, a, b, over),
    ]);
    return [jump, ...inner, ...exits];
  }

  /** One of two branches. */
  function either(scope: Scope): Insn[] {
    const a = known(scope);
    const before = new Set(scope.live);
    const yes: Scope = { ...scope, live: new Set(before), depth: scope.depth + 1 };
    const no: Scope = { ...scope, live: new Set(before), depth: scope.depth + 1 };
    const one = write(yes, chance.between(1, 3));
    const other = write(no, chance.between(1, 3));
    scope.live.clear();
    for (const register of yes.live) if (no.live.has(register)) scope.live.add(register);
    const over = chance.onceIn(2) ? asm.goto16(other.length) : asm.gotol(other.length);
    return [asm.jump64(chance.oneOf(JUMP_OPS), a, chance.immediate(), one.length + 1), ...one, over, ...other];
  }

  /** So many turns; each begins knowing only what no call loses. */
  function loop(scope: Scope): Insn[] {
    lose(scope);
    const body = write({ ...scope, live: new Set(KEPT), inLoop: true, depth: scope.depth + 1 }, chance.between(1, 3));
    const turns = chance.between(1, 5);
    return [
      ...[asm.alu64("MOV", COUNTER, 0), ...body, asm.alu64("ADD", COUNTER, 1)],
      chance.onceIn(2)
        ? asm.jump64("JLT", COUNTER, turns, -body.length - 2)
        : asm.jump32("JNE", COUNTER, turns, -body.length - 2),
    ];
  }

  function statement(scope: Scope): Insn[] {
    const plain = [define, arithmetic, arithmetic, arithmetic, arithmetic, reorder];
    const memory = [(s: Scope) => access(s, R10, -STACK_BYTES, STACK_BYTES), lookup, change, direct];
    const main = [context, legacy, packetBytes];
    const nested = [condition, condition, either];
    const insns = chance.oneOf([
      ...[...plain, ...memory, ...memory],
      ...(scope.main ? main : []),
      ...(target === "engines" ? [machine] : []),
      ...(scope.depth < (scope.inLoop ? 2 : 3) ? nested : []),
      ...(scope.inLoop || scope.depth > 0 ? [] : [loop]),
      ...(calls && !scope.inLoop ? [local] : []),
    ])(scope);
    return chance.onceIn(3) ? insns : [...insns, ...fold(R8, writable(scope))];
  }

  function write(scope: Scope, statements: number): Insn[] {
    return Array.from({ length: statements }, () => statement(scope)).flat();
  }
  return write;
}
