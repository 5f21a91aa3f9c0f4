import { assert } from "../../abi/assert.ts";
import type { Operator } from "../atoms/syntax.ts";
import type { Formula } from "../language/syntax.ts";
import { programOf, type Program } from "./program.ts";

/** The letter of the end of a trace at rest: no atom is true, `end` is. */
export const END = 0;
/** The same, where the slice is there without an event: nothing cuts the trace. */
export const END_OF_ALL = 1;
/** The letter of a moment at which nothing happens: for asking what holds now. */
export const NOW = 2;

/** How many different atoms a formula may have: a letter is a number, and has two bits more. */
export const ATOMS_MAX = 28;
const WHOLE_BIT = 1 << 28;
const END_BIT = 1 << 29;

/** How many states are remembered; beyond, what was learnt is forgotten, so that a count that drifts costs no memory. */
const STATES_MAX = 20_000;

/** All that the past can still mean for a formula: a bit for each temporal word, a difference for each comparison of counts. */
export interface State {
  readonly number: number;
  readonly cells: Int32Array;
  /** Whether an event with all keys has come: before, nothing is judged. */
  readonly begun: boolean;
  /** For each letter the step that was made once. */
  readonly steps: (Step | undefined)[];
}

/** What one moment does. */
export interface Step {
  readonly to: State;
  /** The slice begins with it. */
  readonly begins: boolean;
  readonly triggers: boolean;
  /** The formula is false now, and was not so before. */
  readonly violates: boolean;
}

/**
 * The monitor of one formula: a finite automaton that is made as it runs. A letter is which atoms are true at a moment,
 * under a number. A step costs as much as the formula is long, once; from then on it is looked up. Two formulas of counts can
 * have any number of states, so states are objects that nobody keeps but those who are in them.
 */
export class Automaton {
  readonly program: Program;
  /** The state before the first event. */
  readonly start: State;
  readonly #states = new Map<string, State>();
  #made = 0;
  readonly #letters: number[] = [];
  readonly #letterNumbers = new Map<number, number>();
  readonly #now: Uint8Array;

  constructor(formula: Formula) {
    this.program = programOf(formula);
    const { atoms, steps, start } = this.program;
    assert(atoms.length <= ATOMS_MAX, `a formula has at most ${ATOMS_MAX} different atoms`);
    this.#now = new Uint8Array(steps.length);
    this.letter(0, { end: true });
    this.letter(0, { end: true, whole: true });
    this.letter(0, {});
    // The last two cells: whether it is false already, and whether the slice has begun.
    this.start = this.#intern(Int32Array.from([...start, 0, 0]));
  }

  /**
   * The number of a letter.
   *
   * @param atoms bit n: atom n of the program is true.
   * @param whole whether the event carries all keys.
   */
  letter(atoms: number, { whole = false, end = false }: { readonly whole?: boolean; readonly end?: boolean }): number {
    const bits = atoms | (whole ? WHOLE_BIT : 0) | (end ? END_BIT : 0);
    const known = this.#letterNumbers.get(bits);
    if (known !== undefined) return known;
    const number = this.#letters.push(bits) - 1;
    this.#letterNumbers.set(bits, number);
    return number;
  }

  /** One moment. */
  step(state: State, letter: number): Step {
    return (state.steps[letter] ??= this.#make(state, letter));
  }

  /** Whether the formula is true at a moment after this state. */
  holds(state: State, letter: number): boolean {
    this.#make(state, letter);
    return this.#now[this.program.holds] === 1;
  }

  #make({ cells: before }: State, letter: number): Step {
    const { steps, holds, triggers } = this.program;
    const truths = this.#letters[letter];
    assert(truths !== undefined, "a step is made by a known letter");
    const now = this.#now;
    const next = Int32Array.from(before);
    for (const [i, step] of steps.entries()) {
      let is: boolean;
      switch (step.t) {
        case "constant":
          is = step.value;
          break;
        case "end":
          is = (truths & END_BIT) !== 0;
          break;
        case "atom":
          is = ((truths >> step.atom) & 1) === 1;
          break;
        case "not":
          is = now[step.a] === 0;
          break;
        case "and":
          is = now[step.a] === 1 && now[step.b] === 1;
          break;
        case "or":
          is = now[step.a] === 1 || now[step.b] === 1;
          break;
        case "implies":
          is = now[step.a] === 0 || now[step.b] === 1;
          break;
        case "once":
          is = before[step.cell] === 1 || now[step.a] === 1;
          next[step.cell] = Number(is);
          break;
        case "historically":
          is = before[step.cell] === 1 && now[step.a] === 1;
          next[step.cell] = Number(is);
          break;
        case "previously":
          is = before[step.cell] === 1;
          next[step.cell] = now[step.a] ?? 0;
          break;
        case "since":
          is = now[step.b] === 1 || (now[step.a] === 1 && before[step.cell] === 1);
          next[step.cell] = Number(is);
          break;
        case "compare": {
          let difference = before[step.cell] ?? 0;
          for (const { sign, a } of step.counts) difference += sign * (now[a] ?? 0);
          difference = Math.max(step.atLeast, Math.min(step.atMost, difference));
          next[step.cell] = difference;
          is = comparesToZero(difference, step.operator);
          break;
        }
      }
      now[i] = Number(is);
    }
    const cells = next.length;
    const had = before[cells - 1] === 1;
    const begun = had || (truths & WHOLE_BIT) !== 0;
    const bad = begun && now[holds] === 0;
    next[cells - 2] = Number(bad);
    next[cells - 1] = Number(begun);
    return {
      to: this.#intern(next),
      begins: begun && !had,
      triggers: begun && now[triggers] === 1,
      violates: bad && before[cells - 2] === 0,
    };
  }

  #intern(cells: Int32Array): State {
    const key = cells.join(",");
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= STATES_MAX) {
      this.#states.clear();
      // The first state would lead to all others.
      this.start.steps.length = 0;
    }
    const state: State = { number: this.#made++, cells, begun: cells.at(-1) === 1, steps: [] };
    this.#states.set(key, state);
    return state;
  }
}

function comparesToZero(difference: number, operator: Operator): boolean {
  switch (operator) {
    case "==":
      return difference === 0;
    case "!=":
      return difference !== 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}
