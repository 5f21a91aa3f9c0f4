import { helperOf } from "../helpers.ts";
import { ALU, ATOMIC, CLASS, classOf, isWide, MODE, modeOf, operationOf, SOURCE_X } from "../isa.ts";
import { isCall, isExit, isGoto, isJump, jumpOf } from "../jumps.ts";
import type { Insn } from "../program.ts";
import { isLocalCall } from "./structure.ts";
import type { Live } from "./state.ts";

const bit = (register: number): number => 1 << register;

/** r0 to r5: what a call loses, or gives. */
const CALL_CLOBBERS = 0b11_1111;
const R1_TO_R5 = 0b11_1110;

interface Effect {
  readonly reads: number;
  readonly writes: number;
}

function effectOf(insn: Insn): Effect {
  const { code, dst, src, imm } = insn;
  const second = (code & SOURCE_X) === 0 ? 0 : bit(src);
  switch (classOf(code)) {
    case CLASS.ALU:
    case CLASS.ALU64: {
      const op = operationOf(code);
      if (op === ALU.MOV) return { reads: second, writes: bit(dst) };
      return { reads: bit(dst) | (op === ALU.END ? 0 : second), writes: bit(dst) };
    }
    case CLASS.JMP:
    case CLASS.JMP32:
      return jumpEffect(insn, second);
    case CLASS.LD:
      if (isWide(code)) return { reads: 0, writes: bit(dst) };
      return { reads: bit(6) | (modeOf(code) === MODE.IND ? bit(src) : 0), writes: CALL_CLOBBERS };
    case CLASS.LDX:
      return { reads: bit(src), writes: bit(dst) };
    case CLASS.ST:
      return { reads: bit(dst), writes: 0 };
    default: {
      const reads = bit(dst) | bit(src);
      if (modeOf(code) !== MODE.ATOMIC) return { reads, writes: 0 };
      if (imm === ATOMIC.CMPXCHG) return { reads: reads | bit(0), writes: bit(0) };
      return { reads, writes: (imm & ATOMIC.FETCH) === 0 ? 0 : bit(src) };
    }
  }
}

function jumpEffect(insn: Insn, second: number): Effect {
  const { code, dst, imm } = insn;
  if (isExit(code)) return { reads: bit(0), writes: 0 };
  if (isLocalCall(insn)) return { reads: R1_TO_R5, writes: CALL_CLOBBERS };
  if (isCall(code)) {
    const count = helperOf(imm)?.args.length ?? 5;
    return { reads: (bit(count + 1) - 1) & R1_TO_R5, writes: CALL_CLOBBERS };
  }
  return isGoto(code) ? { reads: 0, writes: 0 } : { reads: bit(dst) | second, writes: 0 };
}

/** Which registers are read after each instruction began, before they are written anew. A function's end reads r0. */
export function readLiveness(insns: readonly Insn[]): Live {
  const live = new Uint16Array(insns.length + 1);
  const effects = insns.map(effectOf);
  let changed = true;
  while (changed) {
    changed = false;
    for (let at = insns.length - 1; at >= 0; at -= 1) {
      const [insn, effect] = [insns[at], effects[at]];
      if (insn === undefined || effect === undefined) continue;
      const after = afterOf(live, insn, at);
      const before = effect.reads | (after & ~effect.writes);
      if (before === live[at]) continue;
      live[at] = before;
      changed = true;
    }
  }
  return (at) => live[at] ?? 0;
}

function afterOf(live: Uint16Array, insn: Insn, at: number): number {
  if (isExit(insn.code)) return 0;
  if (isWide(insn.code)) return live[at + 2] ?? 0;
  if (!isJump(insn.code) || isCall(insn.code)) return live[at + 1] ?? 0;
  const target = live[at + 1 + jumpOf(insn)] ?? 0;
  return isGoto(insn.code) ? target : target | (live[at + 1] ?? 0);
}
