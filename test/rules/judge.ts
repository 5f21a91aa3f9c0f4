import type { TraceEvent } from "../../services/abi/event.ts";
import type { Profile } from "../../services/abi/profile.ts";
import type { RuleSet } from "../../services/lab/run/rules.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { causality } from "../../services/rules/causality.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import type { RuleJudgement } from "../../services/rules/judgement.ts";
import { ruleProblems } from "../../services/rules/language/check.ts";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import type { Rule } from "../../services/rules/rule.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { shipped } from "../lab/written.ts";

/** Judges nothing: for who wants the events of a run alone. */
export const UNJUDGED: RuleSet = { rules: [], judge: () => [], live: () => ({ take: () => undefined }) };

/** A rule of which a test says only what matters to it. */
export function ruleOf(formula: string, forall: readonly string[] = [], rest: Partial<Rule> = {}): Rule {
  const id = rest.id ?? "T-1";
  const title = `${id} holds`;
  return { id, title, forall, formula, profile: "both", source: "a test", order: "observed", origin: "user", ...rest };
}

/** The events of one run of an experiment that we ship, in simulation. */
export async function simulated(
  file: string,
  profile: Profile,
  seed = 1n,
  core?: string,
): Promise<readonly TraceEvent[]> {
  const experiment = shipped(file);
  const subject = core ?? experiment.core;
  const world = createSimulatedWorld({
    seed,
    profile,
    topology: experiment.topology,
    ...(subject !== "reference" && { mutant: subject }),
  });
  const { events } = await runExperiment(experiment, world, { rules: UNJUDGED });
  await world.stop();
  return events;
}

/** What rules come to over events that ended at rest; rules that are not sound are refused with their lines. */
export function judged(rules: readonly Rule[], events: readonly TraceEvent[]): readonly RuleJudgement[] {
  const problems = rules.flatMap((rule) => ruleProblems(rule).map((problem) => ({ rule: rule.id, ...problem })));
  if (problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 2));
  return judgeTrace(compileRules(rules), causality(events), { ended: "rest", missing: 0 });
}
