import { SEQS_PER_LIFE, type TraceEvent } from "../../abi/event.ts";
import type { Outcome } from "../../cli/backend.ts";
import { eventToLine } from "../../lab/trace-file.ts";
import { invalid } from "./invalid.ts";
import { readTrace } from "./trace-file.ts";

/** The events of one run, from all its files. */
export interface Merged {
  readonly events: readonly TraceEvent[];
  /** Events that stood in more than one place. */
  readonly duplicates: number;
  /** Events that the houses' counts miss, those before the first one included. */
  readonly missing: number;
  /** The houses that do not begin with their first event. */
  readonly beginLate: readonly string[];
}

const houseOf = ({ node, service }: TraceEvent): string => `${node}/${service}`;

/**
 * Reads the files of the processes of one run, in any order. An event is known by its house and that house's count; the same
 * one in two places counts once, and two that differ are no one run.
 */
export async function readMerged(
  files: readonly string[],
  onProgress: (events: number) => void,
  stop: AbortSignal,
): Promise<Outcome<Merged>> {
  const known = new Map<string, Map<number, { readonly event: TraceEvent; readonly file: string }>>();
  let [count, duplicates] = [0, 0];
  let problem: string | undefined;
  for (const file of files) {
    const read = await readTrace(
      file,
      (some) => {
        for (const event of some) {
          const house = known.get(houseOf(event)) ?? new Map<number, { event: TraceEvent; file: string }>();
          known.set(houseOf(event), house);
          const same = house.get(event.seq);
          if (same === undefined) house.set(event.seq, { event, file });
          else if (eventToLine(same.event) === eventToLine(event)) duplicates++;
          else
            problem ??= `${file}: it tells another event ${event.seq} of ${houseOf(event)} than ${same.file}; allowed are the files of one run`;
        }
        count += some.length;
        onProgress(count);
      },
      stop,
    );
    if (!read.ok) return read;
    if (problem !== undefined) return invalid(problem);
  }
  if (stop.aborted) return { ok: false, trouble: { kind: "broke", lines: ["check: stopped before it ended"] } };
  const events = [...known.values()].flatMap((house) => [...house.values()].map(({ event }) => event));
  return { ok: true, value: { events, duplicates, ...gapsIn(events) } };
}

/** Each house counts its events from 1 in its first life, without a gap in each: what is not there is missing. */
function gapsIn(events: readonly TraceEvent[]): Pick<Merged, "missing" | "beginLate"> {
  const lives = new Map<string, { house: string; life: number; first: number; last: number; count: number }>();
  for (const event of events) {
    const life = Math.floor(event.seq / SEQS_PER_LIFE);
    const key = `${houseOf(event)}#${life}`;
    const known = lives.get(key) ?? { house: houseOf(event), life, first: event.seq, last: event.seq, count: 0 };
    known.first = Math.min(known.first, event.seq);
    known.last = Math.max(known.last, event.seq);
    known.count++;
    lives.set(key, known);
  }
  const all = [...lives.values()];
  const before = ({ life, first }: { life: number; first: number }): number => (life === 0 ? first - 1 : 0);
  return {
    missing: all.reduce((sum, one) => sum + one.last - one.first + 1 - one.count + before(one), 0),
    beginLate: all.filter((one) => before(one) > 0).map(({ house }) => house),
  };
}
