import { CALL } from "../isa.ts";
import { isCall, isExit, isJump } from "../jumps.ts";
import type { Insn } from "../program.ts";
import { fallsThrough, slotsOf, targetOf } from "../run/resolve.ts";

/** One function of a program: what can be reached from its first instruction without a call. */
export interface FunctionFlow {
  readonly entry: number;
  /** In ascending order. */
  readonly slots: readonly number[];
  /** The slots that a jump leads to, in ascending order. */
  readonly labels: readonly number[];
  /** Those of them that a jump from below leads to. */
  readonly backLabels: readonly number[];
  /** Which functions it calls, by their first slots. */
  readonly calls: readonly number[];
}

const leadsElsewhere = ({ code }: Insn): boolean => isJump(code) && !isCall(code) && !isExit(code);

export const isLocalCall = ({ code, src }: Insn): boolean => isCall(code) && src === CALL.LOCAL;

/** The functions of a program: the first begins at slot 0, the others are called. */
export function flowsOf(insns: readonly Insn[]): readonly FunctionFlow[] {
  const flows = new Map<number, FunctionFlow>();
  const wanted = [0];
  for (let entry = wanted.shift(); entry !== undefined; entry = wanted.shift()) {
    if (flows.has(entry)) continue;
    const flow = flowOf(insns, entry);
    flows.set(entry, flow);
    wanted.push(...flow.calls);
  }
  return [...flows.values()];
}

function flowOf(insns: readonly Insn[], entry: number): FunctionFlow {
  const reached = new Set<number>();
  const labels = new Set<number>();
  const backLabels = new Set<number>();
  const calls = new Set<number>();
  const open = [entry];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const insn = insns[at];
    if (insn === undefined || reached.has(at)) continue;
    reached.add(at);
    if (fallsThrough(insn)) open.push(at + slotsOf(insn));
    if (isLocalCall(insn)) calls.add(targetOf(insn, at));
    if (!leadsElsewhere(insn)) continue;
    const target = targetOf(insn, at);
    open.push(target);
    labels.add(target);
    if (target <= at) backLabels.add(target);
  }
  const ascending = (set: ReadonlySet<number>): number[] => [...set].sort((a, b) => a - b);
  return {
    entry,
    slots: ascending(reached),
    labels: ascending(labels),
    backLabels: ascending(backLabels),
    calls: [...calls],
  };
}
