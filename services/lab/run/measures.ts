import type { TraceEvent } from "../../abi/event.ts";
import { latenciesOf, type Latencies, type Statistic } from "../../abi/latencies.ts";
import { durationText } from "../../abi/units.ts";
import { compare, fieldOf, matches } from "../../rules/atoms/evaluate.ts";
import type { Bound, Measure, MeasureExpectation, MeasurePhase } from "../experiment.ts";
import type { Runtime } from "../world.ts";
import type { ExpectationRecord, MeasureRecord } from "./journal.ts";

/** A time in which the in-band stage of a node stood still. */
interface Frozen {
  readonly fromNs: number;
  readonly toNs: number;
}

/** One time that what is measured happened. */
interface Sample {
  readonly fromNs: number;
  readonly toNs: number;
}

/** When in-band stages stood still, of whichever nodes. */
function frozenIn(events: readonly TraceEvent[]): readonly Frozen[] {
  const frozen: { place: unknown; fromNs: number; toNs: number }[] = [];
  for (const { point, phase, args, timeNs } of events) {
    if (phase !== "fact") continue;
    if (point === "stage_freeze") frozen.push({ place: args["place"], fromNs: timeNs, toNs: Infinity });
    const open = frozen.findLast(({ place, toNs }) => place === args["place"] && toNs === Infinity);
    if (point === "stage_thaw" && open !== undefined) open.toNs = timeNs;
  }
  return frozen;
}

function phaseOf({ fromNs, toNs }: Sample, frozen: readonly Frozen[]): MeasurePhase {
  if (frozen.some((one) => fromNs < one.toNs && toNs > one.fromNs)) return "during";
  return frozen.some((one) => fromNs >= one.toNs) ? "after" : "before";
}

/** What an event is told apart by from others that are measured. */
const keyOf = (event: TraceEvent, per: readonly string[]): string =>
  per.map((field) => String(field === "trace" ? event.trace : fieldOf(event, field))).join(" ");

function samplesOf({ from, to, per }: Measure, events: readonly TraceEvent[]) {
  const open = new Map<string, number>();
  const samples: Sample[] = [];
  let unfinished = 0;
  for (const event of events) {
    if (matches(event, to)) {
      const key = keyOf(event, per);
      const fromNs = open.get(key);
      // Between the clocks of two threads there may be some nanoseconds: nothing takes less than no time.
      if (fromNs !== undefined) samples.push({ fromNs, toNs: Math.max(fromNs, event.timeNs) });
      open.delete(key);
    }
    if (matches(event, from)) {
      const key = keyOf(event, per);
      if (open.has(key)) unfinished++;
      open.set(key, event.timeNs);
    }
  }
  return { samples, unfinished: unfinished + open.size };
}

/**
 * What measures came to, from the times of events.
 *
 * @param events all of a run, in an order that no cause contradicts.
 */
export function measureEvents(measures: readonly Measure[], events: readonly TraceEvent[]): MeasureRecord[] {
  if (measures.length === 0) return [];
  const frozen = frozenIn(events);
  return measures.map((measure) => {
    const { samples, unfinished } = samplesOf(measure, events);
    const phases = samples.map((sample) => phaseOf(sample, frozen));
    const lengths = samples.map(({ fromNs, toNs }) => toNs - fromNs);
    const of = (phase: MeasurePhase): Latencies | undefined =>
      frozen.length === 0 ? undefined : latenciesOf(lengths.filter((_, i) => phases[i] === phase));
    const [all, before, during, after] = [latenciesOf(lengths), of("before"), of("during"), of("after")];
    const { name, title, from, to } = measure;
    return {
      name,
      ...(title !== undefined && { title }),
      from: from.text,
      to: to.text,
      unfinished,
      ...(all && { all }),
      ...(before && { before }),
      ...(during && { during }),
      ...(after && { after }),
    };
  });
}

const textOf = (statistic: Statistic, value: number): string =>
  statistic === "count" ? `${value}` : durationText(Math.round(value));

/** Whether measures came to what they must, in this runtime; what is not asked in it is left out. */
export const judgeMeasures = (
  expectations: readonly MeasureExpectation[],
  records: readonly MeasureRecord[],
  runtime: Runtime,
): ExpectationRecord[] =>
  expectations.flatMap((expectation) =>
    (expectation.bounds[runtime] ?? []).map((bound) => judge(expectation, bound, records)),
  );

function judge(expectation: MeasureExpectation, bound: Bound, records: readonly MeasureRecord[]): ExpectationRecord {
  const { measure, phase, statistic, path, line, title } = expectation;
  const valueOf = (name: string, when: MeasurePhase): number | undefined => {
    const record = records.find((one) => one.name === name);
    return record?.[when]?.[statistic] ?? (statistic === "count" ? 0 : undefined);
  };
  const found = valueOf(measure, phase);
  const beside = bound.of && valueOf(bound.of.measure ?? measure, bound.of.phase);
  const base = { path, line, title: `${title} ${bound.text}` };
  // Nothing is green without evidence.
  if (found === undefined) return { ...base, verdict: "fail", why: "nothing of it was measured" };
  if (bound.of !== undefined && beside === undefined)
    return { ...base, verdict: "fail", why: "nothing was measured of what it is compared with" };
  const wanted = bound.factor * (beside ?? 0) + bound.plus;
  if (compare(found, bound.operator, wanted)) return { ...base, verdict: "pass" };
  const why = `it is ${textOf(statistic, found)} (${found}), where ${bound.operator} ${textOf(statistic, wanted)} (${wanted}) should be`;
  return { ...base, verdict: "fail", why };
}
