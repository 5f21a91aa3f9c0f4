import { CALL, isWide } from "../isa.ts";
import { isCall, isExit, isGoto, isJump, jumpOf } from "../jumps.ts";
import type { BpfProgram, Insn } from "../program.ts";
import { encodingWrong } from "./encoding.ts";
import { refuse, type Refusal } from "./refusal.ts";

/** The most slots that a program may have, and functions: those of the kernel. */
const INSNS_MAX = 1_000_000;
const FUNCTIONS_MAX = 256;

/** How a program is put together, known before anybody follows its paths. */
export interface Structure {
  /** Where each function begins; the program itself at 0. */
  readonly starts: readonly number[];
  /** Where paths can meet: the targets of jumps, and of calls and returns. */
  readonly meetings: ReadonlySet<number>;
  /** Which functions call which, by where they begin: the call, and the function. */
  readonly calls: ReadonlyMap<number, readonly { readonly at: number; readonly to: number }[]>;
}

type Read = { readonly ok: true; readonly structure: Structure } | ({ readonly ok: false } & Refusal);

/** Whether an instruction calls a function of the program. */
export const isLocalCall = ({ code, src }: Insn): boolean => isCall(code) && src === CALL.LOCAL;

/**
 * Checks what needs no state: codes and fields, that jumps and calls lead to instructions inside of their function, that every function
 * ends, that everything can be reached, and that no function calls itself.
 */
export function readStructure(program: BpfProgram): Read {
  const { insns } = program;
  if (insns.length === 0) return { ok: false, ...refuse(0, "the program has no instruction") };
  if (insns.length > INSNS_MAX)
    return { ok: false, ...refuse(INSNS_MAX, `the program has more than ${INSNS_MAX} slots`) };
  const seconds = new Set<number>();
  for (let at = 0; at < insns.length; at += 1) {
    const why = encodingWrong(program, at);
    if (why !== undefined) return { ok: false, ...refuse(at, why) };
    if (isWide(insns[at]?.code ?? 0)) {
      at += 1;
      seconds.add(at);
    }
  }
  const starts = functionStarts(insns, seconds);
  if (!Array.isArray(starts)) return { ok: false, ...starts };
  const wrong = jumpsWrong(insns, seconds, starts) ?? unreachable(insns, seconds);
  if (wrong !== undefined) return { ok: false, ...wrong };
  const calls = callsOf(insns, starts);
  const again = recursion(calls);
  if (again !== undefined) return { ok: false, ...again };
  return { ok: true, structure: { starts, meetings: meetingsOf(insns, starts), calls } };
}

/** The function that an instruction belongs to, by where it begins. */
const startOf = (starts: readonly number[], at: number): number => starts.findLast((start) => start <= at) ?? 0;

function functionStarts(insns: readonly Insn[], seconds: ReadonlySet<number>): number[] | Refusal {
  const starts = new Set([0]);
  for (const [at, insn] of insns.entries()) {
    if (!isLocalCall(insn)) continue;
    const to = at + 1 + insn.imm;
    if (to < 0 || to >= insns.length) return refuse(at, `it calls slot ${to}, outside of the program`);
    if (seconds.has(to)) return refuse(at, `it calls slot ${to}, the second half of a wide load`);
    starts.add(to);
  }
  if (starts.size > FUNCTIONS_MAX) return refuse(0, `the program has more than ${FUNCTIONS_MAX} functions`);
  return [...starts].sort((a, b) => a - b);
}

/** Where an instruction that jumps leads, if it does. */
const targetOf = (insn: Insn, at: number): number | undefined =>
  isJump(insn.code) && !isCall(insn.code) && !isExit(insn.code) ? at + 1 + jumpOf(insn) : undefined;

function jumpsWrong(
  insns: readonly Insn[],
  seconds: ReadonlySet<number>,
  starts: readonly number[],
): Refusal | undefined {
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1] ?? insns.length;
    for (let at = start; at < end; at += 1) {
      const insn = insns[at];
      const to = insn === undefined || seconds.has(at) ? undefined : targetOf(insn, at);
      if (to === undefined) continue;
      if (to < 0 || to >= insns.length) return refuse(at, `it jumps to slot ${to}, outside of the program`);
      if (to < start || to >= end) return refuse(at, `it jumps to slot ${to}, into another function`);
      if (seconds.has(to)) return refuse(at, `it jumps to slot ${to}, the second half of a wide load`);
    }
    const last = insns[end - 1];
    const ends = last !== undefined && !seconds.has(end - 1) && (isExit(last.code) || isGoto(last.code));
    if (!ends)
      return refuse(end - 1, "the last instruction of a function must be exit or a jump, and this one runs on");
  }
  return undefined;
}

/** Where a path goes from an instruction; a call goes into its function and behind itself. */
function successors(insn: Insn, at: number): number[] {
  if (isExit(insn.code)) return [];
  if (isWide(insn.code)) return [at + 2];
  if (isLocalCall(insn)) return [at + 1, at + 1 + insn.imm];
  const to = targetOf(insn, at);
  if (to === undefined) return [at + 1];
  return isGoto(insn.code) ? [to] : [at + 1, to];
}

function unreachable(insns: readonly Insn[], seconds: ReadonlySet<number>): Refusal | undefined {
  const reached = new Set([0]);
  const pending = [0];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const insn = insns[at];
    if (insn === undefined) continue;
    for (const to of successors(insn, at)) {
      if (reached.has(to)) continue;
      reached.add(to);
      pending.push(to);
    }
  }
  for (const at of insns.keys()) if (!reached.has(at) && !seconds.has(at)) return refuse(at, "no path leads here");
  return undefined;
}

function callsOf(insns: readonly Insn[], starts: readonly number[]): Map<number, { at: number; to: number }[]> {
  const calls = new Map<number, { at: number; to: number }[]>(starts.map((start) => [start, []]));
  for (const [at, insn] of insns.entries()) {
    if (isLocalCall(insn)) calls.get(startOf(starts, at))?.push({ at, to: at + 1 + insn.imm });
  }
  return calls;
}

function recursion(calls: Structure["calls"]): Refusal | undefined {
  const done = new Set<number>();
  const inside = new Set<number>();
  const visit = (start: number): Refusal | undefined => {
    if (done.has(start)) return undefined;
    inside.add(start);
    for (const { at, to } of calls.get(start) ?? []) {
      if (inside.has(to)) return refuse(at, "a function calls itself, by this call");
      const wrong = visit(to);
      if (wrong !== undefined) return wrong;
    }
    inside.delete(start);
    done.add(start);
    return undefined;
  };
  return visit(0);
}

function meetingsOf(insns: readonly Insn[], starts: readonly number[]): Set<number> {
  const meetings = new Set<number>(starts);
  for (const [at, insn] of insns.entries()) {
    const to = targetOf(insn, at);
    if (to !== undefined) meetings.add(to);
    if (isLocalCall(insn)) meetings.add(at + 1);
  }
  return meetings;
}
