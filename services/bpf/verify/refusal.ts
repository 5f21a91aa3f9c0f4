/** Why a program may not run, and at which instruction, in slots of 64 bits from 0. */
export interface Refusal {
  readonly insn: number;
  /** A sentence without its full stop. */
  readonly why: string;
}

/** A refusal at an instruction. */
export const refuse = (insn: number, why: string): Refusal => ({ insn, why });
