import { helperOf } from "../helpers.ts";
import {
  ALU,
  ATOMIC,
  CALL,
  CLASS,
  classOf,
  isWide,
  JUMP,
  MODE,
  modeOf,
  operationOf,
  SIZE,
  SOURCE_X,
  WIDE,
} from "../isa.ts";
import { isCall, isExit, isGoto } from "../jumps.ts";
import type { BpfProgram, Insn } from "../program.ts";

/** What a field must be that an instruction has no use for. */
const RESERVED = "a field that this instruction does not use is not 0";
const UNKNOWN_OPCODE = "there is no such instruction";

/** The highest register, which holds the start of the frame. */
const R10 = 10;

type Unused = Partial<Record<"dst" | "src" | "off" | "imm", true>>;

const unusedSet = (insn: Insn, unused: Unused): boolean =>
  (unused.dst === true && insn.dst !== 0) ||
  (unused.src === true && insn.src !== 0) ||
  (unused.off === true && insn.off !== 0) ||
  (unused.imm === true && insn.imm !== 0);

/**
 * What is wrong with an instruction by itself, whatever the state it is met in: its code, its fields, its operands (RFC 9669; the kernel
 * refuses the same). Undefined: nothing.
 */
export function encodingWrong(program: BpfProgram, at: number): string | undefined {
  const insn = program.insns[at];
  if (insn === undefined) return "the program ends here";
  const { code, dst, src } = insn;
  if (dst > R10) return `there is no register r${dst}`;
  if (src > R10) return `there is no register r${src}`;
  switch (classOf(code)) {
    case CLASS.ALU:
    case CLASS.ALU64:
      return arithmetic(insn);
    case CLASS.JMP:
    case CLASS.JMP32:
      return jump(insn);
    case CLASS.LD:
      return isWide(code) ? wideLoad(program, at, insn) : packetLoad(insn);
    case CLASS.LDX:
      return load(insn);
    default:
      return store(insn);
  }
}

const writesR10 = ({ dst }: Insn): string | undefined =>
  dst === R10 ? "r10 is the start of the stack, and read-only" : undefined;

function arithmetic(insn: Insn): string | undefined {
  const { code, off, imm } = insn;
  const wide = classOf(code) === CLASS.ALU64;
  const byRegister = (code & SOURCE_X) !== 0;
  const op = operationOf(code);
  if (op > ALU.END) return UNKNOWN_OPCODE;
  if (op === ALU.NEG) {
    return byRegister || unusedSet(insn, { src: true, off: true, imm: true }) ? RESERVED : writesR10(insn);
  }
  if (op === ALU.END) {
    if (unusedSet(insn, { src: true, off: true }) || (wide && byRegister)) return RESERVED;
    return imm === 16 || imm === 32 || imm === 64
      ? writesR10(insn)
      : `bytes are swapped in 16, 32 or 64 bits, not in ${imm}`;
  }
  if (unusedSet(insn, byRegister ? { imm: true } : { src: true })) return RESERVED;
  if (off !== 0 && !mayHaveOffset(insn, op, byRegister, wide)) return RESERVED;
  if (!byRegister && (op === ALU.DIV || op === ALU.MOD) && imm === 0) return "it divides by the number 0";
  const bits = wide ? 64 : 32;
  const isShift = op === ALU.LSH || op === ALU.RSH || op === ALU.ARSH;
  if (isShift && !byRegister && (imm < 0 || imm >= bits)) return `it shifts by ${imm}, and a register has ${bits} bits`;
  return writesR10(insn);
}

/** The offset of arithmetic says that it is signed: 1 in divisions, the bits that are kept in moves. */
function mayHaveOffset({ off }: Insn, op: number, byRegister: boolean, wide: boolean): boolean {
  if (op === ALU.DIV || op === ALU.MOD) return off === 1;
  return op === ALU.MOV && byRegister && (off === 8 || off === 16 || (wide && off === 32));
}

function jump(insn: Insn): string | undefined {
  const { code, src, imm } = insn;
  const op = operationOf(code);
  const byRegister = (code & SOURCE_X) !== 0;
  if (isExit(code)) return unusedSet(insn, { dst: true, src: true, off: true, imm: true }) ? RESERVED : undefined;
  if (isCall(code)) return call(insn);
  if (isGoto(code)) {
    const unused: Unused =
      classOf(code) === CLASS.JMP32 ? { dst: true, src: true, off: true } : { dst: true, src: true, imm: true };
    return byRegister || unusedSet(insn, unused) ? RESERVED : undefined;
  }
  if (op === JUMP.CALL || op === JUMP.EXIT || op > JUMP.JSLE) return UNKNOWN_OPCODE;
  return (byRegister ? imm : src) === 0 ? undefined : RESERVED;
}

function call(insn: Insn): string | undefined {
  const { src, imm } = insn;
  if (unusedSet(insn, { dst: true, off: true })) return RESERVED;
  if (src === CALL.LOCAL) return undefined;
  if (src !== CALL.HELPER) return "it calls a function of the kernel by its type, which a packet filter may not";
  return helperOf(imm) === undefined ? `there is no helper with the number ${imm} for packet filters` : undefined;
}

function wideLoad({ insns, maps }: BpfProgram, at: number, insn: Insn): string | undefined {
  const second = insns[at + 1];
  if (second === undefined) return "it takes two slots, and the program ends after the first";
  if (second.code !== 0 || unusedSet(second, { dst: true, src: true, off: true }) || insn.off !== 0) return RESERVED;
  if (insn.src === WIDE.NUMBER) return writesR10(insn);
  if (insn.src > WIDE.MAP_VALUE) return `there is no wide load of sort ${insn.src} for packet filters`;
  const map = maps[insn.imm];
  if (map === undefined) return `the program has no map number ${insn.imm}`;
  if (insn.src === WIDE.MAP) return second.imm === 0 ? writesR10(insn) : RESERVED;
  if (map.type !== "array" || map.maxEntries !== 1)
    return `the map ${map.name} is not one value that could be pointed into`;
  const byte = second.imm >>> 0;
  if (byte >= map.valueBytes) return `byte ${byte} of the map ${map.name}, whose value has ${map.valueBytes}`;
  return writesR10(insn);
}

function packetLoad(insn: Insn): string | undefined {
  const mode = modeOf(insn.code);
  if (mode !== MODE.ABS && mode !== MODE.IND) return UNKNOWN_OPCODE;
  if ((insn.code & 0x18) === SIZE.DW) return UNKNOWN_OPCODE;
  return unusedSet(insn, mode === MODE.ABS ? { dst: true, off: true, src: true } : { dst: true, off: true })
    ? RESERVED
    : undefined;
}

function load(insn: Insn): string | undefined {
  const mode = modeOf(insn.code);
  if (mode !== MODE.MEM && mode !== MODE.MEMSX) return UNKNOWN_OPCODE;
  if (mode === MODE.MEMSX && (insn.code & 0x18) === SIZE.DW) return UNKNOWN_OPCODE;
  return insn.imm === 0 ? writesR10(insn) : RESERVED;
}

/** The atomic operations, without ATOMIC.FETCH. */
const ATOMIC_ARITHMETIC: ReadonlySet<number> = new Set([ALU.ADD, ALU.OR, ALU.AND, ALU.XOR]);

function store(insn: Insn): string | undefined {
  const { code, imm } = insn;
  const mode = modeOf(code);
  if (mode === MODE.MEM) {
    return unusedSet(insn, classOf(code) === CLASS.ST ? { src: true } : { imm: true }) ? RESERVED : undefined;
  }
  const size = code & 0x18;
  if (mode !== MODE.ATOMIC || classOf(code) === CLASS.ST) return UNKNOWN_OPCODE;
  if (size !== SIZE.W && size !== SIZE.DW) return "atomic operations are on 4 or 8 bytes";
  if (imm === ATOMIC.XCHG || imm === ATOMIC.CMPXCHG || ATOMIC_ARITHMETIC.has(imm & ~ATOMIC.FETCH)) return undefined;
  return `there is no atomic operation 0x${(imm >>> 0).toString(16)}`;
}
