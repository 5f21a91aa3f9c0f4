import { ATOMIC, bytesOf, MODE, modeOf } from "../isa.ts";
import type { Insn } from "../program.ts";
import { contextWrong } from "./context-fields.ts";
import { mapOf, type Environment } from "./environment.ts";
import { isPointer, number, regText, type MapValueReg, type Reg, type StackReg } from "./register.ts";
import { constant, isConstant, signExtend, UNKNOWN, zeroExtend } from "./scalar.ts";
import { fillBytes, firstInvalid, restore, saveRegister, smudge, STACK_BYTES, touchesPointer } from "./stack.ts";
import { current, type Frame, type State } from "./state.ts";

/** Where an access is: the lowest and the highest byte at which it may begin. */
interface Extent {
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
}

/** Offsets beyond this are wrong for certain, whatever they are added to. */
const FAR = 1n << 29n;

function extentOf({ off, vary }: StackReg | MapValueReg, more: number): Extent | string {
  const { smin, smax } = vary.r64;
  if (smin < -FAR || smax > FAR) return `its offset is not bounded: it is ${smin} to ${smax}`;
  const base = off + more;
  return { low: base + Number(smin), high: base + Number(smax), exact: isConstant(vary) };
}

const bytesText = ({ low, high, exact }: Extent): string => (exact ? `byte ${low}` : `bytes ${low} to ${high}`);

/** Bytes of the stack are met exactly or in a region; an access that is exact is aligned. */
export function stackExtent(
  env: Environment,
  state: State,
  reg: StackReg,
  more: number,
  size: number,
): Extent | string {
  const extent = extentOf(reg, more);
  if (typeof extent === "string") return extent;
  if (extent.low < -STACK_BYTES || extent.high + size > 0) {
    return `${size} bytes of the stack from ${bytesText(extent)} on are outside of it: it is bytes -${STACK_BYTES} to -1`;
  }
  const start = state.frames[reg.frame]?.start ?? 0;
  env.stackOf.set(start, Math.max(env.stackOf.get(start) ?? 0, -extent.low));
  return extent;
}

/** The frame whose stack a pointer is into. */
export function frameOf(state: State, reg: StackReg): Frame {
  const frame = state.frames[reg.frame];
  if (frame === undefined) throw new Error("no pointer into the stack outlives its frame");
  return frame;
}

/** Why bytes of a map's value may not be met; undefined: all of them are inside. */
export function mapValueWrong(
  env: Environment,
  reg: MapValueReg,
  more: number,
  size: number,
  writes: boolean,
): string | undefined {
  const { name, valueBytes, readOnly } = mapOf(env, reg.map);
  if (writes && readOnly === true) return `the map ${name} is read-only`;
  const extent = extentOf(reg, more);
  if (typeof extent === "string") return extent;
  if (extent.low >= 0 && extent.high + size <= valueBytes) return undefined;
  return `${size} bytes from ${bytesText(extent)} on are outside of the value of the map ${name}, which has ${valueBytes}`;
}

/** Why a register cannot be used as a pointer. */
const noMemory = (at: number, reg: Reg): string =>
  reg.t === "map_value_or_null"
    ? `r${at} may be null: it must be compared with 0 before it is used`
    : `r${at} is ${regText(reg)}, and no memory that could be met`;

/** Reads memory; the register that comes of it, or why that is refused. */
function readMemory(
  env: Environment,
  state: State,
  at: number,
  off: number,
  size: number,
  strict = false,
): Reg | string {
  const reg = current(state).regs[at];
  if (reg === undefined || reg.t === "not_init") return `r${at} was never written on this path`;
  switch (reg.t) {
    case "ctx":
      if (reg.off !== 0) return `r${at} is the context plus ${reg.off}: fields are met from its start alone`;
      return contextWrong(off, size, false) ?? number(zeroExtend(UNKNOWN, 8 * size));
    case "stack":
      return readStack(env, state, reg, off, size);
    case "map_value": {
      const wrong = mapValueWrong(env, reg, off, size, false) ?? (strict ? misaligned(reg, off, size) : undefined);
      return wrong ?? constantOf(env, reg, off, size) ?? number(zeroExtend(UNKNOWN, 8 * size));
    }
    default:
      return noMemory(at, reg);
  }
}

function readStack(env: Environment, state: State, reg: StackReg, off: number, size: number): Reg | string {
  const extent = stackExtent(env, state, reg, off, size);
  if (typeof extent === "string") return extent;
  const wrong = misaligned(reg, off, size);
  if (wrong !== undefined) return wrong;
  const { stack } = frameOf(state, reg);
  const span = extent.high - extent.low + size;
  const invalid = firstInvalid(stack, extent.low, span);
  if (invalid !== undefined) return `byte ${invalid} of the stack was never written on this path`;
  if (extent.exact) {
    const found = restore(stack, extent.low, size);
    if (!isPointer(found) && touchesPointer(stack, extent.low, size)) return "it would read a part of a pointer";
    return found;
  }
  return touchesPointer(stack, extent.low, span)
    ? "it might read a pointer as a number"
    : number(zeroExtend(UNKNOWN, 8 * size));
}

/** Accesses to the stack, and atomic ones everywhere, are aligned; on x86 others need not be. */
function misaligned({ off, vary }: StackReg | MapValueReg, more: number, size: number): string | undefined {
  const low = BigInt(size - 1);
  const known = BigInt.asUintN(64, BigInt(off + more)) + vary.bits.value;
  if ((known & low) === 0n && (vary.bits.mask & low) === 0n) return undefined;
  return `${size} bytes at ${isConstant(vary) ? `byte ${BigInt.asIntN(64, known)}` : "an offset that need not be a multiple"} are not aligned`;
}

/** What a read-only array holds is known before the program runs. */
function constantOf(env: Environment, reg: MapValueReg, off: number, size: number): Reg | undefined {
  const { readOnly, initial, maxEntries } = mapOf(env, reg.map);
  if (readOnly !== true || maxEntries !== 1 || !isConstant(reg.vary)) return undefined;
  const from = reg.off + off + Number(BigInt.asIntN(64, reg.vary.bits.value));
  let value = 0n;
  for (let i = size - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(initial?.[from + i] ?? 0);
  return number(constant(value));
}

/** Writes memory. Undefined for `value`: some number. Why it is refused, or undefined. */
function writeMemory(
  env: Environment,
  state: State,
  at: number,
  off: number,
  size: number,
  value: Reg | undefined,
  strict = false,
): string | undefined {
  const reg = current(state).regs[at];
  if (reg === undefined || reg.t === "not_init") return `r${at} was never written on this path`;
  const pointer = value !== undefined && isPointer(value);
  switch (reg.t) {
    case "ctx":
      if (reg.off !== 0) return `r${at} is the context plus ${reg.off}: fields are met from its start alone`;
      if (strict) return "there are no atomic operations on the context";
      return contextWrong(off, size, true) ?? (pointer ? "it would leak a pointer into the context" : undefined);
    case "stack":
      return writeStack(env, state, reg, off, size, value);
    case "map_value": {
      const wrong = mapValueWrong(env, reg, off, size, true) ?? (strict ? misaligned(reg, off, size) : undefined);
      return wrong ?? (pointer ? "it would leak a pointer into a map" : undefined);
    }
    default:
      return noMemory(at, reg);
  }
}

function writeStack(
  env: Environment,
  state: State,
  reg: StackReg,
  off: number,
  size: number,
  value: Reg | undefined,
): string | undefined {
  const extent = stackExtent(env, state, reg, off, size);
  if (typeof extent === "string") return extent;
  const wrong = misaligned(reg, off, size);
  if (wrong !== undefined) return wrong;
  const { stack } = frameOf(state, reg);
  const span = extent.high - extent.low + size;
  const whole = extent.exact && size === 8;
  if (!whole && touchesPointer(stack, extent.low, span))
    return "it would overwrite a part of a pointer that is saved there";
  if (value !== undefined && isPointer(value)) {
    if (!whole) return "a pointer is saved as 8 bytes, at a place that is known";
    if (value.t === "stack" && value.frame > reg.frame) return "a pointer into the stack may not outlive its function";
  }
  if (!extent.exact) smudge(stack, extent.low, span);
  else if (value === undefined) fillBytes(stack, extent.low, size, false);
  else saveRegister(stack, extent.low, size, value);
  return undefined;
}

/** A load: `r0 = *(u8 *)(r1 +0)`. */
export function load(env: Environment, state: State, insn: Insn): string | undefined {
  const size = bytesOf(insn.code);
  const found = readMemory(env, state, insn.src, insn.off, size);
  if (typeof found === "string") return found;
  const extends_ = modeOf(insn.code) === MODE.MEMSX;
  if (extends_ && found.t !== "scalar") return "a pointer has no sign";
  current(state).regs[insn.dst] =
    extends_ && found.t === "scalar" ? number(signExtend(found.known, 8 * size, 64)) : linked(env, state, insn, found);
  return undefined;
}

/** A number that was saved and is loaded again is a copy of what is saved, so what is learnt of one is true of the other. */
function linked(env: Environment, state: State, insn: Insn, found: Reg): Reg {
  const from = current(state).regs[insn.src];
  if (from?.t !== "stack" || !isConstant(from.vary) || found.t !== "scalar") return found;
  if (found.id !== 0 || isConstant(found.known) || bytesOf(insn.code) !== 8) return found;
  const off = from.off + insn.off + Number(BigInt.asIntN(64, from.vary.bits.value));
  const copy = number(found.known, env.freshId());
  saveRegister(frameOf(state, from).stack, off, 8, copy);
  return copy;
}

/** Stores a register: `*(u64 *)(r10 -8) = r1`. */
export function storeRegister(env: Environment, state: State, insn: Insn): string | undefined {
  const { regs } = current(state);
  const value = regs[insn.src];
  if (value === undefined || value.t === "not_init") return `r${insn.src} was never written on this path`;
  return writeMemory(env, state, insn.dst, insn.off, bytesOf(insn.code), value);
}

/** Stores a number: `*(u64 *)(r10 -8) = 0`. */
export const storeNumber = (env: Environment, state: State, insn: Insn): string | undefined =>
  writeMemory(env, state, insn.dst, insn.off, bytesOf(insn.code), number(constant(BigInt(insn.imm))));

/** Reads, changes and writes memory at once. */
export function atomic(env: Environment, state: State, insn: Insn): string | undefined {
  const { regs } = current(state);
  const size = bytesOf(insn.code);
  for (const at of insn.imm === ATOMIC.CMPXCHG ? [insn.src, 0] : [insn.src]) {
    const operand = regs[at];
    if (operand?.t !== "scalar")
      return `r${at} is ${regText(operand ?? { t: "not_init" })}, and the operation wants a number`;
  }
  const target = regs[insn.dst];
  if (target?.t === "ctx") return "there are no atomic operations on the context";
  const before = readMemory(env, state, insn.dst, insn.off, size, true);
  if (typeof before === "string") return before;
  if (before.t !== "scalar") return "it would change a pointer";
  const wrong = writeMemory(env, state, insn.dst, insn.off, size, undefined, true);
  if (wrong !== undefined) return wrong;
  if (insn.imm === ATOMIC.CMPXCHG) regs[0] = number(before.known);
  else if ((insn.imm & ATOMIC.FETCH) !== 0) {
    if (insn.src === 10) return "r10 is the start of the stack, and read-only";
    regs[insn.src] = number(before.known);
  }
  return undefined;
}
