import { describe, expect, test } from "@jest/globals";
import { createEventMetrics } from "../../services/telemetry/metrics.ts";
import { DURATION_BOUNDS, prometheusText } from "../../services/telemetry/prometheus.ts";
import { createSampler } from "../../services/telemetry/sampling.ts";
import { createCounters } from "../../services/telemetry/series.ts";
import { createSpanBuilder } from "../../services/telemetry/spans.ts";
import { serveMetrics } from "../../services/runtimes/telemetry/metrics-server.ts";
import { createPen, openedFile, WORLD } from "./sketch.ts";

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("metrics of events", () => {
  test("a call is counted and measured once, by its caller's clock, and what went wrong by its name", () => {
    const metrics = createEventMetrics();
    const builder = createSpanBuilder(WORLD, undefined, metrics.call);
    const { enter, exit } = createPen();
    const bind = { span: 1 };
    const events = [
      ...openedFile(100),
      ...[1, 2].flatMap((trace) => [
        enter("inband", "sock_oob_bind", { ...bind, trace, span: trace }),
        exit("inband", "sock_oob_bind", { ...bind, trace, span: trace }, { ret: -12, fault: "no-memory" }),
      ]),
      enter("inband", "sock_oob_bind", { span: 3, trace: 3 }),
      exit("inband", "sock_oob_bind", { span: 3, trace: 3 }, { lost: "timeout" }),
    ].map((event) => (event.service === "inband" ? event : { ...event, node: "beta" }));
    for (const event of events) metrics.event(event);
    builder.add(events, 0);
    const text = lines(prometheusText(metrics.families()));
    const bound = { refused: 'node="alpha",service="inband",hook="sock_oob_bind",result="refused"' };
    expect(text).toContain(`tenon_hook_duration_seconds_count{${bound.refused}} 2`);
    // From one stamp of the pen to the next is a microsecond.
    expect(text).toContain(`tenon_hook_duration_seconds_sum{${bound.refused}} 0.000002`);
    expect(text).toContain(`tenon_hook_duration_seconds_bucket{${bound.refused},le="0.00001"} 2`);
    expect(text).toContain(`tenon_hook_duration_seconds_bucket{${bound.refused},le="+Inf"} 2`);
    expect(text).toContain(
      'tenon_hook_duration_seconds_count{node="beta",service="task",hook="sys_open",result="ok"} 1',
    );
    expect(text).toContain(
      'tenon_hook_errors_total{node="alpha",service="inband",hook="sock_oob_bind",error="ENOMEM"} 2',
    );
    expect(text).toContain(
      'tenon_hook_errors_total{node="alpha",service="inband",hook="sock_oob_bind",error="timeout"} 1',
    );
    expect(text).toContain(
      'tenon_faults_injected_total{node="alpha",service="inband",rule="no-memory",at="sock_oob_bind"} 2',
    );
    expect(text.filter((line) => line.includes('service="vfs",hook="sys_open"'))).toEqual([]);
  });

  test("a frame stands in its ring until the other end tells of it, or is lost; whichever end tells first", () => {
    const metrics = createEventMetrics();
    const { fact } = createPen();
    const send = (span: number) => fact("inband", "frame_send", { span, slice: { dev: "eth0" }, args: { to: "nic" } });
    const receive = (parent: number) => fact("nic", "frame_receive", { span: parent + 100, parent });
    const late = { ...send(9), timeNs: 10e9 };
    for (const event of [send(1), send(2), receive(2), receive(3), send(3)]) metrics.event(event);
    const depth = (): string | undefined =>
      lines(prometheusText(metrics.families())).find((line) => line.startsWith("tenon_ring_frames"));
    expect(depth()).toBe('tenon_ring_frames{node="alpha",service="inband",dev="eth0",to="nic"} 1');
    metrics.event(late);
    const text = lines(prometheusText(metrics.families()));
    expect(text).toContain('tenon_frames_lost_total{node="alpha",service="inband",dev="eth0",to="nic"} 1');
    expect(text).toContain('tenon_frames_sent_total{node="alpha",service="inband",dev="eth0",to="nic"} 4');
    expect(depth()).toMatch(/ 1$/);
  });

  test("the sets of labels are bounded, and what finds no room is counted", () => {
    const counters = createCounters();
    for (let i = 0; i < 5000; i++) counters.add({ rule: `r${i}` });
    expect(counters.samples()).toHaveLength(4096);
    expect(counters.tooMany()).toBe(5000 - 4096);
  });
});

describe("Prometheus' text format", () => {
  test("has help and type before its samples, and escapes what must be", () => {
    const text = prometheusText([
      {
        name: "tenon_x_total",
        help: "A\\B\nC",
        type: "counter",
        samples: [{ labels: { rule: 'a"b\\c\nd' }, value: Infinity }],
      },
      { name: "tenon_empty", help: "", type: "gauge", samples: [] },
    ]);
    expect(text).toBe(
      '# HELP tenon_x_total A\\\\B\\nC\n# TYPE tenon_x_total counter\ntenon_x_total{rule="a\\"b\\\\c\\nd"} +Inf\n',
    );
  });

  test("a histogram's buckets grow, and the last one is its count", () => {
    expect([...DURATION_BOUNDS].sort((a, b) => a - b)).toEqual([...DURATION_BOUNDS]);
    const metrics = createEventMetrics();
    const { enter, exit } = createPen();
    for (const ns of [0, 9_999, 10_000, 10_001, 1e9, 500e9]) {
      const began = enter("task", "sys_open", { span: 1 });
      metrics.call(began, { ...exit("task", "sys_open", { span: 1 }), timeNs: began.timeNs + ns });
    }
    const counts = lines(prometheusText(metrics.families()))
      .filter((line) => line.startsWith("tenon_hook_duration_seconds_bucket"))
      .map((line) => Number(line.split(" ").at(-1)));
    expect(counts).toHaveLength(DURATION_BOUNDS.length + 1);
    expect(counts.slice(0, 2)).toEqual([3, 4]);
    expect(counts.slice(-2)).toEqual([5, 6]);
  });

  test("is served to this machine, on /metrics; /-/healthy says that it is there; nothing else is", async () => {
    const served = await serveMetrics("0", () => Promise.resolve("tenon_x 1\n"));
    if (!served.ok) throw new Error(served.reason);
    const { address, close } = served.value;
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const get = async (path: string, init?: RequestInit): Promise<string> => {
      const response = await fetch(`http://${address}${path}`, init);
      return `${response.status} ${await response.text()}`;
    };
    expect(await get("/metrics")).toBe("200 tenon_x 1\n");
    expect(await get("/-/healthy")).toBe("200 up\n");
    expect(await get("/etc/passwd")).toMatch(/^404/);
    expect(await get("/metrics", { method: "POST", body: "x" })).toMatch(/^405/);
    expect(await serveMetrics(address, () => Promise.resolve(""))).toEqual({
      ok: false,
      reason: `${address}: EADDRINUSE`,
    });
    expect(await serveMetrics("nowhere", () => Promise.resolve(""))).toMatchObject({ ok: false });
    await close();
  });
});

describe("tail sampling", () => {
  const traces = Array.from({ length: 2000 }, (_, i) => ({ trace: i + 1, alarm: i % 100 === 0, isLate: false }));

  test("keeps every trace with a fault or an error, and of the rest the share, always the same ones", () => {
    const [a, b] = [createSampler(7, 0.25), createSampler(7, 0.25)];
    const kept = traces.filter((trace) => a.keeps(trace));
    expect(traces.filter((trace) => b.keeps(trace))).toEqual(kept);
    expect(kept.filter(({ alarm }) => alarm)).toHaveLength(20);
    expect(a.counts.alarm).toBe(20);
    expect(a.counts.share + a.counts.sampledOut).toBe(1980);
    expect(a.counts.share / 1980).toBeGreaterThan(0.2);
    expect(a.counts.share / 1980).toBeLessThan(0.3);
    const none = createSampler(7, 0);
    expect(traces.filter((trace) => none.keeps(trace))).toHaveLength(20);
  });

  test("what comes late of a trace goes where the trace has gone, unless it brings the reason to keep it", () => {
    const sampler = createSampler(7, 0);
    sampler.keeps({ trace: 1, alarm: true, isLate: false });
    sampler.keeps({ trace: 2, alarm: false, isLate: false });
    expect(sampler.keeps({ trace: 1, alarm: false, isLate: true })).toBe(true);
    expect(sampler.keeps({ trace: 2, alarm: false, isLate: true })).toBe(false);
    expect(sampler.keeps({ trace: 2, alarm: true, isLate: true })).toBe(true);
  });
});
