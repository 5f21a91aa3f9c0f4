import { ALU, CLASS, classOf, operationOf, SOURCE_X } from "../isa.ts";
import type { Insn } from "../program.ts";
import type { Environment } from "./environment.ts";
import { isPointer, number, regText, type MapValueReg, type Reg, type ScalarReg, type StackReg } from "./register.ts";
import { scalarAlu } from "./scalar-alu.ts";
import { constant, isConstant, signExtend, UNKNOWN, zeroExtend, type Scalar } from "./scalar.ts";
import { current, type State } from "./state.ts";

/** No offset is larger: the kernel's BPF_MAX_VAR_OFF. */
const OFFSET_MAX = 1n << 29n;

/** Does arithmetic on a register; why it is refused, or undefined. */
export function arithmetic(env: Environment, state: State, insn: Insn): string | undefined {
  const { regs } = current(state);
  const { code, dst, src } = insn;
  const byRegister = (code & SOURCE_X) !== 0 && operationOf(code) !== ALU.END;
  const operand: Reg | undefined = byRegister ? regs[src] : number(constant(BigInt(insn.imm)));
  if (operand === undefined || operand.t === "not_init") return `r${src} was never written on this path`;
  if (operationOf(code) === ALU.MOV) return move(env, state, insn, operand);
  const target = regs[dst];
  if (target === undefined || target.t === "not_init") return `r${dst} was never written on this path`;
  const result = compute(insn, target, operand);
  if (typeof result === "string") return result;
  regs[dst] = result;
  return undefined;
}

function move(env: Environment, state: State, insn: Insn, from: Reg): string | undefined {
  const { regs } = current(state);
  const { code, dst, src, off } = insn;
  const wide = classOf(code) === CLASS.ALU64;
  if (wide && off === 0) {
    // From now on, what is learnt of one copy is true of the other.
    const copied =
      from.t === "scalar" && from.id === 0 && !isConstant(from.known) ? number(from.known, env.freshId()) : from;
    if (copied !== from) regs[src] = copied;
    regs[dst] = copied;
    return undefined;
  }
  if (from.t !== "scalar") return `r${src} is ${regText(from)}, and only a whole one can be copied`;
  const width = wide ? 64 : 32;
  regs[dst] = number(off === 0 ? zeroExtend(from.known, 32) : zeroExtend(signExtend(from.known, off, width), width));
  return undefined;
}

function compute(insn: Insn, target: Reg, operand: Reg): Reg | string {
  const op = operationOf(insn.code);
  const wide = classOf(insn.code) === CLASS.ALU64;
  if (target.t === "scalar" && operand.t === "scalar") return number(compute64(insn, target, operand));
  if (!wide) return "there is no arithmetic on the lower half of a pointer";
  if (target.t !== "scalar" && operand.t !== "scalar") {
    return op === ALU.SUB
      ? "the difference of two pointers would leak where they are"
      : `there is no such arithmetic on ${regText(target)} and ${regText(operand)}`;
  }
  if (op !== ALU.ADD && op !== ALU.SUB) {
    return `only adding and subtracting is defined for ${regText(isPointer(target) ? target : operand)}`;
  }
  if (target.t !== "scalar" && operand.t === "scalar") return moved(target, operand, op === ALU.SUB);
  if (target.t === "scalar")
    return op === ALU.ADD ? moved(operand, target, false) : "a pointer cannot be subtracted from a number";
  return "a number is wanted";
}

function compute64(insn: Insn, { known: a }: ScalarReg, { known: b }: ScalarReg): Scalar {
  const op = operationOf(insn.code);
  const width = classOf(insn.code) === CLASS.ALU64 ? 64 : 32;
  if (op === ALU.END) return zeroExtend(UNKNOWN, insn.imm);
  return scalarAlu(op, a, b, width);
}

/** A pointer that goes on, or back, by a number. */
function moved(pointer: Reg, { known }: ScalarReg, back: boolean): Reg | string {
  switch (pointer.t) {
    case "ctx":
      if (!isConstant(known)) return "to a pointer to the context only a known number may be added";
      return movedContext(pointer.off, known, back);
    case "stack":
      if (back) return "a number is not subtracted from a pointer to the stack; its negative may be added";
      return movedIn(pointer, known, back);
    case "map_value":
      return movedIn(pointer, known, back);
    case "map_value_or_null":
      return "it may be null: it must be compared with 0 before arithmetic is done with it";
    default:
      return `there is no arithmetic on ${regText(pointer)}`;
  }
}

const far = (by: bigint): boolean => by >= OFFSET_MAX || by <= -OFFSET_MAX;

function movedContext(off: number, known: Scalar, back: boolean): Reg | string {
  const by = known.r64.smin;
  const to = BigInt(off) + (back ? -by : by);
  return far(to) ? `a pointer is not moved by ${by}` : { t: "ctx", off: Number(to) };
}

function movedIn(pointer: StackReg | MapValueReg, known: Scalar, back: boolean): Reg | string {
  const { smin, smax } = known.r64;
  if (isConstant(known)) {
    const to = BigInt(pointer.off) + (back ? -smin : smin);
    if (far(smin) || far(to)) return `a pointer is not moved by ${smin}`;
    return { ...pointer, off: Number(to) };
  }
  if (far(smin) || far(smax)) return `a pointer is moved by a number that is not bounded: it is ${smin} to ${smax}`;
  const vary = scalarAlu(back ? ALU.SUB : ALU.ADD, pointer.vary, known, 64);
  if (far(vary.r64.smin) || far(vary.r64.smax)) return "a pointer has moved so often that its offset is not bounded";
  return { ...pointer, vary };
}
