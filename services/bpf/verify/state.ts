import { frameStart, NOT_INIT, type Reg } from "./register.ts";
import { sameScalar, scalarWithin } from "./scalar.ts";
import { emptyStack, mapSaved, slotSafe, type Stack } from "./stack.ts";

/** The registers and the stack of one function that has begun and not ended. */
export interface Frame {
  /** r0 to r10. */
  readonly regs: Reg[];
  readonly stack: Stack;
  /** The call that began it; -1: it is the program itself. */
  readonly callsite: number;
  /** Where its function begins. */
  readonly start: number;
}

/** All that is known at one instruction of one path. */
export interface State {
  readonly frames: Frame[];
}

const REGISTERS = 11;

/** A frame whose function has just begun. */
export function newFrame(number: number, callsite: number, start: number): Frame {
  const regs: Reg[] = Array.from({ length: REGISTERS }, () => NOT_INIT);
  regs[10] = frameStart(number);
  return { regs, stack: emptyStack(), callsite, start };
}

/** A copy that can be changed by itself. */
export const copyState = ({ frames }: State): State => ({
  frames: frames.map(({ regs, stack, callsite, start }) => ({ regs: [...regs], stack: [...stack], callsite, start })),
});

/** The frame of the function that runs. */
export function current({ frames }: State): Frame {
  const frame = frames.at(-1);
  if (frame === undefined) throw new Error("a state has at least one frame");
  return frame;
}

/** Replaces every register, also those that are saved on a stack. */
export function mapRegisters(state: State, put: (reg: Reg) => Reg): void {
  for (const { regs, stack } of state.frames) {
    for (const [i, reg] of regs.entries()) regs[i] = put(reg);
    mapSaved(stack, put);
  }
}

/** Which numbers of the old state correspond to which of the new one. */
class SameIds {
  readonly #pairs = new Map<number, number>();
  readonly #taken = new Set<number>();

  /** Copies of one number in the old state must be copies of one number now. */
  fit(old: number, now: number): boolean {
    if (old === 0) return true;
    if (now === 0) return false;
    const known = this.#pairs.get(old);
    if (known !== undefined) return known === now;
    if (this.#taken.has(now)) return false;
    this.#pairs.set(old, now);
    this.#taken.add(now);
    return true;
  }
}

type Compare = (old: Reg, now: Reg) => boolean;

const covers =
  (ids: SameIds): Compare =>
  (old, now) => {
    switch (old.t) {
      case "not_init":
        return true;
      case "scalar":
        return now.t === "scalar" && scalarWithin(now.known, old.known) && ids.fit(old.id, now.id);
      case "ctx":
        return now.t === "ctx" && now.off === old.off;
      case "stack":
        return now.t === "stack" && now.frame === old.frame && now.off === old.off && scalarWithin(now.vary, old.vary);
      case "map_value":
        return now.t === "map_value" && now.map === old.map && now.off === old.off && scalarWithin(now.vary, old.vary);
      case "map_value_or_null":
        return now.t === "map_value_or_null" && now.map === old.map && ids.fit(old.id, now.id);
      case "map":
        return now.t === "map" && now.map === old.map;
    }
  };

const same =
  (ids: SameIds): Compare =>
  (old, now) => {
    if (old.t === "not_init") return now.t === "not_init";
    if (old.t === "scalar" && now.t === "scalar") return sameScalar(old.known, now.known) && ids.fit(old.id, now.id);
    if ((old.t === "stack" || old.t === "map_value") && now.t === old.t && !sameScalar(old.vary, now.vary))
      return false;
    return covers(ids)(old, now);
  };

/** The registers that are read later, by the instruction: bit n for rn. */
export type Live = (at: number) => number;

/** The registers of a caller that a call leaves as they were. */
const SAVED_BY_CALLS = 0b111_1100_0000;

/** The registers of a frame that are read later: those of a caller after the call. */
const wantedIn = ({ frames }: State, depth: number, at: number, live: Live): number => {
  const next = frames[depth + 1];
  return next === undefined ? live(at) : live(next.callsite + 1) & SAVED_BY_CALLS;
};

/** A copy to be compared with: without what is read no more, and where a number has no copies, without its `id`. */
export function kept(state: State, at: number, live: Live): State {
  const copy = copyState(state);
  for (const [depth, { regs }] of copy.frames.entries()) {
    const wanted = wantedIn(copy, depth, at, live);
    for (const i of regs.keys()) if ((wanted & (1 << i)) === 0) regs[i] = NOT_INIT;
  }
  const copies = new Map<number, number>();
  mapRegisters(copy, (reg) => {
    if (reg.t === "scalar") copies.set(reg.id, (copies.get(reg.id) ?? 0) + 1);
    return reg;
  });
  mapRegisters(copy, (reg) =>
    reg.t === "scalar" && reg.id !== 0 && copies.get(reg.id) === 1 ? { ...reg, id: 0 } : reg,
  );
  return copy;
}

/**
 * Whether all that was found to be right for `old` is right for `now`, from the instruction `at` on: what is read later may be nothing
 * that it might not have been then. With `exactly`, whether both are one state, so that a loop has done nothing.
 */
export function safeAs(old: State, now: State, at: number, live: Live, exactly: boolean): boolean {
  if (old.frames.length !== now.frames.length) return false;
  const ids = new SameIds();
  const compare = exactly ? same(ids) : covers(ids);
  for (const [depth, was] of old.frames.entries()) {
    const is = now.frames[depth];
    if (is?.callsite !== was.callsite) return false;
    const wanted = wantedIn(old, depth, at, live);
    for (const [i, reg] of was.regs.entries()) {
      if ((wanted & (1 << i)) !== 0 && !compare(reg, is.regs[i] ?? NOT_INIT)) return false;
    }
    for (const [i, slot] of was.stack.entries()) if (!slotSafe(slot, is.stack[i], compare)) return false;
    if (exactly && is.stack.some((slot, i) => !slotSafe(slot, was.stack[i], same(new SameIds())))) return false;
  }
  return true;
}
