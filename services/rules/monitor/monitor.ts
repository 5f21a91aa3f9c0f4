import type { TraceEvent } from "../../abi/event.ts";
import type { RuleJudgement, RuleVerdict, Violation } from "../judgement.ts";
import { END, NEXT, TRIGGERED, UNTOUCHED, VIOLATED } from "./automaton.ts";
import type { CompiledRule, CompiledRules, Concern, EventKind } from "./compile.ts";
import { sliceText } from "./keys.ts";
import { JUDGED, Slices, STATE, type SliceNode } from "./slices.ts";
import { witnessesOf } from "./witness.ts";

/** How a trace came to its end: at rest, so that `end` is true there, or anyhow. */
export type Ended = "rest" | "cut";

/** Rules that watch events as they come, in that one order. */
export interface Monitor {
  take(event: TraceEvent): void;
  /** Nothing comes any more. */
  end(state: Ended): void;
  judgements(): readonly RuleJudgement[];
}

/** What a monitor tells at once. */
export interface MonitorOptions {
  readonly onViolation?: (rule: CompiledRule, violation: Violation) => void;
}

/** What was counted of one rule. */
interface Tally {
  slices: number;
  triggered: number;
  violated: number;
  readonly violations: Violation[];
}

/** Of more violations of a rule than these only the number is kept. */
const VIOLATIONS_MAX = 16;

/** Starts to watch. The work for an event is a few look-ups for each rule that speaks of it; no event is kept but the last of each kind. */
export function createMonitor(compiled: CompiledRules, options: MonitorOptions = {}): Monitor {
  const { rules, groups } = compiled;
  const slices = groups.map(({ keys, members }) => new Slices(keys, members.length));
  const tallies = rules.map((): Tally => ({ slices: 0, triggered: 0, violated: 0, violations: [] }));
  let ended: Ended | undefined;

  function violate(rule: CompiledRule, node: SliceNode, at: TraceEvent | undefined): void {
    const tally = tallies[rule.index];
    if (tally === undefined) return;
    tally.violated++;
    if (tally.violations.length >= VIOLATIONS_MAX && options.onViolation === undefined) return;
    const { keys } = slices[rule.group] ?? { keys: [] };
    const violation: Violation = {
      slice: sliceText(keys, node.values),
      certain: true,
      at,
      ...witnessesOf(rule, node, at),
    };
    if (tally.violations.length < VIOLATIONS_MAX) tally.violations.push(violation);
    options.onViolation?.(rule, violation);
  }

  function judge(rule: CompiledRule, node: SliceNode, at: TraceEvent | undefined, said: number): void {
    if (said & TRIGGERED) (tallies[rule.index] as Tally).triggered++;
    if (said & VIOLATED) violate(rule, node, at);
  }

  /** An event with all keys. */
  function touch(node: SliceNode, concern: Concern, kind: EventKind, event: TraceEvent): void {
    const { members, letters } = concern;
    const group = groups[concern.group]?.members ?? [];
    const { states } = node;
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as number;
      const rule = group[member] as CompiledRule;
      const before = states[member] as number;
      const said = rule.automaton.step(before >> STATE, letters[i] as number);
      states[member] = ((said >> NEXT) << STATE) | JUDGED;
      if ((before & JUDGED) === 0) (tallies[rule.index] as Tally).slices++;
      if (said & (TRIGGERED | VIOLATED)) judge(rule, node, event, said);
    }
    remember(node, kind, event);
  }

  /** An event without some key: it moves all that it agrees with, and is judged where the slice has begun. */
  function touchAll(store: Slices, concern: Concern, kind: EventKind, event: TraceEvent): void {
    const group = groups[concern.group]?.members ?? [];
    for (const { node, whole } of store.touched(event)) {
      concern.members.forEach((member, i) => {
        const rule = group[member] as CompiledRule;
        const before = node.states[member] as number;
        const said = rule.automaton.step(before >> STATE, concern.letters[i] as number);
        const begun = whole ? before & JUDGED : 0;
        node.states[member] = ((said >> NEXT) << STATE) | begun;
        if (begun) judge(rule, node, event, said);
      });
      remember(node, kind, event);
    }
  }

  return {
    take(event) {
      const kind = compiled.kindOf(event);
      const { concerns } = kind;
      for (let i = 0; i < concerns.length; i++) {
        const concern = concerns[i] as Concern;
        const store = slices[concern.group] as Slices;
        const node = store.whole(event);
        if (node === undefined) touchAll(store, concern, kind, event);
        else touch(node, concern, kind, event);
      }
    },
    end(state) {
      if (ended !== undefined) return;
      ended = state;
      if (state === "cut") return;
      groups.forEach(({ keys, members }, g) => {
        const atEnd = members.filter(({ automaton }) => automaton.program.speaksOfEnd);
        if (atEnd.length === 0) return;
        // What is cut by nothing is there even if nothing happened.
        for (const node of slices[g]?.all(true) ?? []) {
          for (const rule of atEnd) {
            const before = node.states[rule.member] as number;
            if (keys.length > 0 && (before & JUDGED) === 0) continue;
            const said = rule.automaton.step(before >> STATE, END);
            const concerned = before >> STATE !== UNTOUCHED;
            judge(rule, node, undefined, concerned ? said : said & ~TRIGGERED);
          }
        }
      });
    },
    judgements: () =>
      rules.map(({ rule, automaton }, i): RuleJudgement => {
        const tally = tallies[i] as Tally;
        const undecided = ended !== "rest" && automaton.program.speaksOfEnd;
        return { rule, verdict: verdictOf(tally, undecided), ...tally };
      }),
  };
}

function verdictOf({ slices, triggered, violated }: Tally, undecided: boolean): RuleVerdict {
  if (violated > 0) return "certain-fail";
  if (undecided && slices > 0) return "unknown";
  return triggered > 0 ? "pass" : "vacuous";
}

/** Keeps the last event of each kind: few in a slice, so that a list is the quickest way. */
function remember({ events, kinds }: SliceNode, kind: EventKind, event: TraceEvent): void {
  const at = kinds.indexOf(kind);
  if (at >= 0) {
    events[at] = event;
    return;
  }
  kinds.push(kind);
  events.push(event);
}
