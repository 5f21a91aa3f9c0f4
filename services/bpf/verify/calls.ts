import { helperOf, type Helper, type HelperArg } from "../helpers.ts";
import type { Insn } from "../program.ts";
import { mapOf, type Environment } from "./environment.ts";
import { frameOf, mapValueWrong, stackExtent } from "./memory.ts";
import { NOT_INIT, number, regText, type Reg, type ScalarReg } from "./register.ts";
import { isConstant, UNKNOWN } from "./scalar.ts";
import { fillBytes, firstInvalid, smudge, touchesPointer } from "./stack.ts";
import { current, newFrame, type State } from "./state.ts";

/** Functions that may be inside each other, the program itself among them: the kernel's limit. */
const FRAMES_MAX = 8;

/** The largest piece of memory that a helper takes: the kernel's BPF_MAX_VAR_SIZ. */
const SIZE_MAX = 1n << 29n;

/** r1 to r5 mean nothing after a call. */
export function clobber(state: State): void {
  for (let at = 1; at <= 5; at += 1) current(state).regs[at] = NOT_INIT;
}

/** Calls a helper: its arguments are checked, and r0 is what it answers. Why it is refused, or undefined. */
export function callHelper(env: Environment, state: State, insn: Insn): string | undefined {
  const helper = helperOf(insn.imm);
  if (helper === undefined) return `there is no helper with the number ${insn.imm}`;
  const { regs } = current(state);
  const told = regs[1];
  const map = told?.t === "map" ? told.map : undefined;
  for (const [i, arg] of helper.args.entries()) {
    const at = i + 1;
    const reg = regs[at] ?? NOT_INIT;
    if (reg.t === "not_init") return `${helper.name} wants r${at}, which was never written on this path`;
    const wrong = argumentWrong(env, state, { helper, arg, at, reg, map });
    if (wrong !== undefined) return `${helper.name}: ${wrong}`;
  }
  clobber(state);
  regs[0] =
    helper.returns === "map_value_or_null" && map !== undefined
      ? { t: "map_value_or_null", map, id: env.freshId() }
      : number(UNKNOWN);
  return undefined;
}

interface Given {
  readonly helper: Helper;
  readonly arg: HelperArg;
  readonly at: number;
  readonly reg: Reg;
  /** The map that r1 says. */
  readonly map: number | undefined;
}

function argumentWrong(env: Environment, state: State, given: Given): string | undefined {
  const { helper, arg, at, reg, map } = given;
  switch (arg) {
    case "ctx":
      return reg.t === "ctx" && reg.off === 0 ? undefined : `r${at} is ${regText(reg)}, and must be the context`;
    case "map":
      if (map === undefined) return `r${at} is ${regText(reg)}, and must be a map`;
      return helper.writesMap === true && mapOf(env, map).readOnly === true
        ? `the map ${mapOf(env, map).name} is read-only`
        : undefined;
    case "map_key":
      return map === undefined ? "r1 must be a map" : inputWrong(env, state, at, reg, mapOf(env, map).keyBytes);
    case "map_value":
      return map === undefined ? "r1 must be a map" : inputWrong(env, state, at, reg, mapOf(env, map).valueBytes);
    case "scalar":
      return reg.t === "scalar" ? undefined : `r${at} is ${regText(reg)}, and must be a number`;
    case "mem_write":
      return reg.t === "stack" || reg.t === "map_value" ? undefined : `r${at} is ${regText(reg)}, and must be memory`;
    case "mem_size":
      return outputWrong(env, state, at, reg);
  }
}

/** Memory that the helper reads: so many bytes, all of them initialised, none of them of a pointer. */
function inputWrong(env: Environment, state: State, at: number, reg: Reg, size: number): string | undefined {
  if (reg.t === "map_value") return mapValueWrong(env, reg, 0, size, false);
  if (reg.t !== "stack") return `r${at} is ${regText(reg)}, and must be memory`;
  const extent = stackExtent(env, state, reg, 0, size);
  if (typeof extent === "string") return extent;
  const span = extent.high - extent.low + size;
  const { stack } = frameOf(state, reg);
  const invalid = firstInvalid(stack, extent.low, span);
  if (invalid !== undefined) return `byte ${invalid} of the stack was never written on this path`;
  return touchesPointer(stack, extent.low, span) ? "it would read a pointer as bytes" : undefined;
}

/** Memory that the helper writes: as much as the size says, which must be bounded. */
function outputWrong(env: Environment, state: State, at: number, size: Reg): string | undefined {
  if (size.t !== "scalar") return `r${at} is ${regText(size)}, and must be a number of bytes`;
  const wrong = sizeWrong(at, size);
  if (wrong !== undefined) return wrong;
  const memory = current(state).regs[at - 1] ?? NOT_INIT;
  const most = Number(size.known.r64.umax);
  if (memory.t === "map_value") return mapValueWrong(env, memory, 0, most, true);
  if (memory.t !== "stack") return `r${at - 1} is ${regText(memory)}, and must be memory`;
  const extent = stackExtent(env, state, memory, 0, most);
  if (typeof extent === "string") return extent;
  const span = extent.high - extent.low + most;
  const { stack } = frameOf(state, memory);
  if (touchesPointer(stack, extent.low, span)) return "it would overwrite a pointer that is saved there";
  if (extent.exact && isConstant(size.known)) {
    fillBytes(stack, extent.low, most, false);
    return undefined;
  }
  smudge(stack, extent.low, span);
  return undefined;
}

function sizeWrong(at: number, { known }: ScalarReg): string | undefined {
  const { smin, umin, umax } = known.r64;
  if (smin < 0n) return `r${at} is a number of bytes that may be negative: it is ${smin} to ${known.r64.smax}`;
  if (umin === 0n) return `r${at} is a number of bytes that may be 0`;
  return umax >= SIZE_MAX ? `r${at} is a number of bytes without a bound` : undefined;
}

/** Begins a function of the program: r1 to r5 are its arguments. */
export function callFunction(state: State, insn: Insn, at: number): string | undefined {
  if (state.frames.length >= FRAMES_MAX) return `it would be the ${FRAMES_MAX + 1}th function inside of another`;
  const caller = current(state);
  const callee = newFrame(state.frames.length, at, at + 1 + insn.imm);
  for (let i = 1; i <= 5; i += 1) callee.regs[i] = caller.regs[i] ?? NOT_INIT;
  clobber(state);
  caller.regs[0] = NOT_INIT;
  state.frames.push(callee);
  return undefined;
}

/** Ends a function of the program; r0 is its answer. Where the caller goes on, or why it is refused. */
export function returnFromFunction(state: State): number | string {
  const callee = state.frames.pop();
  if (callee === undefined) throw new Error("a function that ends has begun");
  const answer = callee.regs[0] ?? NOT_INIT;
  if (answer.t === "stack" && answer.frame >= state.frames.length)
    return "a pointer into the stack may not outlive its function";
  const { regs } = current(state);
  regs[0] = answer;
  return callee.callsite + 1;
}
