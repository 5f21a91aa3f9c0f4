import { ALU, JUMP, SIZE, SOURCE_X } from "../isa.ts";
import { ABOUT, aboutOf, CLASSIC, FROM, MEMORY_WORDS, MISC, RETURNS } from "./codes.ts";
import type { ClassicInsn } from "./read-classic.ts";

/** Why a classic program may not run, and at which instruction. */
interface ClassicRefusal {
  readonly insn: number;
  /** A sentence without its full stop. */
  readonly why: string;
}

const both = (operations: readonly number[], of: number): number[] =>
  operations.flatMap((operation) => [of | operation, of | operation | SOURCE_X]);

/** Every instruction that there is; all other codes are refused. */
const CODES: ReadonlySet<number> = new Set([
  ...both([ALU.ADD, ALU.SUB, ALU.MUL, ALU.DIV, ALU.OR, ALU.AND, ALU.LSH, ALU.RSH, ALU.MOD, ALU.XOR], CLASSIC.ALU),
  CLASSIC.ALU | ALU.NEG,
  ...[SIZE.W, SIZE.H, SIZE.B].flatMap((size) => [CLASSIC.LD | FROM.ABS | size, CLASSIC.LD | FROM.IND | size]),
  ...[CLASSIC.LD, CLASSIC.LDX].flatMap((load) => [load | FROM.IMM, load | FROM.MEM, load | FROM.LEN]),
  CLASSIC.LDX | FROM.MSH | SIZE.B,
  ...[CLASSIC.ST, CLASSIC.STX],
  ...[CLASSIC.RET | RETURNS.K, CLASSIC.RET | RETURNS.A],
  ...[CLASSIC.MISC | MISC.TAX, CLASSIC.MISC | MISC.TXA],
  CLASSIC.JMP | JUMP.JA,
  ...both([JUMP.JEQ, JUMP.JGT, JUMP.JGE, JUMP.JSET], CLASSIC.JMP),
]);

const ABOUTS: ReadonlySet<number> = new Set(Object.values(ABOUT));

const isReturn = (code: number): boolean => (code & 0x07) === CLASSIC.RET;
const isMemory = (code: number): boolean =>
  code === CLASSIC.ST || code === CLASSIC.STX || code === (CLASSIC.LD | FROM.MEM) || code === (CLASSIC.LDX | FROM.MEM);

/** What the kernel checks of a classic program (bpf_check_classic); undefined: it may run, and it ends, for it jumps forward alone. */
export function checkClassic(insns: readonly ClassicInsn[]): ClassicRefusal | undefined {
  for (const [at, insn] of insns.entries()) {
    const why = insnWrong(insn, insns.length - at - 1);
    if (why !== undefined) return { insn: at, why };
  }
  const last = insns.length - 1;
  if (!isReturn(insns[last]?.code ?? 0))
    return { insn: last, why: "the last instruction must be ret, and this one runs on" };
  return memoryWrong(insns);
}

/** @param behind how many instructions stand behind this one. */
function insnWrong({ code, jt, jf, k }: ClassicInsn, behind: number): string | undefined {
  if (!CODES.has(code)) return `there is no such instruction: 0x${code.toString(16)}`;
  if (code === (CLASSIC.ALU | ALU.DIV) || code === (CLASSIC.ALU | ALU.MOD))
    return k === 0 ? "it divides by the number 0" : undefined;
  if (code === (CLASSIC.ALU | ALU.LSH) || code === (CLASSIC.ALU | ALU.RSH)) {
    return k >= 32 ? `it shifts by ${k}, and A has 32 bits` : undefined;
  }
  if (isMemory(code))
    return k >= MEMORY_WORDS ? `there is no M[${k}]: there are M[0] to M[${MEMORY_WORDS - 1}]` : undefined;
  if (code === (CLASSIC.JMP | JUMP.JA)) return k >= behind ? "it jumps behind the end of the program" : undefined;
  if ((code & 0x07) === CLASSIC.JMP)
    return jt >= behind || jf >= behind ? "it jumps behind the end of the program" : undefined;
  if ((code & 0xe7) !== (CLASSIC.LD | FROM.ABS)) return undefined;
  const about = aboutOf(k);
  return about === undefined ? undefined : aboutWrong(about);
}

function aboutWrong(about: number): string | undefined {
  if (!ABOUTS.has(about)) return `there is nothing about a packet with the number ${about}`;
  if (about === ABOUT.PAY_OFFSET) return "where the payload begins (SKF_AD_PAY_OFFSET) is not told here";
  return about === ABOUT.NLATTR || about === ABOUT.NLATTR_NEST
    ? "frames have no netlink attributes (SKF_AD_NLATTR)"
    : undefined;
}

/** No path may read a word of memory that it has not written: which words surely are is passed on with each jump. */
function memoryWrong(insns: readonly ClassicInsn[]): ClassicRefusal | undefined {
  const all = (1 << MEMORY_WORDS) - 1;
  const before = insns.map(() => all);
  let valid = 0;
  for (const [at, { code, jt, jf, k }] of insns.entries()) {
    valid &= before[at] ?? all;
    const pass = (to: number): void => {
      before[to] = (before[to] ?? all) & valid;
    };
    if (code === CLASSIC.ST || code === CLASSIC.STX) valid |= 1 << k;
    else if (isMemory(code) && (valid & (1 << k)) === 0)
      return { insn: at, why: `M[${k}] was not written on every path to here` };
    else if (code === (CLASSIC.JMP | JUMP.JA)) {
      pass(at + 1 + k);
      valid = all;
    } else if ((code & 0x07) === CLASSIC.JMP) {
      pass(at + 1 + jt);
      pass(at + 1 + jf);
      valid = all;
    } else if (isReturn(code)) valid = all;
  }
  return undefined;
}
