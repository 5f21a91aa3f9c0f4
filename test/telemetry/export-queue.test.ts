import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Span } from "../../services/telemetry/span.ts";
import { spansOf } from "../../services/telemetry/spans.ts";
import { createExportQueue } from "../../services/runtimes/telemetry/export-queue.ts";
import { collectorUrl } from "../../services/runtimes/telemetry/otlp.ts";
import { openedFile, WORLD } from "./sketch.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const trace: readonly Span[] = spansOf(openedFile(100), WORLD);
const offered = (queue: ReturnType<typeof createExportQueue>, traces: number): number => {
  let written = 0;
  for (let i = 0; i < traces; i++) {
    queue.offer(trace.length, () => {
      written++;
      return trace;
    });
  }
  return written;
};

/** Somebody who takes batches when the test says so. */
function slowSend() {
  const batches: (readonly Span[])[] = [];
  const answers: ((problem: string | undefined) => void)[] = [];
  return {
    batches,
    send: (spans: readonly Span[]): Promise<string | undefined> => {
      batches.push(spans);
      return new Promise((resolve) => answers.push(resolve));
    },
    answer: async (problem?: string): Promise<void> => {
      answers.shift()?.(problem);
      await jest.advanceTimersByTimeAsync(1);
    },
  };
}

describe("spans on their way to a collector", () => {
  test("go in batches, one at a time, and a few do not wait long for others", async () => {
    const { batches, send, answer } = slowSend();
    const queue = createExportQueue(send, () => undefined);
    offered(queue, 2);
    expect(batches).toEqual([]);
    await jest.advanceTimersByTimeAsync(250);
    expect(batches.map(({ length }) => length)).toEqual([12]);
    offered(queue, 200);
    await jest.advanceTimersByTimeAsync(1000);
    expect(batches).toHaveLength(1);
    await answer();
    expect(batches.map(({ length }) => length)).toEqual([12, 512]);
    expect(queue.counts.exported).toBe(12);
  });

  test("a collector that is too slow costs a bounded memory, whole traces, and a line in ten seconds", async () => {
    const told: [number, string][] = [];
    const { send } = slowSend();
    const queue = createExportQueue(send, (lost, why) => told.push([lost, why]));
    const traces = 10_000;
    const written = offered(queue, traces);
    await jest.advanceTimersByTimeAsync(1);
    expect(queue.waiting()).toBeLessThanOrEqual(8192);
    // What finds no room is not even written down.
    expect(written * trace.length).toBeLessThanOrEqual(8192 + 512);
    expect(queue.counts.queueFull).toBe((traces - written) * trace.length);
    expect(told).toEqual([[6, "more spans come than the collector takes"]]);
    await jest.advanceTimersByTimeAsync(10_000);
    offered(queue, 1000);
    expect(told).toHaveLength(2);
    expect(told[1]?.[0]).toBeGreaterThan(6);
  });

  test("a collector that is down is left alone for a while; what it did not take is counted", async () => {
    const told: [number, string][] = [];
    const { batches, send, answer } = slowSend();
    const queue = createExportQueue(send, (lost, why) => told.push([lost, why]));
    offered(queue, 1);
    await jest.advanceTimersByTimeAsync(250);
    await answer("connect ECONNREFUSED 127.0.0.1:4318");
    expect(queue.counts).toMatchObject({ failed: 6, exported: 0 });
    expect(told).toEqual([[6, "connect ECONNREFUSED 127.0.0.1:4318"]]);
    offered(queue, 1);
    await jest.advanceTimersByTimeAsync(4000);
    expect(batches).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1500);
    expect(batches).toHaveLength(2);
    await answer();
    expect(queue.counts.exported).toBe(6);
  });

  test("at the end all that is left is sent, within the time that there is", async () => {
    const { batches, send, answer } = slowSend();
    const queue = createExportQueue(send, () => undefined);
    offered(queue, 100);
    const stopped = queue.stop(1500);
    await jest.advanceTimersByTimeAsync(1);
    await answer();
    await answer();
    await stopped;
    expect(batches.map(({ length }) => length)).toEqual([512, 88]);
    expect(queue.counts).toMatchObject({ exported: 600, atStop: 0 });
  });

  test("a collector that never answers does not hold up the end, and what is lost with it is told", async () => {
    const told: number[] = [];
    const queue = createExportQueue(
      () => new Promise(() => undefined),
      (lost) => told.push(lost),
    );
    offered(queue, 100);
    const stopped = queue.stop(1500);
    await jest.advanceTimersByTimeAsync(1500);
    await stopped;
    expect(queue.counts).toMatchObject({ exported: 0, atStop: 600 });
    expect(told).toEqual([600]);
    expect(offered(queue, 1)).toBe(0);
  });
});

describe("the address of a collector", () => {
  test.each([
    ["http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"],
    ["http://jaeger:4318/", "http://jaeger:4318/v1/traces"],
    ["https://collector.example/otlp/traces", "https://collector.example/otlp/traces"],
  ])("%s is %s", (text, url) => {
    expect(collectorUrl(text)).toEqual({ ok: true, value: url });
  });

  test.each(["jaeger:4318", "grpc://jaeger:4317", "", "http//x"])("%s is none, and it is said what is", (text) => {
    expect(collectorUrl(text)).toMatchObject({ ok: false, reason: expect.stringContaining("http://127.0.0.1:4318") });
  });
});
