import { assert } from "../../abi/assert.ts";
import type { Operator } from "../atoms/syntax.ts";
import type { Formula } from "../language/syntax.ts";
import { programOf, type Program } from "./program.ts";

/** The letter of the end of a trace at rest: no atom is true, `end` is. */
export const END = 0;
/** The letter of a moment at which nothing happens: for asking what holds now. */
export const NOW = 1;

/** The state before the first event; no later one has its number, though it may be like it. */
export const UNTOUCHED = 0;

/** What a step says besides the next state, which is what remains when it is shifted right by `NEXT`. */
export const TRIGGERED = 1;
export const VIOLATED = 2;
export const NEXT = 2;

const UNKNOWN = -1;
const ATOMS_MAX = 30;
const END_BIT = 2 ** 30;

/**
 * The monitor of one formula: a finite automaton that is made as it runs. A state is all that the past can still mean for
 * the formula (a bit for each temporal word, a difference for each comparison of counts), under a number; a letter is which
 * atoms are true at a moment, under a number. A step that was made once is looked up from then on.
 *
 *     table[state * width + letter] = next state, whether the formula is false now and was not before, whether triggered
 */
export class Automaton {
  readonly program: Program;
  /** Rows of `width` letters; -1 where no step was made yet. */
  table: Int32Array = new Int32Array(0);
  width = 4;
  readonly #states: Int32Array[] = [];
  readonly #stateNumbers = new Map<string, number>();
  readonly #letters: number[] = [];
  readonly #letterNumbers = new Map<number, number>();
  readonly #now: Uint8Array;

  constructor(formula: Formula) {
    this.program = programOf(formula);
    const { atoms, steps, start } = this.program;
    assert(atoms.length <= ATOMS_MAX, `a formula has at most ${ATOMS_MAX} different atoms`);
    this.#now = new Uint8Array(steps.length);
    this.letter(END_BIT);
    this.letter(0);
    // The last two cells: whether it is false already, and whether any event came.
    this.#intern(Int32Array.from([...start, 0, 0]));
  }

  /** How many states it has met. */
  get size(): number {
    return this.#states.length;
  }

  /** The number of a letter. @param atoms bit n: atom n of the program is true. */
  letter(atoms: number): number {
    const known = this.#letterNumbers.get(atoms);
    if (known !== undefined) return known;
    const number = this.#letters.push(atoms) - 1;
    this.#letterNumbers.set(atoms, number);
    if (number >= this.width) this.#resize(this.width * 2, this.#states.length);
    return number;
  }

  /** One moment: the next state and what it says, packed as in `table`. */
  step(state: number, letter: number): number {
    const at = state * this.width + letter;
    const known = this.table[at];
    if (known !== undefined && known !== UNKNOWN) return known;
    const made = this.#make(state, letter);
    this.table[state * this.width + letter] = made;
    return made;
  }

  /** The next state alone. */
  next(state: number, letter: number): number {
    return this.step(state, letter) >> NEXT;
  }

  /** Whether the formula is true at a moment after this state. */
  holds(state: number, letter: number): boolean {
    this.#make(state, letter);
    return this.#now[this.program.holds] === 1;
  }

  #make(state: number, letter: number): number {
    const { steps, holds, triggers } = this.program;
    const before = this.#states[state];
    const truths = this.#letters[letter];
    assert(before !== undefined && truths !== undefined, "a step goes from a known state by a known letter");
    const now = this.#now;
    const next = Int32Array.from(before);
    for (const [i, step] of steps.entries()) {
      let is: boolean;
      switch (step.t) {
        case "constant":
          is = step.value;
          break;
        case "end":
          is = truths === END_BIT;
          break;
        case "atom":
          is = truths !== END_BIT && ((truths >> step.atom) & 1) === 1;
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
    const bad = now[holds] === 0;
    const cells = next.length;
    const violated = bad && before[cells - 2] === 0;
    next[cells - 2] = Number(bad);
    next[cells - 1] = 1;
    return (this.#intern(next) << NEXT) | (violated ? VIOLATED : 0) | (now[triggers] === 1 ? TRIGGERED : 0);
  }

  #intern(state: Int32Array): number {
    const key = state.join(",");
    const known = this.#stateNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.push(state) - 1;
    this.#stateNumbers.set(key, number);
    if (this.table.length < (number + 1) * this.width) this.#resize(this.width, Math.max(4, number * 2));
    return number;
  }

  #resize(width: number, rows: number): void {
    const table = new Int32Array(Math.max(rows, this.#states.length) * width).fill(UNKNOWN);
    for (let row = 0; row * this.width < this.table.length && row * width < table.length; row++)
      table.set(this.table.subarray(row * this.width, (row + 1) * this.width), row * width);
    this.table = table;
    this.width = width;
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
