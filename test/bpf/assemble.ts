import { ALU, CLASS, JUMP, MODE, SIZE, SOURCE_X } from "../../services/bpf/isa.ts";
import type { BpfProgram, Insn, MapSpec } from "../../services/bpf/program.ts";

const SIZES = { 1: SIZE.B, 2: SIZE.H, 4: SIZE.W, 8: SIZE.DW } as const;
export type Bytes = keyof typeof SIZES;
type Alu = Exclude<keyof typeof ALU, "END">;
type Jump = Exclude<keyof typeof JUMP, "JA" | "CALL" | "EXIT">;

const insn = (code: number, dst: number, src: number, off: number, imm: number): Insn => ({ code, dst, src, off, imm });

/** Instructions of RFC 9669; a 64 or a 32 says on how many bits it works, X that the second operand is a register. */
export const alu64 = (op: Alu, dst: number, imm: number, off = 0): Insn =>
  insn(CLASS.ALU64 | ALU[op], dst, 0, off, imm);
export const alu64X = (op: Alu, dst: number, src: number, off = 0): Insn =>
  insn(CLASS.ALU64 | ALU[op] | SOURCE_X, dst, src, off, 0);
export const alu32 = (op: Alu, dst: number, imm: number, off = 0): Insn => insn(CLASS.ALU | ALU[op], dst, 0, off, imm);
export const alu32X = (op: Alu, dst: number, src: number, off = 0): Insn =>
  insn(CLASS.ALU | ALU[op] | SOURCE_X, dst, src, off, 0);
export const le = (dst: number, bits: number): Insn => insn(CLASS.ALU | ALU.END, dst, 0, 0, bits);
export const be = (dst: number, bits: number): Insn => insn(CLASS.ALU | ALU.END | SOURCE_X, dst, 0, 0, bits);
export const bswap = (dst: number, bits: number): Insn => insn(CLASS.ALU64 | ALU.END, dst, 0, 0, bits);

export const jump64 = (op: Jump, dst: number, imm: number, off: number): Insn =>
  insn(CLASS.JMP | JUMP[op], dst, 0, off, imm);
export const jump64X = (op: Jump, dst: number, src: number, off: number): Insn =>
  insn(CLASS.JMP | JUMP[op] | SOURCE_X, dst, src, off, 0);
export const jump32 = (op: Jump, dst: number, imm: number, off: number): Insn =>
  insn(CLASS.JMP32 | JUMP[op], dst, 0, off, imm);
export const jump32X = (op: Jump, dst: number, src: number, off: number): Insn =>
  insn(CLASS.JMP32 | JUMP[op] | SOURCE_X, dst, src, off, 0);
export const goto16 = (off: number): Insn => insn(CLASS.JMP | JUMP.JA, 0, 0, off, 0);
export const gotol = (far: number): Insn => insn(CLASS.JMP32 | JUMP.JA, 0, 0, 0, far);
export const callHelper = (id: number): Insn => insn(CLASS.JMP | JUMP.CALL, 0, 0, 0, id);
export const callLocal = (far: number): Insn => insn(CLASS.JMP | JUMP.CALL, 0, 1, 0, far);
export const exit = (): Insn => insn(CLASS.JMP | JUMP.EXIT, 0, 0, 0, 0);

export const load = (bytes: Bytes, dst: number, src: number, off: number): Insn =>
  insn(CLASS.LDX | MODE.MEM | SIZES[bytes], dst, src, off, 0);
export const loadSigned = (bytes: 1 | 2 | 4, dst: number, src: number, off: number): Insn =>
  insn(CLASS.LDX | MODE.MEMSX | SIZES[bytes], dst, src, off, 0);
export const store = (bytes: Bytes, dst: number, off: number, imm: number): Insn =>
  insn(CLASS.ST | MODE.MEM | SIZES[bytes], dst, 0, off, imm);
export const storeX = (bytes: Bytes, dst: number, off: number, src: number): Insn =>
  insn(CLASS.STX | MODE.MEM | SIZES[bytes], dst, src, off, 0);
export const atomic = (bytes: 4 | 8, dst: number, off: number, src: number, op: number): Insn =>
  insn(CLASS.STX | MODE.ATOMIC | SIZES[bytes], dst, src, off, op);
export const loadAbs = (bytes: 1 | 2 | 4, imm: number): Insn => insn(CLASS.LD | MODE.ABS | SIZES[bytes], 0, 0, 0, imm);
export const loadInd = (bytes: 1 | 2 | 4, src: number, imm: number): Insn =>
  insn(CLASS.LD | MODE.IND | SIZES[bytes], 0, src, 0, imm);

/** Wide loads take two slots: of a number, of a map, of the address of an array's bytes. */
const wide = (dst: number, src: number, low: number, high: number): Insn[] => [
  insn(CLASS.LD | MODE.IMM | SIZE.DW, dst, src, 0, low),
  insn(0, 0, 0, 0, high),
];
export const number64 = (dst: number, value: bigint): Insn[] =>
  wide(dst, 0, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
export const mapPointer = (dst: number, map: number): Insn[] => wide(dst, 1, map, 0);
export const mapValue = (dst: number, map: number, offset: number): Insn[] => wide(dst, 2, map, offset);

/** A program of instructions. */
export const programOf = (insns: readonly (Insn | readonly Insn[])[], maps: readonly MapSpec[] = []): BpfProgram => ({
  name: "test",
  insns: insns.flat(),
  maps,
});
