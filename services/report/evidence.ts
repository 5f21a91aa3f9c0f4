import type { TraceEvent } from "../abi/event.ts";
import type { FaultRecord, Journal } from "../lab/run/journal.ts";
import type { RuleJudgement } from "../rules/judgement.ts";
import { answerText, isCallers } from "../telemetry/words.ts";
import { timeText } from "./words.ts";

/** What shows that a fault happened, and what came of it. */
export interface FaultEvidence {
  readonly record: FaultRecord;
  /** The events that it touched, in their order. */
  readonly firedAt: readonly TraceEvent[];
  /** What its caller got to see; undefined where the fault did not fire. */
  readonly seen: string | undefined;
  /** Whether the same call succeeded later; undefined where the fault did not fire. */
  readonly recovered: string | undefined;
}

/** What a fault did to the run that it was in: a cell of the matrix. */
const OUTCOME_CLASSES = [
  "not reached",
  "not fired",
  "masked",
  "detected",
  "violation",
  "hang",
  "crash",
  "undecided",
] as const;

/** One of these. */
export type OutcomeClass = (typeof OUTCOME_CLASSES)[number];

/** Whether a rule left its mark on an event; a blow bears the span of the crossing that it struck, not the rule's name. */
function marksOf({ id, point, rule }: FaultRecord, events: readonly TraceEvent[]): TraceEvent[] {
  const spans = new Set(events.filter((event) => event.point === point).map(({ span }) => span));
  return events.filter(
    (event) =>
      event.fault === id ||
      (event.point === "blow" && event.args["kind"] === rule.effect?.kind && spans.has(event.span)),
  );
}

/** The system call that all this happened in, as its task saw it end. */
function callOf(events: readonly TraceEvent[], trace: number): TraceEvent | undefined {
  return events.find((event) => event.trace === trace && event.service === "task" && event.phase === "exit");
}

function seenText(events: readonly TraceEvent[], firedAt: readonly TraceEvent[]): string {
  const ends = firedAt.filter((event) => event.phase === "exit" && isCallers(event));
  const [end] = ends.length > 0 ? ends : firedAt;
  if (end === undefined) return "nothing in the trace says so";
  const own = end.phase === "exit" ? `${end.service} got ${answerText(end) || "an answer"} from ${end.point}` : "";
  const call = callOf(events, end.trace);
  const above =
    call === undefined || call.span === end.span
      ? ""
      : `task ${call.slice["task"] ?? ""} got ${answerText(call) || "an answer"} from ${call.point}`;
  return [own, above].filter((text) => text !== "").join("; ") || "the caller was not told";
}

/** The first crossing of the same kind that began after the fault and went well; for a place, that it came back. */
function recoveredText(events: readonly TraceEvent[], { point }: FaultRecord, firedAt: readonly TraceEvent[]): string {
  const last = firedAt.at(-1);
  if (last === undefined) return "";
  const later = events.slice(events.indexOf(last) + 1);
  const place = firedAt.find((event) => event.point === "blow")?.args["place"];
  const back = later.find((event) => event.point === "place_up" && event.args["place"] === place);
  if (back !== undefined) return `yes: ${String(place)} was back at ${timeText(back.timeNs)}`;
  // A rule may name several points: what counts is the one that it struck.
  const struck = last.point === "blow" ? point : last.point;
  const next = later.find(
    (event) => event.point === struck && event.phase === "exit" && isCallers(event) && event.trace !== last.trace,
  );
  if (next === undefined) return `not tried: no ${struck} came after it`;
  const went = next.lost === undefined && (next.ret ?? 0) >= 0;
  return `${went ? "yes" : "no"}: the next ${struck} got ${answerText(next) || "an answer"} at ${timeText(next.timeNs)}`;
}

/** What the trace says of each fault. */
export function evidenceOf(faults: readonly FaultRecord[], events: readonly TraceEvent[]): FaultEvidence[] {
  return faults.map((record) => {
    const firedAt = marksOf(record, events);
    const fired = record.fired > 0;
    return {
      record,
      firedAt,
      seen: fired ? seenText(events, firedAt) : undefined,
      recovered: fired ? recoveredText(events, record, firedAt) : undefined,
    };
  });
}

/** Whether a rule counts in a run of a profile. */
export const counts = ({ rule }: Pick<RuleJudgement, "rule">, profile: Journal["profile"] | undefined): boolean =>
  rule.profile === "both" || profile === undefined || rule.profile === profile;

const ORIGINS = ["user", "book", "contract"];

/** What people wrote says more to people than what was made of the contract: that goes first. */
export const byOrigin = (a: RuleJudgement, b: RuleJudgement): number =>
  ORIGINS.indexOf(a.rule.origin) - ORIGINS.indexOf(b.rule.origin);

/** The rules that count and are broken in every order, those that people wrote first. */
export const brokenRules = (
  judgements: readonly RuleJudgement[],
  profile: Journal["profile"] | undefined,
): RuleJudgement[] => judgements.filter((one) => one.verdict === "certain-fail" && counts(one, profile)).sort(byOrigin);

/** What became of the world under a fault. */
export function outcomeClassOf(
  { record, firedAt }: Pick<FaultEvidence, "record" | "firedAt">,
  journal: Journal,
  judgements: readonly RuleJudgement[],
): OutcomeClass {
  if (record.crossings === 0) return "not reached";
  if (record.fired === 0) return "not fired";
  if (journal.reasons.some((reason) => reason.includes("ended by itself"))) return "crash";
  if (journal.outcome === "fail" && journal.waiting.length > 0) return "hang";
  if (journal.outcome === "fail" || brokenRules(judgements, journal.profile).length > 0) return "violation";
  if (journal.outcome === "inconclusive") return "undecided";
  const told = firedAt.some((event) => event.lost !== undefined || (event.ret ?? 0) < 0);
  return told ? "detected" : "masked";
}
