import { CLASS, classOf, JUMP, operationOf, SOURCE_X } from "../isa.ts";
import type { Insn } from "../program.ts";
import { assume, contraryOf, isZero, type Compared } from "./compare.ts";
import { number, regText, type Reg, type ScalarReg } from "./register.ts";
import { constant, ZERO } from "./scalar.ts";
import { copyState, current, mapRegisters, type State } from "./state.ts";

/** The ways that a conditional jump can go on; undefined: that way is never taken. */
export interface Ways {
  readonly taken: State | undefined;
  readonly past: State | undefined;
}

/** Follows a conditional jump both ways, with what each says of the registers; or why it is refused. */
export function branch(state: State, insn: Insn): Ways | string {
  const { regs } = current(state);
  const { code, dst, src } = insn;
  const byRegister = (code & SOURCE_X) !== 0;
  const a = regs[dst];
  const b: Reg | undefined = byRegister ? regs[src] : number(constant(BigInt(insn.imm)));
  if (a === undefined || a.t === "not_init") return `r${dst} was never written on this path`;
  if (b === undefined || b.t === "not_init") return `r${src} was never written on this path`;
  if (a.t === "scalar" && b.t === "scalar") return onNumbers(state, insn, a, b);
  return onPointer(state, insn, a, b);
}

function onNumbers(state: State, insn: Insn, a: ScalarReg, b: ScalarReg): Ways {
  const op = operationOf(insn.code);
  const width = classOf(insn.code) === CLASS.JMP ? 64 : 32;
  const taken = assume(op, a.known, b.known, width);
  const past = assume(contraryOf(op), a.known, b.known, width);
  const way = (known: Compared | undefined, next: State): State | undefined => {
    if (known === undefined) return undefined;
    const byRegister = (insn.code & SOURCE_X) !== 0;
    // A register that is compared with itself, or with a copy, learns nothing new.
    if (byRegister && (insn.dst === insn.src || (a.id !== 0 && a.id === b.id))) return next;
    if (known.a !== a.known) learn(next, insn.dst, a, number(known.a, a.id));
    if (byRegister && known.b !== b.known) learn(next, insn.src, b, number(known.b, b.id));
    return next;
  };
  // The state itself goes one way; where both are possible, a copy goes the other.
  const other = taken !== undefined && past !== undefined ? copyState(state) : state;
  return { taken: way(taken, other), past: way(past, state) };
}

/** What was learnt of a number is true of all its copies. */
function learn(state: State, at: number, was: ScalarReg, is: ScalarReg): void {
  current(state).regs[at] = is;
  if (was.id !== 0) mapRegisters(state, (reg) => (reg.t === "scalar" && reg.id === was.id ? is : reg));
}

/** A pointer may be compared with 0 alone: everything else would say where it is. */
function onPointer(state: State, insn: Insn, a: Reg, b: Reg): Ways | string {
  const op = operationOf(insn.code);
  const equality = op === JUMP.JEQ || op === JUMP.JNE;
  const [pointer, other] = a.t === "scalar" ? [b, a] : [a, b];
  if (classOf(insn.code) !== CLASS.JMP || !equality || other.t !== "scalar" || !isZero(other.known)) {
    return `${regText(pointer)} may be compared with 0 for equality, and with nothing else`;
  }
  const isNull = pointer.t === "map_value_or_null" ? found(state, pointer.id, false) : undefined;
  const isValue = pointer.t === "map_value_or_null" ? found(state, pointer.id, true) : copyState(state);
  return op === JUMP.JEQ ? { taken: isNull, past: isValue } : { taken: isValue, past: isNull };
}

/** All copies of one answer are a value, or are 0. */
function found(state: State, id: number, value: boolean): State {
  const next = copyState(state);
  mapRegisters(next, (reg) => {
    if (reg.t !== "map_value_or_null" || reg.id !== id) return reg;
    return value ? { t: "map_value", map: reg.map, off: 0, vary: ZERO } : number(ZERO);
  });
  return next;
}
