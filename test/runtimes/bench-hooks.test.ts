import { expect, test } from "@jest/globals";
import { distributedRigs } from "../../services/runtimes/bench/distributed-rig.ts";
import { benchHooks } from "../../services/runtimes/bench/hooks.ts";
import type { Rigs, TracingMode, Way } from "../../services/runtimes/bench/rig.ts";
import { spreadOf } from "../../services/runtimes/bench/rounds.ts";

const MODES: readonly (TracingMode | undefined)[] = [undefined, "off", "on", "exporting"];
const never = new AbortController().signal;

/** A road on which nothing is measured but who was asked, and when. */
function paperRigs() {
  const asked: string[] = [];
  let closed = 0;
  const wayWith = (tracing: TracingMode | undefined): Way => ({
    tracing,
    call: () => new Promise((resolve) => setImmediate(resolve)),
    calleeCpuNs: () => 1000 * asked.length,
    begin: async () => void asked.push(`${tracing ?? "floor"} begins`),
    settle: async () => void asked.push(`${tracing ?? "floor"} settles`),
    ...(tracing === "exporting" && { lost: async () => ({ events: asked.length, spans: 0 }) }),
  });
  const rigs: Rigs = {
    rigs: ["unix", "tcp"].map((road) => ({
      runtime: "distributed",
      road,
      floorName: "a bare grpc-js stream",
      ways: MODES.map(wayWith),
      drive: (_way, program) => program(),
    })),
    close: async () => {
      closed++;
    },
  };
  return { make: async () => rigs, asked, closed: () => closed };
}

test("every road has its floor, and tracing off, on and exporting beside it, for each number of calls in flight", async () => {
  const paper = paperRigs();
  const { rows, notes } = await benchHooks(0.02, () => undefined, never, [paper.make]);
  expect(rows.map(({ road, inFlight, what }) => `${road} ${inFlight} ${what}`)).toEqual(
    ["unix", "tcp"].flatMap((road) =>
      [1, 16, 256].flatMap((inFlight) =>
        ["floor", "tracing off", "tracing on", "exporting"].map((what) => `${road} ${inFlight} ${what}`),
      ),
    ),
  );
  for (const row of rows) {
    expect(row.floor).toBe(row.tracing === undefined);
    expect(row.perSecond).toBeGreaterThan(0);
    expect(row.cpu.callerNs).toBeGreaterThanOrEqual(0);
    expect(row.cpu.calleeNs).toBeGreaterThanOrEqual(0);
    const isBeside = row.tracing === "on" || row.tracing === "exporting";
    expect(row.besideOff === undefined).toBe(!isBeside);
    for (const { median, low, high } of row.besideOff ? Object.values(row.besideOff) : []) {
      expect(low).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(high);
    }
  }
  expect(notes[0]).toBe("floor: a bare grpc-js stream (distributed)");
  expect(notes[1]).toMatch(/^unix, 1 in flight, exporting: \d+ events and 0 spans were too many$/);
  expect(paper.closed()).toBe(1);
});

test("rounds are measured in turns, each in the other order than the one before, and each pays for what it leaves behind", async () => {
  const paper = paperRigs();
  await benchHooks(0.02, () => undefined, never, [paper.make]);
  const order = ["floor", "off", "on", "exporting"];
  const round = (names: readonly string[]): string[] => names.flatMap((name) => [`${name} begins`, `${name} settles`]);
  // After each way was warmed up twice.
  expect(paper.asked.slice(16, 32)).toEqual([...round(order), ...round(order.toReversed())]);
});

test("who stops it stops it in the middle, and what it had started is ended", async () => {
  const paper = paperRigs();
  const stop = new AbortController();
  const doing = (what: string): void => {
    if (what === "hooks, distributed (tcp), 1 in flight") stop.abort();
  };
  await expect(benchHooks(0.02, doing, stop.signal, [paper.make])).rejects.toThrow(/abort/);
  expect(paper.closed()).toBe(1);
});

test("a spread is the median and the middle half", () => {
  expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
});

test("hooks are called for real on every road between processes, with every mode of tracing", async () => {
  const { rigs, close } = await distributedRigs();
  try {
    expect(rigs.map(({ road }) => road)).toEqual(["unix", "tcp", "mutual tls"]);
    for (const { ways } of rigs) {
      expect(ways.map(({ tracing }) => tracing)).toEqual(MODES);
      for (const way of ways) {
        await way.begin?.();
        for (let i = 0; i < 4; i++) await way.call(i % 2);
        await way.settle?.();
        expect(await way.lost?.()).toEqual(way.tracing === "exporting" ? { events: 0, spans: 0 } : undefined);
      }
    }
  } finally {
    await close();
  }
});
