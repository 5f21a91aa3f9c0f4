import type { TraceEvent } from "../../abi/event.ts";
import type { CompiledRules } from "./compile.ts";
import type { CompiledRule, Concern, Group, Move } from "./group.ts";
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
  /** Those of each group that any event concerned. */
  readonly slices: (Slices | undefined)[];
  readonly tallies: readonly Tally[];
  readonly #compiled: CompiledRules;
  readonly #keep: "last" | "all";
  readonly #onViolation: OnViolation;
  /** What the end says of slices that were forgotten, and of how many it says so. */
  readonly #atRest = new Map<readonly CompiledRule[], number>();

  /** @param keep which events of a slice are kept: the last of each kind, or all. */
  constructor(compiled: CompiledRules, keep: "last" | "all", onViolation: OnViolation) {
    this.#compiled = compiled;
    this.#keep = keep;
    this.#onViolation = onViolation;
    this.slices = compiled.groups.map(() => undefined);
    this.tallies = compiled.rules.map(() => ({ slices: 0, triggered: 0, violated: 0 }));
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
        for (const each of slices.touched(event))
          this.#move(each, group.movePartial(each.joint, concern), concern, event, slices.sweeps);
    }
  }

  /** Nothing comes any more, and all is at rest. */
  end(): void {
    for (const [triggers, times] of this.#atRest)
      for (const rule of triggers) (this.tallies[rule.index] as Tally).triggered += times;
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
      if (violates.length > 0) return false;
      // This is what the end would have said of it.
      this.#atRest.set(triggers, (this.#atRest.get(triggers) ?? 0) + 1);
      return true;
    });
  }

  #move(node: SliceNode, move: Move, concern: Concern, event: TraceEvent, sweeps: number): void {
    node.joint = move.to;
    node.sweep = sweeps;
    for (const rule of move.begins) (this.tallies[rule.index] as Tally).slices++;
    this.#count(node, move, event);
    this.#remember(node, concern, event);
  }

  #count(
    node: SliceNode,
    { triggers, violates }: Pick<Move, "triggers" | "violates">,
    at: TraceEvent | undefined,
  ): void {
    for (const rule of triggers) (this.tallies[rule.index] as Tally).triggered++;
    for (const rule of violates) {
      (this.tallies[rule.index] as Tally).violated++;
      this.#onViolation(rule, node, at);
    }
  }

  #remember(node: SliceNode, concern: Concern, event: TraceEvent): void {
    // Few kinds come in one slice, so that looking through a list is the quickest way.
    if (this.#keep === "last") {
      for (let { seen } = node; seen !== undefined; seen = seen.next) {
        if (seen.concern !== concern) continue;
        seen.event = event;
        return;
      }
    }
    node.seen = { concern, event, next: node.seen };
  }
}
