import type { FaultRule } from "../abi/contract.generated.ts";
import { seatOf } from "../boundary/faults/cells.ts";
import { FAULT_POINTS, pointName } from "../boundary/faults/points.ts";
import type { Profile } from "../abi/profile.ts";
import type { Journal, Verdict } from "../lab/run/journal.ts";
import type { RuleJudgement, RuleVerdict } from "../rules/judgement.ts";
import { counts, evidenceOf, outcomeClassOf, type OutcomeClass } from "./evidence.ts";
import { baseNameOf, type RunInput } from "./input.ts";
import { storyOf } from "./story.ts";

/** A fault of a run, as a cell of the matrix shows it. */
export interface Cell {
  readonly fault: string;
  readonly point: string;
  readonly effect: string;
  readonly phase: string;
  readonly outcome: OutcomeClass;
  readonly fired: number;
}

/** What a rule came to in one run. */
export interface RuleLine {
  readonly id: string;
  readonly title: string;
  readonly verdict: RuleVerdict;
  readonly triggered: number;
  readonly violated: number;
  /** Whether it counts in this run. */
  readonly counts: boolean;
}

/** What is kept of a run when its page is written: all that the page over all runs, JUnit and the next time need. */
export interface RunSummary {
  readonly id: string;
  /** The name that its files begin with. */
  readonly base: string;
  readonly hasPage: boolean;
  /** Whether JUnit's file tells of it. */
  readonly inJunit: boolean;
  readonly file: string;
  /** Its name; of a run of a sweep with `nth=3` behind it. */
  readonly experiment: string;
  readonly title: string;
  readonly profile: Profile;
  readonly runtime: Journal["mode"];
  readonly seed: string;
  readonly core: string;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly sentence: string;
  readonly again: string;
  readonly events: number;
  readonly tookNs: number;
  readonly clock: Journal["clock"];
  readonly cells: readonly Cell[];
  readonly rules: readonly RuleLine[];
}

/** When an effect strikes: as the rule says, or where it belongs. */
function phaseOf({ point, effect, phase, side }: FaultRule): string {
  const place = FAULT_POINTS.find((one) => pointName(one) === point);
  if (phase !== undefined || place === undefined || effect?.kind === undefined) return phase ?? "";
  return seatOf(place, effect.kind, { side }).phase;
}

/** What a rule came to, as a line of a table. */
export const ruleLineOf = (one: RuleJudgement, profile: Profile): RuleLine => ({
  id: one.rule.id,
  title: one.rule.title,
  verdict: one.verdict,
  triggered: one.triggered,
  violated: one.violated,
  counts: counts(one, profile),
});

/** What is kept of a run. */
export function summaryOf(run: RunInput): RunSummary {
  const { journal, events, judgements, outputs, file } = run;
  const evidence = evidenceOf(journal.faults, events);
  const { id, experiment, title, profile, mode, seed, subject, verdict, repro, durationNs, clock } = journal;
  return {
    id,
    base: baseNameOf(journal),
    hasPage: outputs.has("html"),
    inJunit: outputs.has("junit"),
    file,
    experiment: journal.sweep === undefined ? experiment : `${experiment} nth=${journal.sweep.nth}`,
    title,
    profile,
    runtime: mode,
    seed,
    core: subject.core,
    verdict,
    ...storyOf(run, evidence),
    again: repro.cmd,
    events: journal.events,
    tookNs: durationNs,
    clock,
    cells: evidence.map((one) => ({
      fault: one.record.id,
      point: one.record.point,
      effect: one.record.rule.effect?.kind ?? "nothing",
      phase: phaseOf(one.record.rule),
      outcome: outcomeClassOf(one, journal, judgements),
      fired: one.record.fired,
    })),
    rules: judgements.map((one) => ruleLineOf(one, profile)),
  };
}
