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

/** The state before the first event. */
export const START = 0;

/**
 * What a step says besides the next state, which is what remains when it is shifted right by `NEXT`: that the slice is
 * triggered here, that the formula is false and was not so before, that the slice begins. Before it has begun, with the first
 * event that carries all keys, nothing is said.
 */
export const TRIGGERED = 1;
export const VIOLATED = 2;
export const BEGUN = 4;
export const NEXT = 3;

const UNKNOWN = -1;
/** How many different atoms a formula may have: a letter is a number, and has two bits more. */
export const ATOMS_MAX = 28;
const WHOLE_BIT = 1 << 28;
const END_BIT = 1 << 29;

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
    this.letter(0, { end: true });
    this.letter(0, { end: true, whole: true });
    this.letter(0, {});
    // The last two cells: whether it is false already, and whether the slice has begun.
    this.#intern(Int32Array.from([...start, 0, 0]));
  }

  /** How many states it has met. */
  get size(): number {
    return this.#states.length;
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

  /** Whether an event with all keys has come. */
  hasBegun(state: number): boolean {
    return this.#states[state]?.at(-1) === 1;
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
    const has = had || (truths & WHOLE_BIT) !== 0;
    const bad = has && now[holds] === 0;
    next[cells - 2] = Number(bad);
    next[cells - 1] = Number(has);
    const violated = bad && before[cells - 2] === 0 ? VIOLATED : 0;
    const triggered = has && now[triggers] === 1 ? TRIGGERED : 0;
    return (this.#intern(next) << NEXT) | (has && !had ? BEGUN : 0) | violated | triggered;
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
