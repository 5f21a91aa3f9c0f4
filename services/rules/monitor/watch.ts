import type { TraceEvent } from "../../abi/event.ts";
import type { CompiledRules } from "./compile.ts";
import type { CompiledRule, Concern, Group, Indices, Move } from "./group.ts";
import { Slices, type Seen, type SliceNode } from "./slices.ts";

/** How a trace came to its end: at rest, so that `end` is true there, or anyhow. */
export type Ended = "rest" | "cut";

/** What was counted of one rule. */
export interface Tally {
  readonly slices: number;
  readonly triggered: number;
  readonly violated: number;
}

/** Told when a rule begins to be false in a slice. `at` is undefined at the end. */
export type OnViolation = (rule: CompiledRule, node: SliceNode, at: TraceEvent | undefined) => void;

/** All rules over one order of events: their slices and what was counted. The work for an event is a few look-ups for each rule that speaks of it. */
export class Watch {
  /** Those of each group that any event concerned. */
  readonly slices: (Slices | undefined)[];
  /** What was counted, for each rule. */
  readonly #begun: Float64Array;
  readonly #triggered: Float64Array;
  readonly #violated: Float64Array;
  readonly #compiled: CompiledRules;
  readonly #keep: "last" | "all";
  readonly #onViolation: OnViolation;
  /** Where only the last is kept: what was seen in the slices that are the whole trace. */
  readonly #last = new Map<Concern, Seen>();
  /** What the end says of slices that were forgotten, and of how many it says so. */
  readonly #atRest = new Map<Indices, number>();

  /** @param keep which events of a slice are kept: the last of each kind, or all. */
  constructor(compiled: CompiledRules, keep: "last" | "all", onViolation: OnViolation) {
    this.#compiled = compiled;
    this.#keep = keep;
    this.#onViolation = onViolation;
    this.slices = compiled.groups.map(() => undefined);
    const { length } = compiled.rules;
    this.#begun = new Float64Array(length);
    this.#triggered = new Float64Array(length);
    this.#violated = new Float64Array(length);
  }

  /** What was counted of a rule; undefined: nothing concerned it. */
  tally(index: number): Tally | undefined {
    const slices = this.#begun[index] ?? 0;
    const triggered = this.#triggered[index] ?? 0;
    const violated = this.#violated[index] ?? 0;
    return slices + triggered + violated === 0 ? undefined : { slices, triggered, violated };
  }

  take(event: TraceEvent): void {
    const { concerns } = this.#compiled.kindOf(event);
    for (let i = 0; i < concerns.length; i++) {
      const concern = concerns[i] as Concern;
      const group = this.#compiled.groups[concern.group] as Group;
      const slices = (this.slices[concern.group] ??= this.#slicesOf(group));
      const node = slices.whole(event);
      if (node !== undefined) this.#move(node, group.moveWhole(node.joint, concern), concern, event, slices.sweeps);
      // An event without some key moves all that it agrees with.
      else
        slices.touch(event, (each) =>
          this.#move(each, group.movePartial(each.joint, concern), concern, event, slices.sweeps),
        );
    }
  }

  /** Nothing comes any more, and all is at rest. */
  end(): void {
    for (const [triggers, times] of this.#atRest) add(this.#triggered, triggers, times);
    this.#compiled.groups.forEach((group, g) => {
      if (!group.speaksOfEnd) return;
      // What nothing cuts is there even if nothing happened.
      if (group.keys.length === 0) this.slices[g] ??= this.#slicesOf(group);
      for (const node of this.slices[g]?.all(true) ?? []) this.#count(node, group.end(node.joint), undefined);
    });
  }

  #slicesOf(group: Group): Slices {
    if (this.#keep === "all") return new Slices(group);
    return new Slices(group, (node) => {
      const { triggers, violates } = group.end(node.joint);
      if (violates !== undefined) return false;
      // This is what the end would have said of it.
      this.#atRest.set(triggers, (this.#atRest.get(triggers) ?? 0) + 1);
      return true;
    });
  }

  #move(node: SliceNode, move: Move, concern: Concern, event: TraceEvent, sweeps: number): void {
    node.joint = move.to;
    node.sweep = sweeps;
    add(this.#begun, move.begins, 1);
    this.#count(node, move, event);
    this.#remember(node, concern, event);
  }

  #count(
    node: SliceNode,
    { triggers, violates }: Pick<Move, "triggers" | "violates">,
    at: TraceEvent | undefined,
  ): void {
    add(this.#triggered, triggers, 1);
    if (violates === undefined) return;
    for (const rule of violates) {
      this.#violated[rule.index] = (this.#violated[rule.index] ?? 0) + 1;
      this.#onViolation(rule, node, at);
    }
  }

  #remember(node: SliceNode, concern: Concern, event: TraceEvent): void {
    if (this.#keep === "last") {
      // All kinds come in the slice that is the whole trace; few in another, so that looking through a list is the quickest way.
      if (node.values.length === 0) {
        const last = this.#last.get(concern);
        if (last === undefined) this.#last.set(concern, (node.seen = { concern, event, next: node.seen }));
        else last.event = event;
        return;
      }
      for (let { seen } = node; seen !== undefined; seen = seen.next) {
        if (seen.concern !== concern) continue;
        seen.event = event;
        return;
      }
    }
    node.seen = { concern, event, next: node.seen };
  }
}

function add(counts: Float64Array, rules: Indices, times: number): void {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as number;
    counts[rule] = (counts[rule] as number) + times;
  }
}
