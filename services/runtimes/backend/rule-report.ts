import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { RuleReport, Sight } from "../../cli/judged.ts";
import { eventText } from "../../rules/event-text.ts";
import type { RuleJudgement } from "../../rules/judgement.ts";

/** An event as reports name it. */
export const sightOf = (event: TraceEvent): Sight => ({
  id: `${event.node}/${event.service}#${event.seq}`,
  text: eventText(event),
});

/** What a rule came to, in words. */
export function ruleReportOf({ rule, violations, ...judged }: RuleJudgement, profile: Profile): RuleReport {
  return {
    id: rule.id,
    title: rule.title,
    source: rule.source,
    profile: rule.profile,
    counts: rule.profile === "both" || rule.profile === profile,
    order: rule.order,
    verdict: judged.verdict,
    slices: judged.slices,
    triggered: judged.triggered,
    violated: judged.violated,
    ...(judged.untold !== undefined && { untold: judged.untold }),
    violations: violations.map(({ slice, certain, at, witnesses, broken }) => ({
      slice,
      certain,
      witnesses: witnesses.map(({ event }) => sightOf(event)),
      ...(at !== undefined && { at: sightOf(at) }),
      ...(broken !== undefined && { broken: [sightOf(broken.first), sightOf(broken.second)] as const }),
    })),
  };
}
