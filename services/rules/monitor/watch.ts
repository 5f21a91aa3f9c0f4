import type { TraceEvent } from "../../abi/event.ts";
import { BEGUN, END, END_OF_ALL, NEXT, TRIGGERED, VIOLATED } from "./automaton.ts";
import type { CompiledRule, CompiledRules, Concern, EventKind } from "./compile.ts";
import { Slices, type SliceNode } from "./slices.ts";

/** How a trace came to its end: at rest, so that `end` is true there, or anyhow. */
export type Ended = "rest" | "cut";

/** What was counted of one rule. */
export interface Tally {
  slices: number;
  triggered: number;
  violated: number;
}

/** Told when a rule begins to be false in a slice. `at` is undefined at the end. */
export type OnViolation = (rule: CompiledRule, node: SliceNode, at: TraceEvent | undefined) => void;

/** All rules over one order of events: their slices and what was counted. The work for an event is a few look-ups for each rule that speaks of it. */
export class Watch {
  readonly slices: readonly Slices[];
  readonly tallies: readonly Tally[];
  readonly #compiled: CompiledRules;
  readonly #keep: "last" | "all";
  readonly #onViolation: OnViolation;

  /** @param keep which events of a slice are kept: the last of each kind, or all. */
  constructor(compiled: CompiledRules, keep: "last" | "all", onViolation: OnViolation) {
    this.#compiled = compiled;
    this.#keep = keep;
    this.#onViolation = onViolation;
    this.slices = compiled.groups.map(({ keys, members }) => new Slices(keys, members.length));
    this.tallies = compiled.rules.map(() => ({ slices: 0, triggered: 0, violated: 0 }));
  }

  take(event: TraceEvent): void {
    const kind = this.#compiled.kindOf(event);
    const { concerns } = kind;
    for (let i = 0; i < concerns.length; i++) {
      const concern = concerns[i] as Concern;
      const slices = this.slices[concern.group] as Slices;
      const node = slices.whole(event);
      if (node === undefined) this.#touchAll(slices, concern, kind, event);
      else this.#touch(node, concern, kind, event);
    }
  }

  /** Nothing comes any more, and all is at rest. */
  end(): void {
    this.#compiled.groups.forEach(({ keys, members }, g) => {
      const atEnd = members.filter(({ automaton }) => automaton.program.speaksOfEnd);
      if (atEnd.length === 0) return;
      // What is cut by nothing is there even if nothing happened.
      for (const node of this.slices[g]?.all(true) ?? []) {
        for (const rule of atEnd) {
          const said = rule.automaton.step(node.states[rule.member] as number, keys.length === 0 ? END_OF_ALL : END);
          // What nothing concerned is not triggered by its end.
          this.#judge(rule, node, undefined, said & BEGUN ? said & ~TRIGGERED : said);
        }
      }
    });
  }

  /** An event with all keys. */
  #touch(node: SliceNode, { members, whole, rules }: Concern, kind: EventKind, event: TraceEvent): void {
    const { states } = node;
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as number;
      const rule = rules[i] as CompiledRule;
      const said = rule.automaton.step(states[member] as number, whole[i] as number);
      states[member] = said >> NEXT;
      if (said & (BEGUN | TRIGGERED | VIOLATED)) this.#judge(rule, node, event, said);
    }
    this.#remember(node, kind, event);
  }

  /** An event without some key: it moves all that it agrees with. */
  #touchAll(slices: Slices, { members, partial, rules }: Concern, kind: EventKind, event: TraceEvent): void {
    for (const node of slices.touched(event)) {
      members.forEach((member, i) => {
        const rule = rules[i] as CompiledRule;
        const said = rule.automaton.step(node.states[member] as number, partial[i] as number);
        node.states[member] = said >> NEXT;
        this.#judge(rule, node, event, said);
      });
      this.#remember(node, kind, event);
    }
  }

  #judge(rule: CompiledRule, node: SliceNode, at: TraceEvent | undefined, said: number): void {
    const tally = this.tallies[rule.index] as Tally;
    if (said & BEGUN && at !== undefined) tally.slices++;
    if (said & TRIGGERED) tally.triggered++;
    if ((said & VIOLATED) === 0) return;
    tally.violated++;
    this.#onViolation(rule, node, at);
  }

  #remember({ events, kinds }: SliceNode, kind: EventKind, event: TraceEvent): void {
    // Few kinds come in one slice, so that looking through a list is the quickest way.
    const at = this.#keep === "last" ? kinds.indexOf(kind) : -1;
    if (at >= 0) {
      events[at] = event;
      return;
    }
    kinds.push(kind);
    events.push(event);
  }
}
