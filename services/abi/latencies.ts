/** How long something took, many times: what a histogram is drawn of. Plain data, as a journal keeps it; all times in nanoseconds. */
export interface Latencies {
  readonly count: number;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  /** How many there were of which length: those that are not empty, the shortest first. */
  readonly buckets: readonly Bucket[];
}

/** So many took at least `from` and less than `to`. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What can be said of latencies in one number. */
export const STATISTICS = ["count", "min", "avg", "max", "p50", "p90", "p99", "p999"] as const;

/** One of them. */
export type Statistic = (typeof STATISTICS)[number];

/** How people say a statistic: `p99.9`. */
export const statisticText = (statistic: Statistic): string => (statistic === "p999" ? "p99.9" : statistic);

/** Parts that a doubling of the length is divided into, a power of two: a bucket is at most 1/128 of its length wide. */
const PARTS = 128;
const PARTS_LOG = 7;

/** The smallest number of which at most so many of a thousand are not at most as large: the nearest rank. @param sorted not empty. */
function percentile(sorted: ArrayLike<number>, perMille: number): number {
  const rank = Math.max(1, Math.ceil((sorted.length * perMille) / 1000));
  return sorted[rank - 1] ?? NaN;
}

/** The bucket of a length: exact below 2 * PARTS, then PARTS of them in each doubling. */
function bucketOf(ns: number): { readonly from: number; readonly to: number } {
  if (ns < 2 * PARTS) return { from: ns, to: ns + 1 };
  const width = 2 ** (Math.floor(Math.log2(ns)) - PARTS_LOG);
  const from = Math.floor(ns / width) * width;
  return { from, to: from + width };
}

/**
 * The statistics of some lengths, in whole nanoseconds; undefined where there are none. Percentiles are exact (nearest rank): who
 * asks has all samples, so nothing is gained by reading them off the buckets.
 */
export function latenciesOf(samples: readonly number[]): Latencies | undefined {
  if (samples.length === 0) return undefined;
  const sorted = Float64Array.from(samples, (ns) => Math.max(0, Math.round(ns))).sort();
  const buckets: { from: number; to: number; count: number }[] = [];
  let sum = 0;
  for (const ns of sorted) {
    sum += ns;
    const last = buckets.at(-1);
    if (last !== undefined && ns < last.to) last.count++;
    else buckets.push({ ...bucketOf(ns), count: 1 });
  }
  return {
    count: sorted.length,
    min: sorted[0] ?? NaN,
    avg: Math.round(sum / sorted.length),
    max: sorted.at(-1) ?? NaN,
    p50: percentile(sorted, 500),
    p90: percentile(sorted, 900),
    p99: percentile(sorted, 990),
    p999: percentile(sorted, 999),
    buckets,
  };
}

/** A row of a picture: all from `from` on and below `to`, and how many of them are of the part that is told apart. */
export interface HistogramRow extends Bucket {
  /** How many of them belong to the part. */
  readonly part: number;
  /** Whether rows without anything were left out before this one. */
  readonly gap: boolean;
}

/** The rows of a division into `parts` of each doubling; with a negative number, of so many doublings in one row. */
function divided(all: readonly Bucket[], part: readonly Bucket[], parts: number): HistogramRow[] {
  const edge = (ns: number): number => {
    if (parts < 1) {
      const together = -parts;
      return ns < 1 ? 0 : 2 ** (Math.floor(Math.log2(ns) / together) * together);
    }
    const width = Math.max(1, 2 ** Math.floor(Math.log2(Math.max(ns, 1))) / parts);
    return Math.floor(ns / width) * width;
  };
  const end = (from: number): number => {
    if (parts < 1) return from < 1 ? 1 : from * 2 ** -parts;
    return from + Math.max(1, 2 ** Math.floor(Math.log2(Math.max(from, 1))) / parts);
  };
  const rows = new Map<number, { from: number; to: number; count: number; part: number; gap: boolean }>();
  let last: number | undefined;
  for (const { from, count } of all) {
    const at = edge(from);
    const row = rows.get(at) ?? { from: at, to: end(at), count: 0, part: 0, gap: last !== undefined && at > last };
    row.count += count;
    rows.set(at, row);
    last = row.to;
  }
  for (const { from, count } of part) {
    const row = rows.get(edge(from));
    if (row !== undefined) row.part += count;
  }
  return [...rows.values()];
}

/**
 * Few rows for a picture, as fine as so many allow: each doubling of the length is divided into the same number of parts. Rows
 * without anything are left out.
 *
 * @param part buckets that are counted in `all` too, and are told apart in the picture.
 */
export function histogramRows(
  all: readonly Bucket[],
  part: readonly Bucket[] = [],
  most = 16,
): readonly HistogramRow[] {
  const tries = [PARTS, 64, 32, 16, 8, 4, 2, 1, -2, -4, -8, -64];
  for (const parts of tries) {
    const rows = divided(all, part, parts);
    if (rows.length <= most || parts === tries.at(-1)) return rows;
  }
  return [];
}

/** A length as people compare it: with three digits, in the unit that reads best. */
export function latencyText(ns: number): string {
  for (const [unit, scale] of [
    ["ns", 1],
    ["µs", 1e3],
    ["ms", 1e6],
  ] as const) {
    if (Number((ns / scale).toPrecision(3)) < 1000) return `${threeDigits(ns / scale)} ${unit}`;
  }
  return `${threeDigits(ns / 1e9)} s`;
}

const threeDigits = (value: number): string =>
  Number.isInteger(value) && value < 1000 ? `${value}` : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
