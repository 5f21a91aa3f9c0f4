import type { TraceEvent } from "../../abi/event.ts";
import type { RuleJudgement, RuleVerdict, Violation } from "../judgement.ts";
import type { CompiledRules } from "./compile.ts";
import type { CompiledRule } from "./group.ts";
import { sliceText } from "./keys.ts";
import { seenIn } from "./slices.ts";
import { Watch, type Ended, type Tally } from "./watch.ts";
import { witnessesOf } from "./witness.ts";

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

/** Of more violations of a rule than these only the number is kept. */
export const VIOLATIONS_MAX = 16;

/** Starts to watch. No event is kept but the last of each kind in each slice. */
export function createMonitor(compiled: CompiledRules, { onViolation }: MonitorOptions = {}): Monitor {
  const { rules } = compiled;
  const violations = rules.map((): Violation[] => []);
  let ended: Ended | undefined;

  const surely = rules.map(() => false);

  const watch = new Watch(compiled, "last", (rule, node, at) => {
    if (!node.late) surely[rule.index] = true;
    const kept = violations[rule.index] ?? [];
    if (kept.length >= VIOLATIONS_MAX && onViolation === undefined) return;
    const slice = sliceText(compiled.groups[rule.group]?.keys ?? [], node.values);
    const before = seenIn(node).flatMap(({ event }) => (event === at ? [] : [event]));
    const certain = !node.late;
    const violation: Violation = { slice, certain, at, ...witnessesOf(rule, before, at, []) };
    if (kept.length < VIOLATIONS_MAX) kept.push(violation);
    onViolation?.(rule, violation);
  });

  return {
    take(event) {
      watch.take(event);
    },
    end(state) {
      if (ended === undefined && state === "rest") watch.end();
      ended ??= state;
    },
    judgements: () =>
      rules.map(({ rule, automaton, index }): RuleJudgement => {
        const tally = watch.tally(index) ?? { slices: 0, triggered: 0, violated: 0 };
        const undecided = ended !== "rest" && automaton.program.speaksOfEnd;
        const verdict = tally.violated > 0 && surely[index] !== true ? "unknown" : verdictOf(tally, undecided);
        return { rule, verdict, ...tally, violations: violations[index] ?? [] };
      }),
  };
}

/** @param undecided whether there are duties of which nobody knows whether they will be done. */
export function verdictOf({ slices, triggered, violated }: Tally, undecided: boolean): RuleVerdict {
  if (violated > 0) return "certain-fail";
  if (undecided && slices > 0) return "unknown";
  return triggered > 0 ? "pass" : "vacuous";
}
