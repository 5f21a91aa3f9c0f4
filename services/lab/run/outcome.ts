import { CONTRACT, type PointName } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { ofCaller } from "../../rules/atoms/evaluate.ts";
import type { FaultCounts } from "./faults.ts";
import type { Coverage, FaultRecord, OutcomeClass, RunStatus } from "./journal.ts";
import { eventId } from "./rules.ts";

/** Whether a call that ended so went wrong for who made it. */
const wentWrong = ({ ret, lost }: TraceEvent): boolean => lost !== undefined || (ret ?? 0) < 0;

const isCallersExit = (event: TraceEvent): boolean => event.phase === "exit" && ofCaller(event);

const hex = (span: number): string => span.toString(16).padStart(16, "0");

/** The events that a fault left its mark on; a blow stands in the span of the crossing that it struck. */
function marksOf({ id, rule }: FaultCounts, events: readonly TraceEvent[]): readonly TraceEvent[] {
  const kind = rule.effect?.kind;
  return events.filter(
    (event) =>
      event.fault === id ||
      // What was struck may never answer, so that no end of a crossing can bear the mark.
      (event.point === "blow" && event.fault === undefined && event.args["kind"] === kind),
  );
}

/** What a fault did, with the events that show it. */
export function faultRecordOf(counts: FaultCounts, events: readonly TraceEvent[]): FaultRecord {
  const marks = counts.fired === 0 ? [] : marksOf(counts, events);
  const last = marks.at(-1);
  const traces = new Set(marks.map(({ trace }) => trace));
  const observed = events.some((event) => traces.has(event.trace) && isCallersExit(event) && wentWrong(event));
  const next =
    last &&
    events
      .slice(events.indexOf(last) + 1)
      .find((event) => event.point === last.point && isCallersExit(event) && event.span !== last.span);
  return {
    ...counts,
    firedAt: marks.map((event) => ({ event: eventId(event), span: hex(event.span) })),
    observed,
    ...(next && { recovered: !wentWrong(next) }),
  };
}

/** Facts that tell of a loss that was dealt with. */
const MENDING: ReadonlySet<string> = new Set([
  "retry",
  "repeated",
  "compensate",
  "place_down",
  "oob_deferred",
  "ring_mended",
  "oob_lapse",
]);

/** What is known of a run when its class is looked for. */
export interface Outcomes {
  readonly status: RunStatus;
  readonly waiting: readonly string[];
  /** A rule that counts is broken for certain. */
  readonly broken: boolean;
  /** A step, an expectation or the steady state is not as it should be. */
  readonly wrong: boolean;
  readonly faults: readonly FaultRecord[];
  readonly events: readonly TraceEvent[];
}

/** The class of a run; what each of them means stands with the type. */
export function outcomeClassOf({ status, waiting, broken, wrong, faults, events }: Outcomes): OutcomeClass {
  if (status === "cut") return "crash";
  if (status === "stuck" || (status === "over-budget" && waiting.length > 0)) return "hang";
  if (broken) return "violation";
  if (wrong) return "silent-wrong";
  const struck = faults.filter(({ fired }) => fired > 0);
  if (struck.length === 0) return "not-activated";
  const ids = new Set(struck.flatMap(({ firedAt }) => firedAt.map(({ event }) => event)));
  const marks = events.filter((event) => ids.has(eventId(event)));
  const traces = new Set(marks.map(({ trace }) => trace));
  const touched = events.filter(({ trace }) => traces.has(trace));
  if (touched.some((event) => event.service === "task" && isCallersExit(event) && wentWrong(event))) return "detected";
  const mended = events.some(({ point }) => MENDING.has(point)) || touched.some(({ lost }) => lost !== undefined);
  return mended ? "degraded" : "masked";
}

const THINGS = ["sk", "file", "frame"] as const;

/** What a run reached. */
export function coverageOf(events: readonly TraceEvent[]): Coverage {
  const points: Record<string, number> = {};
  const pairs: Record<string, number> = {};
  const last = new Map<string, string>();
  for (const event of events) {
    if (event.phase !== "enter" || !ofCaller(event)) continue;
    points[event.point] = (points[event.point] ?? 0) + 1;
    if (CONTRACT[event.point as PointName].kind !== "hook") continue;
    for (const key of THINGS) {
      const value = event.slice[key];
      if (value === undefined) continue;
      const thing = `${event.node} ${key} ${value}`;
      const before = last.get(thing);
      last.set(thing, event.point);
      if (before === undefined) continue;
      const pair = `${before} > ${event.point}`;
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
  }
  return { points, pairs };
}
