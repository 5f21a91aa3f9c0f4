import { CLASS, classOf, JUMP, operationOf } from "./isa.ts";

/** Whether a class is one of jumps. */
export const isJump = (code: number): boolean => classOf(code) === CLASS.JMP || classOf(code) === CLASS.JMP32;

/** Whether an instruction ends a program or a function of it. */
export const isExit = (code: number): boolean => code === (CLASS.JMP | JUMP.EXIT);

/** Whether an instruction calls something. */
export const isCall = (code: number): boolean => code === (CLASS.JMP | JUMP.CALL);

/** Whether an instruction jumps in any case: `goto`, `gotol`. */
export const isGoto = (code: number): boolean => isJump(code) && operationOf(code) === JUMP.JA;

/** How far a jump goes, from the slot behind it: the long form of `goto` has its way in `imm` (RFC 9669 section 4.3). */
export const jumpOf = ({
  code,
  off,
  imm,
}: {
  readonly code: number;
  readonly off: number;
  readonly imm: number;
}): number => (code === (CLASS.JMP32 | JUMP.JA) ? imm : off);
