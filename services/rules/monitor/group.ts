import type { RuleJudgement } from "../judgement.ts";
import type { Formula } from "../language/syntax.ts";
import type { Rule, SliceKey } from "../rule.ts";
import { END, END_OF_ALL, type Automaton, type State, type Step } from "./automaton.ts";
import { readerOf, type KeyReader } from "./keys.ts";

/** A rule, ready to be judged. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly formula: Formula;
  readonly automaton: Automaton;
  /** What it came to where nothing concerned it. */
  readonly vacuous: RuleJudgement;
  /** Its place among all. */
  readonly index: number;
  /** Its group, and its place there. */
  group: number;
  member: number;
}

/** What an event means for the rules of a group: which of them it concerns, and the letters that these read. */
export interface Concern {
  readonly group: number;
  /** Its number among the concerns of the group. */
  readonly number: number;
  readonly rules: readonly CompiledRule[];
  /** The letters of an event that carries all keys, and of one that does not. */
  readonly whole: readonly number[];
  readonly partial: readonly number[];
}

/** The states of all rules of a group, taken together, in one slice. */
export interface Joint {
  readonly states: readonly State[];
  /** For each concern the move that was made once. */
  readonly whole: (Move | undefined)[];
  readonly partial: (Move | undefined)[];
  atEnd: Ending | undefined;
}

/** What the end does to the rules that speak of it. */
export type Ending = Pick<Move, "triggers" | "violates">;

/** Numbers of rules among all. */
export type Indices = Int32Array;

/** What an event does to all rules of a group at once. */
export interface Move {
  readonly to: Joint;
  /** Whose slice begins with it, and whom it triggers. */
  readonly begins: Indices;
  readonly triggers: Indices;
  /** Whose formula begins to be false; undefined, as nearly always, where nobody's does. */
  readonly violates: readonly CompiledRule[] | undefined;
}

/** How many joint states are remembered, as in an automaton. */
const JOINTS_MAX = 20_000;

/**
 * Rules that are cut by the same keys and speak of the same events: they share their slices, and what an event does to all of
 * them is worked out once and looked up from then on. So a slice costs one reference, and an event one look-up, however
 * many rules there are.
 */
export class Group {
  readonly keys: readonly SliceKey[];
  readonly readers: readonly KeyReader[];
  readonly members: readonly CompiledRule[];
  /** Whether one of them must be judged at the end. */
  readonly speaksOfEnd: boolean;
  readonly start: Joint;
  readonly #joints = new Map<string, Joint>();
  readonly #concerns = new Map<string, Concern>();

  constructor(keys: readonly SliceKey[], members: readonly CompiledRule[]) {
    this.keys = keys;
    this.readers = keys.map(readerOf);
    this.members = members;
    this.speaksOfEnd = members.some(({ automaton }) => automaton.program.speaksOfEnd);
    this.start = this.#intern(members.map(({ automaton }) => automaton.start));
  }

  /** What an event means to the group. @param read which atoms of each rule are true; the rules are of this group. */
  concern(read: ReadonlyMap<CompiledRule, number>): Concern {
    const key = [...read].map(([{ member }, bits]) => `${member}:${bits}`).join();
    const known = this.#concerns.get(key);
    if (known !== undefined) return known;
    const rules = [...read.keys()];
    const bits = [...read.values()];
    const concern: Concern = {
      group: rules[0]?.group ?? 0,
      number: this.#concerns.size,
      rules,
      whole: rules.map(({ automaton }, i) => automaton.letter(bits[i] ?? 0, { whole: true })),
      partial: rules.map(({ automaton }, i) => automaton.letter(bits[i] ?? 0, {})),
    };
    this.#concerns.set(key, concern);
    return concern;
  }

  /** The move of an event that carries all keys. */
  moveWhole(joint: Joint, concern: Concern): Move {
    return (joint.whole[concern.number] ??= this.#make(joint, concern, concern.whole));
  }

  /** The move of an event that lacks a key. */
  movePartial(joint: Joint, concern: Concern): Move {
    return (joint.partial[concern.number] ??= this.#make(joint, concern, concern.partial));
  }

  /** What the end does to the rules that speak of it. */
  end(joint: Joint): Ending {
    return (joint.atEnd ??= this.#end(joint));
  }

  #end(joint: Joint): Ending {
    const letter = this.keys.length === 0 ? END_OF_ALL : END;
    const steps = this.members.flatMap((rule) => {
      const state = joint.states[rule.member];
      if (state === undefined || !rule.automaton.program.speaksOfEnd) return [];
      return [{ rule, step: rule.automaton.step(state, letter) }];
    });
    const those = (which: (step: Step) => boolean): CompiledRule[] =>
      steps.flatMap(({ rule, step }) => (which(step) ? [rule] : []));
    return {
      // What nothing concerned is not triggered by its end.
      triggers: indicesOf(those(({ triggers, begins }) => triggers && !begins)),
      violates: ifAny(those(({ violates }) => violates)),
    };
  }

  #make({ states }: Joint, { rules }: Concern, letters: readonly number[]): Move {
    const next = [...states];
    const begins: CompiledRule[] = [];
    const triggers: CompiledRule[] = [];
    const violates: CompiledRule[] = [];
    rules.forEach((rule, i) => {
      const step = rule.automaton.step(states[rule.member] ?? rule.automaton.start, letters[i] ?? 0);
      next[rule.member] = step.to;
      if (step.begins) begins.push(rule);
      if (step.triggers) triggers.push(rule);
      if (step.violates) violates.push(rule);
    });
    return {
      to: this.#intern(next),
      begins: indicesOf(begins),
      triggers: indicesOf(triggers),
      violates: ifAny(violates),
    };
  }

  #intern(states: readonly State[]): Joint {
    const key = states.map(({ number }) => number).join();
    const known = this.#joints.get(key);
    if (known !== undefined) return known;
    if (this.#joints.size >= JOINTS_MAX) {
      this.#joints.clear();
      // The first one would lead to all others.
      this.start.whole.length = 0;
      this.start.partial.length = 0;
    }
    const joint: Joint = { states, whole: [], partial: [], atEnd: undefined };
    this.#joints.set(key, joint);
    return joint;
  }
}

const indicesOf = (rules: readonly CompiledRule[]): Indices => Int32Array.from(rules, ({ index }) => index);

const ifAny = (rules: readonly CompiledRule[]): readonly CompiledRule[] | undefined =>
  rules.length === 0 ? undefined : rules;
