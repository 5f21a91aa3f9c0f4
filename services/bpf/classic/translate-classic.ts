import { ALU, CLASS, JUMP, MODE, SIZE, SOURCE_X } from "../isa.ts";
import type { BpfProgram, Insn } from "../program.ts";
import { ABOUT, aboutOf, CLASSIC, FROM, MEMORY_WORDS, MISC, RETURNS } from "./codes.ts";
import type { ClassicInsn } from "./read-classic.ts";

/** Where classic registers live, as in the kernel: A in r0, X in r7, the packet in r6; A is put aside in r8. */
const A = 0;
const CTX = 6;
const X = 7;
const ASIDE = 8;
const FP = 10;

/** Where the fields of `struct __sk_buff` are that classic programs ask for. */
const FIELD = {
  LEN: 0,
  PKTTYPE: 4,
  MARK: 8,
  QUEUE: 12,
  PROTOCOL: 16,
  VLAN_PRESENT: 20,
  VLAN_TCI: 24,
  VLAN_PROTO: 28,
  IFINDEX: 40,
  HASH: 68,
};

const HELPER = { get_prandom_u32: 7, get_smp_processor_id: 8 } as const;

/** The number of Ethernet, which every frame here is. */
const ARPHRD_ETHER = 1;

/** An instruction whose jump is to a classic one, until all have their places. */
type Draft = Insn & { readonly to?: number };

const insn = (code: number, dst = 0, src = 0, off = 0, imm = 0): Draft => ({ code, dst, src, off, imm: imm | 0 });
const mov = (dst: number, src: number): Draft => insn(CLASS.ALU | ALU.MOV | SOURCE_X, dst, src);
const set = (dst: number, imm: number): Draft => insn(CLASS.ALU | ALU.MOV, dst, 0, 0, imm);
const field = (dst: number, off: number): Draft => insn(CLASS.LDX | MODE.MEM | SIZE.W, dst, CTX, off);
const call = (helper: number): Draft => insn(CLASS.JMP | JUMP.CALL, 0, 0, 0, helper);
const goto = (to: number): Draft => ({ ...insn(CLASS.JMP | JUMP.JA), to });
const exit = insn(CLASS.JMP | JUMP.EXIT);
const wordAt = (k: number): number => -4 * (MEMORY_WORDS - k);
const fromBigEndian = (dst: number): Draft => insn(CLASS.ALU | ALU.END | SOURCE_X, dst, 0, 0, 16);

/**
 * Translates a classic program that was checked, as the kernel does (bpf_convert_filter), so that one engine runs both. A division by an
 * X that is 0 and a load beyond the packet end it with 0, as ever.
 */
export function translateClassic(insns: readonly ClassicInsn[], name: string): BpfProgram {
  const drafts: Draft[] = [set(A, 0), set(X, 0), insn(CLASS.ALU64 | ALU.MOV | SOURCE_X, CTX, 1)];
  const placeOf: number[] = [];
  for (const [at, classic] of reachable(insns)) {
    placeOf[at] = drafts.length;
    drafts.push(...translate(classic, at));
  }
  const linked = drafts.map(({ to, ...draft }, i) =>
    to === undefined ? draft : { ...draft, off: (placeOf[to] ?? 0) - i - 1 },
  );
  return { name, insns: linked, maps: [] };
}

/** What no path leads to is left out: classic programs may have it, and others may not. */
function reachable(insns: readonly ClassicInsn[]): [number, ClassicInsn][] {
  const reached = new Set([0]);
  return [...insns.entries()].filter(([at, { code, jt, jf, k }]) => {
    if (!reached.has(at)) return false;
    const kind = code & 0x07;
    if (code === (CLASSIC.JMP | JUMP.JA)) reached.add(at + 1 + k);
    else if (kind === CLASSIC.JMP) reached.add(at + 1 + jt).add(at + 1 + jf);
    else if (kind !== CLASSIC.RET) reached.add(at + 1);
    return true;
  });
}

function translate({ code, jt, jf, k }: ClassicInsn, at: number): Draft[] {
  const operation = code & 0xf0;
  const source = code & SOURCE_X;
  switch (code & 0x07) {
    case CLASSIC.ALU: {
      const plain =
        source === 0
          ? insn(CLASS.ALU | operation, A, 0, 0, operation === ALU.NEG ? 0 : k)
          : insn(CLASS.ALU | operation | SOURCE_X, A, X);
      const divides = source !== 0 && (operation === ALU.DIV || operation === ALU.MOD);
      return divides ? [insn(CLASS.JMP32 | JUMP.JNE, X, 0, 2, 0), set(A, 0), exit, plain] : [plain];
    }
    case CLASSIC.JMP: {
      if (operation === JUMP.JA) return [goto(at + 1 + k)];
      const jump =
        source === 0 ? insn(CLASS.JMP32 | operation, A, 0, 0, k) : insn(CLASS.JMP32 | operation | SOURCE_X, A, X);
      // Both ways alike: the kernel does not ask, either, and a comparison that decides nothing is no path of its own.
      return jt === jf ? [goto(at + 1 + jt)] : [{ ...jump, to: at + 1 + jt }, ...(jf === 0 ? [] : [goto(at + 1 + jf)])];
    }
    case CLASSIC.RET:
      return (code & 0x18) === RETURNS.A ? [exit] : [set(A, k), exit];
    case CLASSIC.MISC:
      return (code & 0xf8) === MISC.TAX ? [mov(X, A)] : [mov(A, X)];
    case CLASSIC.ST:
      return [insn(CLASS.STX | MODE.MEM | SIZE.W, FP, A, wordAt(k))];
    case CLASSIC.STX:
      return [insn(CLASS.STX | MODE.MEM | SIZE.W, FP, X, wordAt(k))];
    default:
      return load(code, k);
  }
}

function load(code: number, k: number): Draft[] {
  const to = (code & 0x07) === CLASSIC.LD ? A : X;
  const size = code & 0x18;
  switch (code & 0xe0) {
    case FROM.IMM:
      return [set(to, k)];
    case FROM.LEN:
      return [field(to, FIELD.LEN)];
    case FROM.MEM:
      return [insn(CLASS.LDX | MODE.MEM | SIZE.W, to, FP, wordAt(k))];
    case FROM.IND:
      return [insn(CLASS.LD | MODE.IND | size, 0, X, 0, k)];
    case FROM.MSH:
      // X = 4 * (P[k] & 15): the length of an IPv4 header. A is where packets are read to, so it is put aside.
      return [
        mov(ASIDE, A),
        insn(CLASS.LD | MODE.ABS | SIZE.B, 0, 0, 0, k),
        insn(CLASS.ALU | ALU.AND, A, 0, 0, 0xf),
        insn(CLASS.ALU | ALU.LSH, A, 0, 0, 2),
        mov(X, A),
        mov(A, ASIDE),
      ];
    default: {
      const about = aboutOf(k);
      return about === undefined ? [insn(CLASS.LD | MODE.ABS | size, 0, 0, 0, k)] : askAbout(about);
    }
  }
}

function askAbout(about: number): Draft[] {
  switch (about) {
    case ABOUT.PROTOCOL:
      return [field(A, FIELD.PROTOCOL), fromBigEndian(A)];
    case ABOUT.PKTTYPE:
      return [field(A, FIELD.PKTTYPE)];
    case ABOUT.IFINDEX:
      return [field(A, FIELD.IFINDEX)];
    case ABOUT.MARK:
      return [field(A, FIELD.MARK)];
    case ABOUT.QUEUE:
      return [field(A, FIELD.QUEUE)];
    case ABOUT.RXHASH:
      return [field(A, FIELD.HASH)];
    case ABOUT.HATYPE:
      return [set(A, ARPHRD_ETHER)];
    case ABOUT.CPU:
      return [call(HELPER.get_smp_processor_id)];
    case ABOUT.RANDOM:
      return [call(HELPER.get_prandom_u32)];
    case ABOUT.ALU_XOR_X:
      return [insn(CLASS.ALU | ALU.XOR | SOURCE_X, A, X)];
    case ABOUT.VLAN_TAG:
      return [field(A, FIELD.VLAN_TCI)];
    case ABOUT.VLAN_TAG_PRESENT:
      return [field(A, FIELD.VLAN_PRESENT)];
    default:
      return [field(A, FIELD.VLAN_PROTO), fromBigEndian(A)];
  }
}
