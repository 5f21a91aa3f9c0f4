import type { TraceEvent } from "../../services/abi/event.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { BOOK } from "../../services/rules/book/book.ts";
import { causality } from "../../services/rules/causality.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import type { RuleJudgement, RuleVerdict } from "../../services/rules/judgement.ts";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import type { RuleSet } from "../../services/lab/run/rules.ts";
import { createMonitor } from "../../services/rules/monitor/monitor.ts";
import type { Rule } from "../../services/rules/rule.ts";

/** The rules that count under a profile, as a judge of traces. */
export interface Judge {
  readonly rules: readonly Rule[];
  /** For a run: it is judged once, by cause and effect, when it is over. */
  readonly ruleSet: RuleSet;
  /** As they come, in that one order. */
  live(events: readonly TraceEvent[]): readonly RuleJudgement[];
  /** By cause and effect alone. */
  byCause(events: readonly TraceEvent[]): readonly RuleJudgement[];
}

/** Whether the trace says that the world came to rest at its end. */
const endOf = (events: readonly TraceEvent[]): "rest" | "cut" =>
  events.some(({ point, args }) => point === "run_end" && args["quiet"] === true) ? "rest" : "cut";

/** @param only these rules, for an alarm that is made smaller. */
export function createJudge(profile: Profile, only?: (rule: Rule) => boolean): Judge {
  const rules = BOOK.filter((rule) => (rule.profile === "both" || rule.profile === profile) && (only?.(rule) ?? true));
  const compiled = compileRules(rules);
  return {
    rules,
    ruleSet: {
      rules,
      judge: (causes, end) => judgeTrace(compiled, causes, end),
      live: () => ({ take: () => undefined }),
    },
    live(events) {
      const monitor = createMonitor(compiled);
      for (const event of events) monitor.take(event);
      monitor.end(endOf(events));
      return monitor.judgements();
    },
    byCause: (events) => judgeTrace(compiled, causality(events), { ended: endOf(events), missing: 0 }),
  };
}

/** The verdicts by the id of the rule. */
export const verdictsOf = (judgements: readonly RuleJudgement[]): Map<string, RuleVerdict> =>
  new Map(judgements.map(({ rule, verdict }) => [rule.id, verdict]));

/** Those that say that something is wrong. */
export const failing = (judgements: readonly RuleJudgement[], verdict: RuleVerdict = "certain-fail"): RuleJudgement[] =>
  judgements.filter((one) => one.verdict === verdict);

/** A violation in one line. */
export function violationText({ rule, violations }: RuleJudgement): string {
  const [first] = violations;
  const seen = first?.witnesses.map(({ event, atom }) => `${atom}@${event.node}/${event.service}#${event.seq}`) ?? [];
  const at = first?.at;
  return `${rule.id} slice ${first?.slice ?? "?"} at ${at === undefined ? "the end" : `${at.node}/${at.service}:${at.point}.${at.phase}#${at.seq} ret=${String(at.ret)} lost=${String(at.lost)}`} after ${seen.join(", ")}`;
}
