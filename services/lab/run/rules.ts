import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { Causality } from "../../rules/causality.ts";
import { judgeTrace } from "../../rules/check.ts";
import type { RuleJudgement } from "../../rules/judgement.ts";
import { compileRules, type CompiledRules } from "../../rules/monitor/compile.ts";
import { createMonitor } from "../../rules/monitor/monitor.ts";
import type { Rule } from "../../rules/rule.ts";
import { counts } from "../invariants.ts";
import type { InvariantsRecord, JudgementRecord } from "./journal.ts";

/** How a run ended, for its rules. */
interface RunEnd {
  readonly ended: "rest" | "cut";
  /** How many events are missing. */
  readonly missing: number;
}

/** Rules that are ready to judge runs. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Over all that happened, by cause and effect. */
  judge(causes: Causality, end: RunEnd): readonly RuleJudgement[];
  /** While it happens, in the order of arrival; calls back when a rule seems to be broken. */
  live(onBroken: (rule: Rule, event: TraceEvent | undefined) => void): { take(event: TraceEvent): void };
}

/** Makes rules ready, when they are first asked to judge. They must be sound. */
export function createRuleSet(rules: readonly Rule[]): RuleSet {
  let known: CompiledRules | undefined;
  const compiled = (): CompiledRules => (known ??= compileRules(rules));
  return {
    rules,
    judge: (causes, end) => judgeTrace(compiled(), causes, end),
    live: (onBroken) => createMonitor(compiled(), { onViolation: ({ rule }, { at }) => onBroken(rule, at) }),
  };
}

/**
 * Some rules of a set and others besides, in the order of `rules`. What was worked out for the set serves these, too: its other
 * rules are judged with them, which costs less than to make a few of them ready anew.
 */
export function chooseRules(rules: readonly Rule[], from: RuleSet): RuleSet {
  const wanted = new Set(rules);
  const known = new Set(from.rules);
  const others = createRuleSet(rules.filter((rule) => !known.has(rule)));
  return {
    rules,
    judge(causes, end) {
      const judged = [...from.judge(causes, end), ...(others.rules.length > 0 ? others.judge(causes, end) : [])];
      const byRule = new Map(judged.map((one) => [one.rule, one]));
      return rules.flatMap((rule) => byRule.get(rule) ?? []);
    },
    live(onBroken) {
      const monitors = [
        from.live((rule, event) => {
          if (wanted.has(rule)) onBroken(rule, event);
        }),
        ...(others.rules.length > 0 ? [others.live(onBroken)] : []),
      ];
      return {
        take(event) {
          for (const monitor of monitors) monitor.take(event);
        },
      };
    },
  };
}

const recordOf = ({ rule, verdict, slices, triggered, violated, violations }: RuleJudgement): JudgementRecord => ({
  id: rule.id,
  title: rule.title,
  origin: rule.origin,
  profile: rule.profile,
  verdict,
  slices,
  triggered,
  violated,
  violations: violations.map((one) => ({
    slice: one.slice,
    certain: one.certain,
    ...(one.at !== undefined && { at: eventId(one.at) }),
    witnesses: one.witnesses.map(({ event, atom }) => ({ event: eventId(event), atom })),
    ...(one.broken !== undefined && { broken: [eventId(one.broken.first), eventId(one.broken.second)] as const }),
  })),
});

/** An event as a journal names it: `alpha/vfs#12`, the twelfth that the house recorded. */
export const eventId = ({ node, service, seq }: TraceEvent): string => `${node}/${service}#${seq}`;

/** What the rules came to, those that count apart from those of the other profile. */
export function recordRules(judgements: readonly RuleJudgement[], profile: Profile): Omit<InvariantsRecord, "alarms"> {
  return {
    profile,
    judgements: judgements.filter(({ rule }) => counts(rule, profile)).map(recordOf),
    other: judgements.filter(({ rule }) => !counts(rule, profile)).map(recordOf),
  };
}
