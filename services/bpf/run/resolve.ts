import { CLASS, isWide, JUMP, WIDE } from "../isa.ts";
import { isExit, isGoto } from "../jumps.ts";
import type { BpfProgram, Insn } from "../program.ts";
import { mapPointer } from "./calls.ts";
import type { Layout } from "./layout.ts";

/** The slot that a jump, or a call into the program, at a slot leads to; for other instructions it says nothing. */
export function targetOf({ code, off, imm }: Insn, at: number): number {
  const far = code === (CLASS.JMP | JUMP.CALL) || code === (CLASS.JMP32 | JUMP.JA);
  return at + 1 + (far ? imm : off);
}

/** Whether control may go from an instruction to the one after it. */
export const fallsThrough = ({ code }: Insn): boolean => !isExit(code) && !isGoto(code);

/** What a wide load at a slot puts into its register, in halves: a number, a map's pointer or the address of its value. */
export function wideValue(
  { insns, maps }: BpfProgram,
  layout: Layout,
  at: number,
): { readonly low: number; readonly high: number } {
  const first = insns[at];
  const low = first?.imm ?? 0;
  const high = insns[at + 1]?.imm ?? 0;
  switch (first?.src) {
    case WIDE.MAP:
      return { low: maps[low] === undefined ? 0 : mapPointer(low), high: 0 };
    case WIDE.MAP_VALUE: {
      const region = layout.maps[low];
      return { low: region === undefined ? 0 : region.at + high, high: 0 };
    }
    default:
      return { low, high };
  }
}

/** How many slots an instruction takes. */
export const slotsOf = ({ code }: Insn): number => (isWide(code) ? 2 : 1);
