import { suppressedText } from "../../boundary/faults/suppressed.ts";
import type { Experiment } from "../experiment.ts";
import {
  stepText,
  type ExpectationRecord,
  type FaultRecord,
  type JudgementRecord,
  type LookRecord,
  type SteadyRecord,
  type StepRecord,
  type SweepRecord,
  type Verdict,
} from "./journal.ts";

/** What is known of a run when it is over. */
export interface Evidence {
  /** Of the workload and of the method. */
  readonly steps: readonly StepRecord[];
  readonly steadyStates: SteadyRecord | undefined;
  readonly faults: readonly FaultRecord[];
  /** Which run of its sweep it is. */
  readonly sweep: SweepRecord | undefined;
  readonly expectations: readonly ExpectationRecord[];
  readonly waiting: readonly string[];
  /** Nothing could move any more. */
  readonly stuck: boolean;
  /** Why the run was cut short. */
  readonly overBudget: string | undefined;
  /** A fault could not be armed. */
  readonly notArmed: string | undefined;
  readonly dropped: number;
  /** Those that count. */
  readonly judgements: readonly JudgementRecord[];
}

const ORIGINS: readonly JudgementRecord["origin"][] = ["user", "book", "contract"];

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
 * (facts/experiments F8). There are two exceptions. A world that is stuck: no missing event makes it move. And a rule that is
 * broken for certain: it looked at nothing but what did happen.
 */
export function judgeRun(
  experiment: Pick<Experiment, "requireFaultFired" | "invariants">,
  evidence: Evidence,
): Judgement {
  const { steps, faults, expectations, stuck, waiting, judgements } = evidence;
  const ended = endOfSweep(evidence);
  // What people wrote says more to people than what was made of the contract: that is named first.
  const inWords = [...judgements].sort((a, b) => ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin));
  const stuckWhy = stuck ? [`nothing could move any more; waiting: ${waiting.join("; ") || "nobody"}`] : [];
  const unfired = experiment.requireFaultFired
    ? faults.filter(({ id, fired }) => fired === 0 && id !== ended?.fault).map(unfiredText)
    : [];
  const before = unmetText("before the method", evidence.steadyStates?.before ?? []);
  const missing = [
    ...before.map((text) => `${text}; the method was not run`),
    ...(evidence.notArmed === undefined ? [] : [`a fault could not be armed: ${evidence.notArmed}`]),
    ...(evidence.overBudget === undefined
      ? []
      : [`${evidence.overBudget}${waiting.length === 0 ? "" : `; waiting: ${waiting.join("; ")}`}`]),
    ...(evidence.dropped === 0 ? [] : [`${evidence.dropped} events were lost before they were taken`]),
    ...unfired,
  ];
  const broken = inWords.filter(({ verdict }) => verdict === "certain-fail").map(brokenText);
  const undecided = inWords
    .filter(({ verdict }) => verdict === "possible-fail" || verdict === "unknown")
    .map(undecidedText);
  const strict = experiment.invariants.unknownIs === "fail";
  const wrong = [
    ...steps.flatMap((step) => (step.status === "mismatch" || step.status === "skipped" ? [wrongText(step)] : [])),
    ...deviations(evidence.steadyStates),
    ...expectations.flatMap((one) => (one.verdict === "fail" ? [expectationText(one)] : [])),
    ...(strict ? undecided : []),
  ];
  const open = [
    ...expectations.flatMap((one) => (one.verdict === "inconclusive" ? [expectationText(one)] : [])),
    ...(strict ? [] : undecided),
  ];
  const reasons = [...stuckWhy, ...broken, ...missing, ...wrong, ...open];
  if (stuck || broken.length > 0) return { verdict: "fail", reasons };
  if (missing.length > 0) return { verdict: "inconclusive", reasons };
  if (wrong.length > 0) return { verdict: "fail", reasons };
  if (open.length > 0) return { verdict: "inconclusive", reasons };
  return { verdict: "pass", reasons: ended === undefined ? reasons : [endText(ended)] };
}

/** The run in which a sweep finds no crossing more: that its fault does not strike is no doubt, once it has struck in the run before. */
const endOfSweep = ({ sweep, faults }: Evidence): SweepRecord | undefined =>
  sweep !== undefined && sweep.nth > 1 && faults.some(({ id, fired }) => id === sweep.fault && fired === 0)
    ? sweep
    : undefined;

const endText = ({ fault, nth }: SweepRecord): string =>
  `the sweep ends here: the fault ${fault} has no crossing ${nth} to strike`;

const unmetText = (when: string, looks: readonly LookRecord[]): string[] =>
  looks
    .filter(({ met }) => !met)
    .map(
      ({ probe, looks: what, expected, found }) =>
        `the steady state is not met ${when}: ${probe} (${what}) is ${found}, where ${expected} should be`,
    );

/** Where a steady state that was met before is met no more; empty where it is, or was not before. */
export function deviations(steady: SteadyRecord | undefined): string[] {
  if (steady === undefined || (steady.before ?? []).some(({ met }) => !met)) return [];
  return [
    ...steady.during.flatMap(({ first, unmet, looks }) =>
      first === undefined ? [] : unmetText(`on the way, ${unmet} of ${looks} times`, [first]),
    ),
    ...unmetText("after the method", steady.after ?? []),
  ];
}

/** Whether a step, an expectation or the steady state is not as it should be. */
export const isWrong = ({ steps, expectations, steadyStates }: Evidence): boolean =>
  steps.some(({ status }) => status === "mismatch" || status === "skipped") ||
  expectations.some(({ verdict }) => verdict === "fail") ||
  deviations(steadyStates).length > 0;

/** What counts, given what the experiment expects to come out. */
export function againstExpected(
  { verdict: expected, violates }: Pick<Experiment, "verdict" | "violates">,
  { verdict, reasons }: Judgement,
  judgements: readonly JudgementRecord[],
): Judgement {
  switch (expected) {
    case "pass":
      return { verdict, reasons };
    case "knownFlaky":
      return verdict === "fail"
        ? { verdict: "pass", reasons: [`fails, as it does at times: ${reasons[0] ?? ""}`, ...reasons.slice(1)] }
        : { verdict, reasons };
    case "fail":
    case "knownFailing": {
      if (verdict === "inconclusive") return { verdict, reasons };
      const strange = violates === undefined ? [] : strangeViolations(violates, judgements);
      if (strange.length > 0) return { verdict: "fail", reasons: [...strange, ...reasons] };
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

/**
 * What is wrong with the rules that are broken, where it is known which of them are. Those that were made of the contract follow
 * from what a bad core does, and come and go with its options: they need not be named, only what people wrote must be.
 */
function strangeViolations(violates: readonly string[], judgements: readonly JudgementRecord[]): string[] {
  const all = judgements.filter(({ verdict }) => verdict === "certain-fail");
  const broken = all.map(({ id }) => id);
  // A rule of the other profile cannot count here.
  const held = violates.filter((id) => !broken.includes(id) && judgements.some((one) => one.id === id));
  const others = all.filter(({ id, origin }) => origin !== "contract" && !violates.includes(id)).map(({ id }) => id);
  return [
    ...(held.length === 0
      ? []
      : [`${held.join(", ")} ${held.length === 1 ? "is" : "are"} expected to be broken, and held`]),
    ...(others.length === 0
      ? []
      : [`${others.join(", ")} ${others.length === 1 ? "is" : "are"} broken, which nobody expects`]),
  ];
}

function brokenText({ id, title, violations: [first], violated }: JudgementRecord): string {
  const where =
    first === undefined
      ? ""
      : ` (${[first.slice, `at ${first.at ?? "the end"}`].filter((text) => text !== "").join(", ")})`;
  return `${id} is broken${violated > 1 ? `, ${violated} times` : ""}${where}: ${title}`;
}

function undecidedText({ id, title, verdict }: JudgementRecord): string {
  const why =
    verdict === "unknown" ? "cannot be decided" : "is broken in some orders that the run allows, and not in others";
  return `${id} ${why}: ${title}`;
}

function unfiredText({ id, point, crossings, matched, suppressed }: FaultRecord): string {
  const why =
    crossings === 0
      ? `${point} was never called`
      : matched === 0
        ? `none of ${crossings} crossings matched${suppressed.when === 0 ? "" : ` when its formula held`}`
        : `${matched} of ${crossings} crossings matched, none was selected (${suppressedText(suppressed)})`;
  return `the fault ${id} never fired: ${why}`;
}

function wrongText(step: StepRecord): string {
  const { path, status, expected, actual, note } = step;
  const what =
    status === "skipped" ? `skipped, ${note ?? ""}` : (note ?? `expected ${expected ?? ""}, got ${actual ?? ""}`);
  return `${path}, ${stepText(step)}: ${what}`;
}

const expectationText = ({ path, title, why }: ExpectationRecord): string => `${path}, ${title}: ${why ?? ""}`;
