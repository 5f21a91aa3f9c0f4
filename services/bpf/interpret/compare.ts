import { JUMP } from "../isa.ts";

/** Whether a conditional jump on the low 32 bits is taken; undefined: there is no such jump. */
export function taken32(operation: number, a: number, b: number): boolean | undefined {
  switch (operation) {
    case JUMP.JEQ:
      return a === b;
    case JUMP.JNE:
      return a !== b;
    case JUMP.JSET:
      return (a & b) !== 0;
    case JUMP.JGT:
      return a >>> 0 > b >>> 0;
    case JUMP.JGE:
      return a >>> 0 >= b >>> 0;
    case JUMP.JLT:
      return a >>> 0 < b >>> 0;
    case JUMP.JLE:
      return a >>> 0 <= b >>> 0;
    case JUMP.JSGT:
      return a > b;
    case JUMP.JSGE:
      return a >= b;
    case JUMP.JSLT:
      return a < b;
    case JUMP.JSLE:
      return a <= b;
    default:
      return undefined;
  }
}

/** The same on 64 bits, in halves: the high ones decide, and where they are equal the low ones do, which have no sign. */
export function taken64(operation: number, a: number, aHigh: number, b: number, bHigh: number): boolean | undefined {
  switch (operation) {
    case JUMP.JEQ:
      return a === b && aHigh === bHigh;
    case JUMP.JNE:
      return a !== b || aHigh !== bHigh;
    case JUMP.JSET:
      return (a & b) !== 0 || (aHigh & bHigh) !== 0;
    case JUMP.JGT:
    case JUMP.JGE:
    case JUMP.JLT:
    case JUMP.JLE:
      return aHigh === bHigh ? taken32(operation, a, b) : taken32(operation, aHigh, bHigh);
    case JUMP.JSGT:
    case JUMP.JSGE:
    case JUMP.JSLT:
    case JUMP.JSLE:
      return aHigh === bHigh ? taken32(UNSIGNED[operation], a, b) : taken32(operation, aHigh, bHigh);
    default:
      return undefined;
  }
}

const UNSIGNED = {
  [JUMP.JSGT]: JUMP.JGT,
  [JUMP.JSGE]: JUMP.JGE,
  [JUMP.JSLT]: JUMP.JLT,
  [JUMP.JSLE]: JUMP.JLE,
} as const;
