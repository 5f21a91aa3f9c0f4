import { describe, expect, test } from "@jest/globals";
import { hash53 } from "../../services/abi/hash.ts";
import { histogramRows, latenciesOf, latencyText, type Latencies } from "../../services/abi/latencies.ts";

/** What somebody would compute who has never heard of histograms. */
function naive(samples: readonly number[]): Omit<Latencies, "buckets"> {
  const sorted = [...samples].sort((a, b) => a - b);
  const least = (share: number): number => sorted.find((_, i) => (i + 1) / sorted.length >= share) ?? NaN;
  return {
    count: sorted.length,
    min: Math.min(...sorted),
    avg: Math.round(sorted.reduce((sum, ns) => sum + ns, 0) / sorted.length),
    max: Math.max(...sorted),
    p50: least(0.5),
    p90: least(0.9),
    p99: least(0.99),
    p999: least(0.999),
  };
}

const drawn = (seed: number, count: number, highest: number): number[] =>
  Array.from({ length: count }, (_, i) => hash53(`${seed}/${i}`) % highest);

describe("latencies", () => {
  test("the statistics are those of a sorted list", () => {
    for (let seed = 0; seed < 60; seed++) {
      const samples = drawn(seed, 1 + (hash53(`count ${seed}`) % 1500), 10 ** (1 + (seed % 12)));
      const { buckets: _, ...statistics } = latenciesOf(samples) as Latencies;
      expect(statistics).toEqual(naive(samples));
    }
    expect(latenciesOf([])).toBeUndefined();
  });

  test("every sample is in one bucket, which is at most 1/128 of its length wide and lies beside no other one", () => {
    const samples = drawn(7, 4000, 5e9);
    const { buckets } = latenciesOf(samples) as Latencies;
    for (const { from, to, count } of buckets) {
      expect(count).toBe(samples.filter((ns) => ns >= from && ns < to).length);
      expect(to - from).toBeLessThanOrEqual(Math.max(1, from / 128));
    }
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length);
    expect(buckets.every(({ from }, i) => i === 0 || from >= (buckets[i - 1]?.to ?? 0))).toBe(true);
  });

  test("a picture has few rows, loses nobody, and says where rows are left out", () => {
    const all = latenciesOf([...drawn(1, 500, 1000).map((ns) => 20_000 + ns), 2e9, 2e9]) as Latencies;
    const part = latenciesOf([2e9, 2e9]) as Latencies;
    const rows = histogramRows(all.buckets, part.buckets);
    expect(rows.length).toBeLessThanOrEqual(16);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(502);
    expect(rows.at(-1)).toMatchObject({ count: 2, part: 2, gap: true });
    expect(rows.slice(0, -1).every((row) => row.part === 0)).toBe(true);
    expect(histogramRows(latenciesOf(drawn(3, 3000, 1e12))?.buckets ?? []).length).toBeLessThanOrEqual(16);
  });

  test("a length is told with three digits", () => {
    const told = [0, 999, 1000, 18_500, 999_999, 1.234e6, 73e6, 1.97e9, 12.3e9].map(latencyText);
    expect(told).toEqual(["0 ns", "999 ns", "1 µs", "18.5 µs", "1.00 ms", "1.23 ms", "73 ms", "1.97 s", "12.3 s"]);
  });
});
