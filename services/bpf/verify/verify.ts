import { disassemble } from "../disassemble.ts";
import { bytesOf, CLASS, classOf, isWide, MODE, modeOf, WIDE } from "../isa.ts";
import { isCall, isExit, isGoto, jumpOf } from "../jumps.ts";
import type { BpfProgram, Insn } from "../program.ts";
import { arithmetic } from "./arithmetic.ts";
import { branch } from "./branch.ts";
import { callFunction, callHelper, clobber, returnFromFunction } from "./calls.ts";
import { createEnvironment, type Environment } from "./environment.ts";
import { readLiveness } from "./liveness.ts";
import { atomic, load, storeNumber, storeRegister } from "./memory.ts";
import { Checkpoints, endPath, type Checkpoint } from "./paths.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { isPointer, number, regText, NOT_INIT, type Reg } from "./register.ts";
import { constant, UNKNOWN, ZERO, zeroExtend } from "./scalar.ts";
import { deepestStack } from "./stack-depth.ts";
import { current, newFrame, type State } from "./state.ts";
import { isLocalCall, readStructure, type Structure } from "./structure.ts";

/** Instructions that are followed on all paths together, and paths that wait to be: the kernel's limits. */
const PROCESSED_MAX = 1_000_000;
const PENDING_MAX = 8192;

/** States are kept where paths meet, but no closer together than this: the kernel's measure. */
const CHECKPOINT = { jumps: 2, insns: 8 } as const;

/** A program that may run, with what it took to know; or why it may not, and the instruction, as the kernel prints it. */
export type Verified =
  | { readonly ok: true; readonly processed: number; readonly stackBytes: number }
  | { readonly ok: false; readonly insn: number; readonly why: string; readonly text: string };

/**
 * Decides whether a program may run on packets: whether on every path, whatever the packet and the maps hold, it ends, reads nothing that
 * was not written, and touches nothing but its stack, the values of its maps, and the fields of its context. It follows each path with
 * what is known of the registers, as the kernel's verifier does. README.md says in what the two differ.
 *
 * @param processedMax how many instructions may be followed on all paths together, the kernel's limit unless a test has less time.
 */
export function verify(program: BpfProgram, processedMax = PROCESSED_MAX): Verified {
  const refused = (refusal: Refusal): Verified => ({ ok: false, ...refusal, text: disassemble(program, refusal.insn) });
  const read = readStructure(program);
  if (!read.ok) return refused(read);
  const env = createEnvironment(program);
  const followed = follow(env, read.structure, processedMax);
  if (typeof followed !== "number") return refused(followed);
  const stack = deepestStack(read.structure, env.stackOf);
  if (typeof stack !== "number") return refused(stack);
  return { ok: true, processed: followed, stackBytes: stack };
}

/** A path that is followed later. */
interface Pending {
  readonly state: State;
  readonly at: number;
  readonly parent: Checkpoint | undefined;
}

/** Where a step leads: on, to its end, to two places, or nowhere. */
type Step =
  | { readonly t: "on"; readonly at: number }
  | { readonly t: "end" }
  | { readonly t: "fork"; readonly ways: readonly { readonly state: State; readonly at: number }[] }
  | { readonly t: "refused"; readonly why: string };

/** Follows all paths; how many instructions that took, or the first refusal. */
function follow(env: Environment, structure: Structure, processedMax: number): number | Refusal {
  const { insns } = env.program;
  const checkpoints = new Checkpoints(readLiveness(insns));
  const frame = newFrame(0, -1, 0);
  frame.regs[1] = { t: "ctx", off: 0 };
  const pending: Pending[] = [{ state: { frames: [frame] }, at: 0, parent: undefined }];
  let processed = 0;
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    let { state, at, parent } = path;
    let sinceJumps = 0;
    let sinceInsns = 0;
    for (;;) {
      if (structure.meetings.has(at)) {
        const met = checkpoints.meet(at, state);
        if (met.t === "loop")
          return refuse(at, "this is a loop that never ends: it comes by here again with nothing changed");
        if (met.t === "known") break;
        if (sinceJumps >= CHECKPOINT.jumps && sinceInsns >= CHECKPOINT.insns) {
          parent = checkpoints.add(at, state, parent);
          sinceJumps = 0;
          sinceInsns = 0;
        }
      }
      processed += 1;
      sinceInsns += 1;
      if (processed > processedMax) {
        return refuse(
          at,
          `after ${processedMax} instructions on all paths together there is no end: a loop without a bound, or too many paths`,
        );
      }
      const step = stepOf(env, state, at);
      if (step.t === "refused") return refuse(at, step.why);
      if (step.t === "end") break;
      if (step.t === "on") {
        sinceJumps += step.at === at + 1 ? 0 : 1;
        at = step.at;
        continue;
      }
      sinceJumps += 1;
      const [first, second] = step.ways;
      if (first === undefined) break;
      if (second !== undefined) {
        if (pending.length >= PENDING_MAX) return refuse(at, `more than ${PENDING_MAX} paths wait to be followed`);
        pending.push({ ...second, parent });
        if (parent !== undefined) parent.open += 1;
      }
      ({ state, at } = first);
    }
    endPath(parent);
  }
  return processed;
}

const done = (why: string | undefined, at: number): Step =>
  why === undefined ? { t: "on", at } : { t: "refused", why };

function stepOf(env: Environment, state: State, at: number): Step {
  const insn = env.program.insns[at];
  if (insn === undefined) return { t: "refused", why: "the program ends here" };
  switch (classOf(insn.code)) {
    case CLASS.ALU:
    case CLASS.ALU64:
      return done(arithmetic(env, state, insn), at + 1);
    case CLASS.JMP:
    case CLASS.JMP32:
      return jump(env, state, insn, at);
    case CLASS.LD:
      if (isWide(insn.code)) {
        current(state).regs[insn.dst] = wide(env, insn, at);
        return { t: "on", at: at + 2 };
      }
      return done(packetLoad(state, insn), at + 1);
    case CLASS.LDX:
      return done(load(env, state, insn), at + 1);
    case CLASS.ST:
      return done(storeNumber(env, state, insn), at + 1);
    default:
      return done(
        modeOf(insn.code) === MODE.ATOMIC ? atomic(env, state, insn) : storeRegister(env, state, insn),
        at + 1,
      );
  }
}

function jump(env: Environment, state: State, insn: Insn, at: number): Step {
  if (isExit(insn.code)) return exit(state);
  if (isLocalCall(insn)) return done(callFunction(state, insn, at), at + 1 + insn.imm);
  if (isCall(insn.code)) return done(callHelper(env, state, insn), at + 1);
  const to = at + 1 + jumpOf(insn);
  if (isGoto(insn.code)) return { t: "on", at: to };
  const ways = branch(state, insn);
  if (typeof ways === "string") return { t: "refused", why: ways };
  return {
    t: "fork",
    ways: [
      ...(ways.past === undefined ? [] : [{ state: ways.past, at: at + 1 }]),
      ...(ways.taken === undefined ? [] : [{ state: ways.taken, at: to }]),
    ],
  };
}

function exit(state: State): Step {
  if (state.frames.length > 1) {
    const back = returnFromFunction(state);
    return typeof back === "string" ? { t: "refused", why: back } : { t: "on", at: back };
  }
  const verdict = current(state).regs[0] ?? NOT_INIT;
  if (verdict.t === "not_init") return { t: "refused", why: "r0, the verdict, was never written on this path" };
  return isPointer(verdict) ? { t: "refused", why: `r0, the verdict, is ${regText(verdict)}` } : { t: "end" };
}

function wide({ program }: Environment, insn: Insn, at: number): Reg {
  const high = program.insns[at + 1]?.imm ?? 0;
  switch (insn.src) {
    case WIDE.MAP:
      return { t: "map", map: insn.imm };
    case WIDE.MAP_VALUE:
      return { t: "map_value", map: insn.imm, off: high >>> 0, vary: ZERO };
    default:
      return number(constant((BigInt(high >>> 0) << 32n) | BigInt(insn.imm >>> 0)));
  }
}

/** `r0 = *(u8 *)skb[…]`: a packet that is too short ends the program there, with 0. */
function packetLoad(state: State, insn: Insn): string | undefined {
  if (state.frames.length > 1)
    return "only the program itself may read the packet in this way, no function that it calls";
  const { regs } = current(state);
  const context = regs[6];
  if (context?.t !== "ctx" || context.off !== 0)
    return `r6 is ${regText(context ?? NOT_INIT)}, and must be the context`;
  if (modeOf(insn.code) === MODE.IND) {
    const index = regs[insn.src];
    if (index?.t !== "scalar") return `r${insn.src} is ${regText(index ?? NOT_INIT)}, and must be a number`;
  }
  clobber(state);
  regs[0] = number(zeroExtend(UNKNOWN, 8 * bytesOf(insn.code)));
  return undefined;
}
