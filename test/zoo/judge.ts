import type { Journal, JudgementRecord } from "../../services/lab/run/journal.ts";
import type { Broken, Sight } from "./job.ts";

const named = (judgements: readonly JudgementRecord[]): Broken[] => judgements.map(({ id, title }) => ({ id, title }));

/** What a run came to without its rules, and which rules it broke, for certain or perhaps. */
export function judge({
  steps,
  expectations,
  waiting,
  invariants,
}: Journal): Pick<Sight, "outcome" | "broken" | "doubtful"> {
  const { judgements } = invariants;
  const isWrong =
    waiting.length > 0 ||
    steps.some(({ status }) => status === "mismatch" || status === "skipped") ||
    expectations.some(({ verdict }) => verdict === "fail");
  return {
    outcome: isWrong ? "fail" : "pass",
    broken: named(judgements.filter(({ verdict }) => verdict === "certain-fail")),
    doubtful: named(judgements.filter(({ verdict }) => verdict === "possible-fail" || verdict === "unknown")),
  };
}
