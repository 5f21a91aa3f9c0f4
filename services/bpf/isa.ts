/** What RFC 9669 calls the parts of an opcode; all numbers are those of the RFC. */

/** The three low bits of an opcode. */
export const CLASS = {
  LD: 0x00,
  LDX: 0x01,
  ST: 0x02,
  STX: 0x03,
  ALU: 0x04,
  JMP: 0x05,
  JMP32: 0x06,
  ALU64: 0x07,
} as const;

/** Of arithmetic and jumps: the second operand is a register, and not the immediate. */
export const SOURCE_X = 0x08;

/** Arithmetic, in the four high bits. */
export const ALU = {
  ADD: 0x00,
  SUB: 0x10,
  MUL: 0x20,
  /** Signed where the offset is 1; by zero: 0. */
  DIV: 0x30,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  /** Signed where the offset is 1; by zero: what the register had. */
  MOD: 0x90,
  XOR: 0xa0,
  /** An offset of 8, 16 or 32: as many low bits of the source, sign-extended. */
  MOV: 0xb0,
  ARSH: 0xc0,
  /** Byte order, the immediate says of how many bits. In class ALU, source 0: little-endian, 1: big-endian; in ALU64: swap. */
  END: 0xd0,
} as const;

/** Jumps, in the four high bits. */
export const JUMP = {
  /** By the offset in class JMP, by the immediate in class JMP32. */
  JA: 0x00,
  JEQ: 0x10,
  JGT: 0x20,
  JGE: 0x30,
  JSET: 0x40,
  JNE: 0x50,
  JSGT: 0x60,
  JSGE: 0x70,
  CALL: 0x80,
  EXIT: 0x90,
  JLT: 0xa0,
  JLE: 0xb0,
  JSLT: 0xc0,
  JSLE: 0xd0,
} as const;

/** How a load or a store finds its bytes, in the three high bits. */
export const MODE = {
  /** A wide instruction: 64 bits of immediate. */
  IMM: 0x00,
  ABS: 0x20,
  IND: 0x40,
  MEM: 0x60,
  /** A load that extends the sign. */
  MEMSX: 0x80,
  ATOMIC: 0xc0,
} as const;

/** How many bytes a load or a store is about. */
export const SIZE = { W: 0x00, H: 0x08, B: 0x10, DW: 0x18 } as const;

/** The immediate of an atomic operation. */
export const ATOMIC = {
  ADD: 0x00,
  OR: 0x40,
  AND: 0x50,
  XOR: 0xa0,
  /** Added to those above: the source register gets what was there. */
  FETCH: 0x01,
  XCHG: 0xe1,
  CMPXCHG: 0xf1,
} as const;

/** What the source register of a wide load says of its immediate. */
export const WIDE = { NUMBER: 0, MAP: 1, MAP_VALUE: 2 } as const;

/** What the source register of a call says of its immediate: a helper's number, or how far the function is. */
export const CALL = { HELPER: 0, LOCAL: 1 } as const;

export const classOf = (code: number): number => code & 0x07;
/** Of arithmetic and jumps. */
export const operationOf = (code: number): number => code & 0xf0;
/** Of loads and stores. */
export const modeOf = (code: number): number => code & 0xe0;

/** How many bytes a load or a store is about: 1, 2, 4 or 8. */
export function bytesOf(code: number): 1 | 2 | 4 | 8 {
  switch (code & 0x18) {
    case SIZE.W:
      return 4;
    case SIZE.H:
      return 2;
    case SIZE.B:
      return 1;
    default:
      return 8;
  }
}

/** A wide instruction takes two slots. */
export const isWide = (code: number): boolean => code === (CLASS.LD | MODE.IMM | SIZE.DW);
