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
} from "../isa.ts";
import type { BpfProgram } from "../program.ts";
import { createHelpers, standingMachine, type Machine } from "../run/calls.ts";
import { CONTEXT_AT, FRAME_BYTES, INSNS_MAX, R0_AT, STACK_AT, STACK_END } from "../run/layout.ts";
import type { LoadedProgram } from "../run/loaded.ts";
import { createMemory, plainRoom, type ProgramMemory } from "../run/memory.ts";
import { targetOf, wideValue } from "../run/resolve.ts";
import { alu32, alu64, reorder } from "./arithmetic.ts";
import { compareExchange, update } from "./atomic.ts";
import { taken32, taken64 } from "./compare.ts";

/** An instruction, made ready to run. */
interface Step {
  readonly code: number;
  readonly kind: number;
  readonly operation: number;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Where the registers are. */
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  /** The immediate with its sign extended, or all of a wide one. */
  readonly low: number;
  readonly high: number;
  readonly target: number;
}

const R0 = 0;
const R1 = 1 * 8;
const R6 = 6 * 8;
const R10 = 10 * 8;
/** The registers that a function gives back as it got them. */
const SAVED_BYTES = 4 * 8;

function stepsOf(program: BpfProgram, memory: ProgramMemory): readonly Step[] {
  return program.insns.map((insn, at) => {
    const { code, dst, src, off, imm } = insn;
    const value = isWide(code) ? wideValue(program, memory.layout, at) : { low: imm, high: imm >> 31 };
    return {
      code,
      kind: classOf(code),
      operation: operationOf(code),
      bytes: bytesOf(code),
      dst: dst * 8,
      src: src * 8,
      off,
      ...value,
      target: targetOf(insn, at),
    };
  });
}

/**
 * Runs a program instruction by instruction. What a verified program never does (another instruction than those of RFC 9669, an
 * access outside of its memory, more than INSNS_MAX instructions) ends the run with 0, which is the verdict DROP.
 */
export function createInterpreter(
  program: BpfProgram,
  machine: Machine = standingMachine(program.name),
): LoadedProgram {
  const memory = createMemory(program, plainRoom());
  const helpers = createHelpers(memory, machine);
  const steps = stepsOf(program, memory);
  const registers = new DataView(new ArrayBuffer(11 * 8));
  const lowOf = (at: number): number => registers.getInt32(at, true);
  const highOf = (at: number): number => registers.getInt32(at + 4, true);
  const put = (at: number, low: number, high: number): void => {
    registers.setInt32(at, low, true);
    registers.setInt32(at + 4, high, true);
  };

  /** Of the functions that wait for one that they called: where they go on, and r6 to r9. */
  const returns: number[] = [];
  const saved: Uint8Array[] = [];

  /** The address of a register and an offset, where the program may touch it; -1 elsewhere. */
  function address(at: number, { off, bytes }: Step, write: boolean): number {
    // Exact where the sum is small, and far outside where it is not.
    const sum = highOf(at) * 2 ** 32 + (lowOf(at) >>> 0) + off;
    return memory.mayTouch(sum, bytes, write) ? sum : -1;
  }

  function load(from: number, { dst, bytes }: Step, signed: boolean): void {
    const { view } = memory;
    if (bytes === 8) {
      put(dst, view.getInt32(from, true), view.getInt32(from + 4, true));
      return;
    }
    const value =
      bytes === 4 ? view.getInt32(from, true) : bytes === 2 ? view.getInt16(from, true) : view.getInt8(from);
    const bits = 32 - bytes * 8;
    put(dst, signed ? value : (value << bits) >>> bits, signed ? value >> 31 : 0);
  }

  function store(to: number, bytes: number, low: number, high: number): void {
    const { view } = memory;
    if (bytes === 1) view.setInt8(to, low);
    else if (bytes === 2) view.setInt16(to, low, true);
    else view.setInt32(to, low, true);
    if (bytes === 8) view.setInt32(to + 4, high, true);
  }

  /** Legacy access to the packet: r0 gets its bytes, which are big-endian. */
  function loadPacket(offset: number, bytes: number): boolean {
    const from = memory.packetBytesAt(offset, bytes);
    if (from === -1) return false;
    const { view } = memory;
    put(R0, bytes === 4 ? view.getInt32(from) : bytes === 2 ? view.getUint16(from) : view.getUint8(from), 0);
    return true;
  }

  function callHelper(id: number): boolean {
    const helper = helpers(id);
    if (helper === undefined) return false;
    if (helper.gives === "u64") {
      registers.setBigUint64(R0, helper.run(), true);
      return true;
    }
    const r4 = helper.flagsInR4 === true && highOf(R1 + 24) !== 0 ? -1 : lowOf(R1 + 24);
    const result = helper.run(lowOf(R1), lowOf(R1 + 8), lowOf(R1 + 16), r4, lowOf(R1 + 32));
    put(R0, result, helper.gives === "s32" ? result >> 31 : 0);
    return true;
  }

  /** Enters a function of the program: the stack has room for its frame, or not. */
  function enter(back: number): boolean {
    const top = lowOf(R10) + FRAME_BYTES;
    if (top > STACK_END) return false;
    returns.push(back);
    saved.push(new Uint8Array(registers.buffer.slice(R6, R6 + SAVED_BYTES)));
    put(R10, top, 0);
    return true;
  }

  /** Leaves a function; undefined: the program ends. */
  function leave(): number | undefined {
    const back = returns.pop();
    const kept = saved.pop();
    if (back === undefined || kept === undefined) return undefined;
    new Uint8Array(registers.buffer).set(kept, R6);
    put(R10, lowOf(R10) - FRAME_BYTES, 0);
    return back;
  }

  /** @returns the next slot; -1: the run is aborted. */
  function arithmetic(step: Step, next: number): number {
    const { kind, code, operation, dst, src, off } = step;
    const fromRegister = (code & SOURCE_X) !== 0;
    if (operation === ALU.END) {
      return reorder(registers, dst, step.low, kind === CLASS.ALU64 || fromRegister) ? next : -1;
    }
    const low = fromRegister ? lowOf(src) : step.low;
    if (kind === CLASS.ALU64) {
      return alu64(registers, operation, off, dst, low, fromRegister ? highOf(src) : step.high) ? next : -1;
    }
    const result = alu32(operation, off, lowOf(dst), low);
    if (result === undefined) return -1;
    put(dst, result, 0);
    return next;
  }

  function jump(step: Step, next: number): number | undefined {
    const { kind, code, operation, dst, src, target } = step;
    if (operation === JUMP.JA) return target;
    if (kind === CLASS.JMP && operation === JUMP.EXIT) return leave();
    if (kind === CLASS.JMP && operation === JUMP.CALL) {
      if (src === CALL.LOCAL * 8) return enter(next) ? target : -1;
      return src === CALL.HELPER && callHelper(step.low) ? next : -1;
    }
    const fromRegister = (code & SOURCE_X) !== 0;
    const low = fromRegister ? lowOf(src) : step.low;
    const taken =
      kind === CLASS.JMP32
        ? taken32(operation, lowOf(dst), low)
        : taken64(operation, lowOf(dst), highOf(dst), low, fromRegister ? highOf(src) : step.high);
    return taken === undefined ? -1 : taken ? target : next;
  }

  function storeStep(step: Step, next: number): number {
    const { kind, code, dst, src, bytes } = step;
    const to = address(dst, step, true);
    if (to === -1) return -1;
    if (modeOf(code) === MODE.MEM) {
      if (kind === CLASS.ST) store(to, bytes, step.low, step.high);
      else store(to, bytes, lowOf(src), highOf(src));
      return next;
    }
    if (kind !== CLASS.STX || modeOf(code) !== MODE.ATOMIC || bytes < 4) return -1;
    if (step.low === ATOMIC.CMPXCHG) {
      compareExchange(memory.view, to, bytes, registers, R0, src);
      return next;
    }
    return update(memory.view, to, bytes, step.low, registers, src) ? next : -1;
  }

  function loadStep(step: Step, next: number): number | undefined {
    const { kind, code, dst, src, bytes } = step;
    if (kind === CLASS.LDX) {
      const mode = modeOf(code);
      const from = mode === MODE.MEM || mode === MODE.MEMSX ? address(src, step, false) : -1;
      if (from === -1) return -1;
      load(from, step, mode === MODE.MEMSX);
      return next;
    }
    switch (modeOf(code)) {
      case MODE.IMM:
        put(dst, step.low, step.high);
        return next + 1;
      case MODE.ABS:
      case MODE.IND: {
        const offset = modeOf(code) === MODE.ABS ? step.low : (lowOf(src) + step.low) | 0;
        if (loadPacket(offset, bytes)) return next;
        // As Linux translates it: the function returns 0.
        put(R0, 0, 0);
        return leave();
      }
      default:
        return -1;
    }
  }

  /** @returns whether the program came to its end. */
  function runAll(): boolean {
    let at = 0;
    for (let left = INSNS_MAX; left > 0; left--) {
      const step = steps[at];
      if (step === undefined) return false;
      const { kind } = step;
      const next =
        kind === CLASS.ALU64 || kind === CLASS.ALU
          ? arithmetic(step, at + 1)
          : kind === CLASS.JMP || kind === CLASS.JMP32
            ? jump(step, at + 1)
            : kind === CLASS.LDX || kind === CLASS.LD
              ? loadStep(step, at + 1)
              : storeStep(step, at + 1);
      if (next === undefined) return true;
      at = next;
    }
    return false;
  }

  return {
    program,
    memory,
    run(packet, meta) {
      memory.enter(packet, meta);
      for (let at = 0; at < R10; at += 8) put(at, 0, 0);
      put(R1, CONTEXT_AT, 0);
      put(R10, STACK_AT + FRAME_BYTES, 0);
      returns.length = 0;
      saved.length = 0;
      if (!runAll()) put(R0, 0, 0);
      memory.view.setInt32(R0_AT, lowOf(R0), true);
      memory.view.setInt32(R0_AT + 4, highOf(R0), true);
      return lowOf(R0) >>> 0;
    },
  };
}
