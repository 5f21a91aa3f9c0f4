import { helperOf } from "./helpers.ts";
import {
  ALU,
  ATOMIC,
  bytesOf,
  CALL,
  CLASS,
  classOf,
  isWide,
  JUMP,
  MODE,
  modeOf,
  operationOf,
  SOURCE_X,
  WIDE,
} from "./isa.ts";
import { isCall, isExit, isGoto, jumpOf } from "./jumps.ts";
import type { BpfProgram, Insn } from "./program.ts";

const ALU_SIGNS: Readonly<Record<number, string>> = {
  [ALU.ADD]: "+=",
  [ALU.SUB]: "-=",
  [ALU.MUL]: "*=",
  [ALU.DIV]: "/=",
  [ALU.OR]: "|=",
  [ALU.AND]: "&=",
  [ALU.LSH]: "<<=",
  [ALU.RSH]: ">>=",
  [ALU.MOD]: "%=",
  [ALU.XOR]: "^=",
  [ALU.MOV]: "=",
  [ALU.ARSH]: "s>>=",
};

const JUMP_SIGNS: Readonly<Record<number, string>> = {
  [JUMP.JEQ]: "==",
  [JUMP.JGT]: ">",
  [JUMP.JGE]: ">=",
  [JUMP.JSET]: "&",
  [JUMP.JNE]: "!=",
  [JUMP.JSGT]: "s>",
  [JUMP.JSGE]: "s>=",
  [JUMP.JLT]: "<",
  [JUMP.JLE]: "<=",
  [JUMP.JSLT]: "s<",
  [JUMP.JSLE]: "s<=",
};

const FETCH_NAMES: Readonly<Record<number, string>> = {
  [ALU.ADD]: "add",
  [ALU.AND]: "and",
  [ALU.OR]: "or",
  [ALU.XOR]: "xor",
};

const signed = (n: number): string => (n < 0 ? `${n}` : `+${n}`);
const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;

/**
 * An instruction as the kernel's verifier prints it: `(b7) r0 = 0`. What is no instruction is printed as such, since it may stand in
 * a message about just that.
 */
export function disassemble(program: BpfProgram, at: number): string {
  const insn = program.insns[at];
  if (insn === undefined) return "(no instruction)";
  return `(${insn.code.toString(16).padStart(2, "0")}) ${words(program, insn, at) ?? "unknown instruction"}`;
}

function words(program: BpfProgram, insn: Insn, at: number): string | undefined {
  switch (classOf(insn.code)) {
    case CLASS.ALU:
    case CLASS.ALU64:
      return arithmetic(insn);
    case CLASS.JMP:
    case CLASS.JMP32:
      return jump(insn);
    case CLASS.LD:
      return load(program, insn, at);
    case CLASS.LDX: {
      const sign = modeOf(insn.code) === MODE.MEMSX ? "s" : "u";
      return modeOf(insn.code) === MODE.MEM || sign === "s"
        ? `r${insn.dst} = ${memory(insn, insn.src, sign)}`
        : undefined;
    }
    case CLASS.ST:
      return modeOf(insn.code) === MODE.MEM ? `${memory(insn, insn.dst, "u")} = ${insn.imm}` : undefined;
    default:
      return store(insn);
  }
}

const memory = ({ code, off }: Insn, register: number, sign: "u" | "s"): string =>
  `*(${sign}${8 * bytesOf(code)} *)(r${register} ${signed(off)})`;

function arithmetic({ code, dst, src, off, imm }: Insn): string | undefined {
  const r = classOf(code) === CLASS.ALU64 ? "r" : "w";
  const op = operationOf(code);
  if (op === ALU.NEG) return `${r}${dst} = -${r}${dst}`;
  if (op === ALU.END) {
    const order = r === "r" ? "bswap" : (code & SOURCE_X) === 0 ? "le" : "be";
    return `r${dst} = ${order}${imm} r${dst}`;
  }
  const sign = ALU_SIGNS[op];
  if (sign === undefined) return undefined;
  if ((code & SOURCE_X) === 0) return `${r}${dst} ${signedSign(op, off, sign)} ${imm}`;
  const cast = op === ALU.MOV && off !== 0 ? `(s${off})` : "";
  return `${r}${dst} ${signedSign(op, off, sign)} ${cast}${r}${src}`;
}

const signedSign = (op: number, off: number, sign: string): string =>
  (op === ALU.DIV || op === ALU.MOD) && off === 1 ? `s${sign}` : sign;

function jump(insn: Insn): string | undefined {
  const { code, dst, src, imm } = insn;
  if (isExit(code)) return "exit";
  if (isCall(code)) {
    return src === CALL.LOCAL ? `call pc${signed(imm)}` : `call ${helperOf(imm)?.name ?? "unknown"}#${imm}`;
  }
  if (isGoto(code)) return `${classOf(code) === CLASS.JMP32 ? "gotol" : "goto"} pc${signed(jumpOf(insn))}`;
  const sign = JUMP_SIGNS[operationOf(code)];
  if (sign === undefined) return undefined;
  const r = classOf(code) === CLASS.JMP ? "r" : "w";
  return `if ${r}${dst} ${sign} ${(code & SOURCE_X) === 0 ? hex(imm) : `${r}${src}`} goto pc${signed(insn.off)}`;
}

function load({ insns, maps }: BpfProgram, insn: Insn, at: number): string | undefined {
  const { code, dst, src, imm } = insn;
  const size = `u${8 * bytesOf(code)}`;
  if (modeOf(code) === MODE.ABS) return `r0 = *(${size} *)skb[${imm}]`;
  if (modeOf(code) === MODE.IND) return `r0 = *(${size} *)skb[r${src} + ${imm}]`;
  if (!isWide(code)) return undefined;
  const high = insns[at + 1]?.imm ?? 0;
  const map = maps[imm]?.name ?? `${imm}`;
  if (src === WIDE.MAP) return `r${dst} = map[${map}]`;
  if (src === WIDE.MAP_VALUE) return `r${dst} = map[${map}][0]+${high}`;
  return `r${dst} = 0x${((BigInt(high >>> 0) << 32n) | BigInt(imm >>> 0)).toString(16)}`;
}

function store(insn: Insn): string | undefined {
  const { code, dst, src, off, imm } = insn;
  if (modeOf(code) === MODE.MEM) return `${memory(insn, dst, "u")} = r${src}`;
  if (modeOf(code) !== MODE.ATOMIC) return undefined;
  const name = bytesOf(code) === 8 ? "atomic64" : "atomic";
  const where = `(u${8 * bytesOf(code)} *)(r${dst} ${signed(off)})`;
  if (imm === ATOMIC.CMPXCHG) return `r0 = ${name}_cmpxchg(${where}, r0, r${src})`;
  if (imm === ATOMIC.XCHG) return `r${src} = ${name}_xchg(${where}, r${src})`;
  const fetched = FETCH_NAMES[imm & ~ATOMIC.FETCH];
  if (fetched === undefined) return undefined;
  if ((imm & ATOMIC.FETCH) !== 0) return `r${src} = ${name}_fetch_${fetched}(${where}, r${src})`;
  return `lock *${where} ${ALU_SIGNS[imm] ?? ""} r${src}`;
}
