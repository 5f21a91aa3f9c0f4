import { DURATION_BOUNDS, type Labels, type Sample } from "./prometheus.ts";

/** Series of one family at most; what a further set of labels would count is counted as too many. */
const SERIES_MAX = 4096;

/** A family of counters. */
export interface Counters {
  add(labels: Labels, by?: number): void;
  samples(): Sample[];
  /** How often a new set of labels found no room. */
  tooMany(): number;
}

/** A family of histograms of durations. */
export interface Durations {
  observe(labels: Labels, ns: number): void;
  samples(): Sample[];
  tooMany(): number;
}

/** Finds a series by its labels, or makes it while there is room. */
function createTable<T>(make: () => T): {
  of(labels: Labels): T | undefined;
  entries(): IterableIterator<{ readonly labels: Labels; readonly value: T }>;
  tooMany(): number;
} {
  const series = new Map<string, { readonly labels: Labels; readonly value: T }>();
  let tooMany = 0;
  return {
    of(labels) {
      // Labels of one family always come in the same order, and none of their values has this character.
      let key = "";
      for (const name in labels) key += `${labels[name] ?? ""}\u0000`;
      const known = series.get(key);
      if (known !== undefined) return known.value;
      if (series.size >= SERIES_MAX) {
        tooMany++;
        return undefined;
      }
      const value = make();
      series.set(key, { labels, value });
      return value;
    },
    entries: () => series.values(),
    tooMany: () => tooMany,
  };
}

/** Makes a family of counters. */
export function createCounters(): Counters {
  const table = createTable(() => ({ count: 0 }));
  return {
    add(labels, by = 1) {
      const one = table.of(labels);
      if (one !== undefined) one.count += by;
    },
    samples: () => [...table.entries()].map(({ labels, value }) => ({ labels, value: value.count })),
    tooMany: () => table.tooMany(),
  };
}

/** Makes a family of histograms. */
export function createDurations(): Durations {
  const table = createTable(() => ({ counts: new Float64Array(DURATION_BOUNDS.length + 1), sumNs: 0 }));
  return {
    observe(labels, ns) {
      const one = table.of(labels);
      if (one === undefined) return;
      const seconds = ns / 1e9;
      let bucket = 0;
      while (bucket < DURATION_BOUNDS.length && seconds > (DURATION_BOUNDS[bucket] ?? 0)) bucket++;
      one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
      one.sumNs += ns;
    },
    samples: () =>
      [...table.entries()].map(({ labels, value }) => {
        let count = 0;
        const buckets = [...value.counts].map((inside) => (count += inside));
        return { labels, buckets, sum: value.sumNs / 1e9, count };
      }),
    tooMany: () => table.tooMany(),
  };
}
