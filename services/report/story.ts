import { eventText } from "../rules/event-text.ts";
import type { RuleJudgement, RuleVerdict, Violation } from "../rules/judgement.ts";
import { brokenRules, counts, type FaultEvidence } from "./evidence.ts";
import type { RunInput } from "./input.ts";
import { plural } from "./words.ts";

/** What a page, a line of JUnit and a summary say first. */
export interface Story {
  /** `FAIL SOCK-07 (documented) on frees-at-release, seed 0x5eed01, 1 fault of 1 fired`. */
  readonly headline: string;
  /** What happened, in one sentence. */
  readonly sentence: string;
}

/** How a verdict on a rule reads. */
export const RULE_WORDS: Readonly<Record<RuleVerdict, string>> = {
  pass: "pass",
  "certain-fail": "certain fail",
  "possible-fail": "possible fail",
  unknown: "unknown",
  vacuous: "vacuous",
};

/** Where and by what a rule was broken, in one sentence. */
export function violationText({ rule }: RuleJudgement, violation: Violation | undefined): string {
  if (violation === undefined) return rule.title;
  const { slice, at, broken } = violation;
  const about = slice === "" ? "" : ` (${slice})`;
  const when = at === undefined ? "at the end of the run" : `at ${eventText(at)}`;
  const order = broken === undefined ? when : `${eventText(broken.first)} came before ${eventText(broken.second)}`;
  return `${rule.title.replace(/\.$/, "")}. That is broken here${about}: ${order}`;
}

/** Begins large where it begins with a word and not with a name, and ends in a full stop. */
export function sentenceOf(text: string): string {
  const begun = text.replace(
    /^(the|a|an|it|is|nothing|none|nobody|fails|of|this) /,
    (word) => word.slice(0, 1).toUpperCase() + word.slice(1),
  );
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** The verdict of a run, as a headline and in words. */
export function storyOf({ journal, judgements }: RunInput, evidence: readonly FaultEvidence[]): Story {
  const { verdict, profile, subject, seed, reasons, outcome } = journal;
  const broken = brokenRules(judgements, profile);
  const [first] = broken;
  const fired = evidence.filter(({ record }) => record.fired > 0).length;
  const faults = evidence.length === 0 ? "no fault" : `${fired} of ${plural(evidence.length, "fault")} fired`;
  const rules = broken.map(({ rule }) => rule.id);
  const named = rules.length > 3 ? `${rules.slice(0, 3).join(" ")} and ${rules.length - 3} more` : rules.join(" ");
  const what = named === "" ? journal.experiment : named;
  const headline = `${verdict.toUpperCase()} ${what} (${profile}) on ${subject.core}, seed ${seed}, ${faults}`;
  const sentence =
    first !== undefined && (outcome === "fail" || reasons.length === 0)
      ? `${verdict === "pass" ? "As expected, a rule is broken: " : ""}${violationText(first, first.violations[0])}`
      : (reasons[0] ?? passedText(journal, judgements, fired));
  return { headline, sentence: sentenceOf(sentence) };
}

function passedText(
  { steps, expectations, profile }: RunInput["journal"],
  judgements: readonly RuleJudgement[],
  fired: number,
): string {
  const held = judgements.filter((one) => counts(one, profile) && one.verdict === "pass").length;
  return [
    `${plural(steps.length, "step")} answered as expected`,
    ...(fired > 0 ? [`${plural(fired, "fault")} fired`] : []),
    ...(expectations.length > 0 ? [`${plural(expectations.length, "expectation")} held`] : []),
    ...(held > 0 ? [`${plural(held, "rule")} held`] : []),
  ].join(", ");
}
