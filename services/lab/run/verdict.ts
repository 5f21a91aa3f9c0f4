import type { Experiment, ExpectedVerdict } from "../experiment.ts";
import { stepText, type ExpectationRecord, type FaultRecord, type StepRecord, type Verdict } from "./journal.ts";

/** What is known of a run when it is over. */
export interface Evidence {
  readonly steps: readonly StepRecord[];
  readonly faults: readonly FaultRecord[];
  readonly expectations: readonly ExpectationRecord[];
  readonly waiting: readonly string[];
  /** Nothing could move any more. */
  readonly stuck: boolean;
  /** Why the run was cut short. */
  readonly overBudget: string | undefined;
  /** A fault could not be armed. */
  readonly notArmed: string | undefined;
  readonly dropped: number;
}

/** An outcome and its reasons, most important first. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/**
 * What a run came to, by itself.
 *
 * Nothing is green without evidence, and nothing is red on evidence that is missing: a fault that never fired, events that
 * were dropped and a budget that ended make a run inconclusive also where something looks wrong, for that may be why
 * (facts/experiments F8). A world that is stuck is the exception: no missing event makes it move.
 */
export function judgeRun(experiment: Pick<Experiment, "requireFaultFired">, evidence: Evidence): Judgement {
  const { steps, faults, expectations, stuck, waiting } = evidence;
  const stuckWhy = stuck ? [`nothing could move any more; waiting: ${waiting.join("; ") || "nobody"}`] : [];
  const unfired = experiment.requireFaultFired ? faults.filter(({ fired }) => fired === 0).map(unfiredText) : [];
  const missing = [
    ...(evidence.notArmed === undefined ? [] : [`a fault could not be armed: ${evidence.notArmed}`]),
    ...(evidence.overBudget === undefined
      ? []
      : [`${evidence.overBudget}${waiting.length === 0 ? "" : `; waiting: ${waiting.join("; ")}`}`]),
    ...(evidence.dropped === 0 ? [] : [`${evidence.dropped} events were lost before they were taken`]),
    ...unfired,
  ];
  const wrong = [
    ...steps.flatMap((step) => (step.status === "mismatch" || step.status === "skipped" ? [wrongText(step)] : [])),
    ...expectations.flatMap((one) => (one.verdict === "fail" ? [expectationText(one)] : [])),
  ];
  const open = expectations.flatMap((one) => (one.verdict === "inconclusive" ? [expectationText(one)] : []));
  const reasons = [...stuckWhy, ...missing, ...wrong, ...open];
  if (stuck) return { verdict: "fail", reasons };
  if (missing.length > 0) return { verdict: "inconclusive", reasons };
  if (wrong.length > 0) return { verdict: "fail", reasons };
  return { verdict: open.length > 0 ? "inconclusive" : "pass", reasons };
}

/** What counts, given what the experiment expects to come out. */
export function againstExpected(expected: ExpectedVerdict, { verdict, reasons }: Judgement): Judgement {
  switch (expected) {
    case "pass":
      return { verdict, reasons };
    case "fail":
    case "knownFailing": {
      if (verdict === "inconclusive") return { verdict, reasons };
      if (verdict === "fail")
        return { verdict: "pass", reasons: [`fails, as expected: ${reasons[0] ?? ""}`, ...reasons.slice(1)] };
      const why =
        expected === "fail"
          ? "it passes, though it is expected to fail"
          : "it passes, though it is marked as known to fail: take the mark away";
      return { verdict: "fail", reasons: [why] };
    }
    case "inconclusive":
      return verdict === "inconclusive"
        ? { verdict: "pass", reasons: [`is inconclusive, as expected: ${reasons[0] ?? ""}`, ...reasons.slice(1)] }
        : { verdict: "fail", reasons: [`it is ${verdict}, though it is expected to be inconclusive`, ...reasons] };
  }
}

function unfiredText({ id, point, crossings, matched }: FaultRecord): string {
  const why =
    crossings === 0
      ? `${point} was never called`
      : matched === 0
        ? `none of ${crossings} crossings matched`
        : `${matched} of ${crossings} crossings matched, none was selected`;
  return `the fault ${id} never fired: ${why}`;
}

function wrongText(step: StepRecord): string {
  const { path, status, expected, actual, note } = step;
  const what =
    status === "skipped" ? `skipped, ${note ?? ""}` : (note ?? `expected ${expected ?? ""}, got ${actual ?? ""}`);
  return `${path}, ${stepText(step)}: ${what}`;
}

const expectationText = ({ path, title, why }: ExpectationRecord): string => `${path}, ${title}: ${why ?? ""}`;
