import { describe, expect, test } from "@jest/globals";
import { congestionControl, switchCongestion } from "../../../services/inband/model/tcp/congestion/choose.ts";
import { initialWindow, type CongestionControl } from "../../../services/inband/model/tcp/congestion/congestion.ts";
import { Cubic } from "../../../services/inband/model/tcp/congestion/cubic.ts";
import { NewReno } from "../../../services/inband/model/tcp/congestion/new-reno.ts";
import { WindowUse } from "../../../services/inband/model/tcp/congestion/window-use.ts";
import { MS, chance } from "./recovery-harness.ts";

const MSS = 1000;
const SECOND = 1e9;

/** Acknowledges a window after the other, each segment by itself, for so long; answers the window at the end of each. */
function grow(control: CongestionControl, rttNs: number, fromNs: number, forNs: number): number[] {
  const windows: number[] = [];
  for (let nowNs = fromNs; nowNs < fromNs + forNs; nowNs += rttNs) {
    const segments = Math.max(1, Math.floor(control.cwnd / MSS));
    for (let n = 0; n < segments; n++) control.onAck(MSS, 2 * MSS, rttNs, nowNs + (n * rttNs) / segments);
    windows.push(control.cwnd / MSS);
  }
  return windows;
}

/** Brings it into congestion avoidance with so many segments, all of them in flight. */
function lossAt(control: CongestionControl, segments: number, nowNs: number): void {
  while (control.cwnd < segments * MSS) control.onAck(MSS, 2 * MSS, 100 * MS, nowNs);
  control.onLoss(segments * MSS, nowNs);
}

describe("both algorithms", () => {
  test("the initial window is ten segments, and not more than 14,600 bytes unless two are longer (RFC 6928)", () => {
    expect([536, 1000, 1460, 4000, 9000].map((mss) => initialWindow(mss, false))).toEqual([
      5360, 10000, 14600, 14600, 18000,
    ]);
    expect(initialWindow(1460, true)).toBe(1460);
  });

  test.each(["cubic", "reno"] as const)(
    "%s: slow start doubles the window in a round trip, and counts at most L bytes",
    (name) => {
      const control = congestionControl(name, MSS, false);
      expect([control.name, control.cwnd, control.ssthresh]).toEqual([name, 10 * MSS, Infinity]);
      expect(grow(control, 100 * MS, 0, 300 * MS)).toEqual([20, 40, 80]);
      control.onAck(50 * MSS, 2 * MSS, 100 * MS, 0);
      expect(control.cwnd).toBe(82 * MSS);
    },
  );

  test.each(["cubic", "reno"] as const)(
    "%s: after a timeout one segment, and slow start up to the threshold",
    (name) => {
      const control = congestionControl(name, MSS, false);
      lossAt(control, 40, 0);
      const threshold = control.ssthresh;
      control.onTimeout(10 * MSS, false, 0);
      expect(control.cwnd).toBe(MSS);
      expect(control.ssthresh).toBe((name === "cubic" ? 7 : 5) * MSS);
      // For the same segment again, when little is in flight: the threshold stays.
      control.onTimeout(2 * MSS, true, 0);
      expect([control.cwnd, control.ssthresh < threshold]).toEqual([MSS, true]);
      while (control.cwnd < control.ssthresh) control.onAck(MSS, MSS, 100 * MS, 0);
      expect(control.cwnd).toBe(control.ssthresh);
    },
  );

  test.each(["cubic", "reno"] as const)("%s: a timeout that was none is taken back", (name) => {
    const control = congestionControl(name, MSS, false);
    lossAt(control, 40, 0);
    const before = [control.cwnd, control.ssthresh];
    control.onTimeout(control.cwnd, false, 0);
    control.undo(0);
    expect([control.cwnd, control.ssthresh]).toEqual(before);
  });

  test.each(["cubic", "reno"] as const)("%s: the threshold is two segments at least", (name) => {
    const control = congestionControl(name, MSS, false);
    control.onLoss(MSS, 0);
    expect([control.cwnd, control.ssthresh]).toEqual([2 * MSS, 2 * MSS]);
  });

  test.each(["cubic", "reno"] as const)(
    "%s: an idle window is halved with each timeout, down to the initial one",
    (name) => {
      const control = congestionControl(name, MSS, false);
      grow(control, 100 * MS, 0, 300 * MS);
      control.onLoss(80 * MSS, 0);
      control.onIdle(1, SECOND);
      expect(control.cwnd).toBe(name === "cubic" ? 28 * MSS : 20 * MSS);
      expect(control.ssthresh).toBe(name === "cubic" ? 56 * MSS : 40 * MSS);
      control.onIdle(50, 2 * SECOND);
      expect(control.cwnd).toBe(10 * MSS);
    },
  );

  test.each(["cubic", "reno"] as const)("%s: goes on where another one was", (name) => {
    const before = congestionControl(name === "cubic" ? "reno" : "cubic", MSS, false);
    lossAt(before, 40, 0);
    const control = switchCongestion(before, name, MSS);
    expect([control.name, control.cwnd, control.ssthresh]).toEqual([name, before.cwnd, before.ssthresh]);
    const [first = 0, second = 0] = grow(control, 100 * MS, SECOND, 200 * MS);
    expect(first).toBeGreaterThanOrEqual(before.cwnd / MSS);
    expect(second).toBeLessThan(1.5 * first);
  });

  test.each(["cubic", "reno"] as const)("%s: with smaller segments the window has as many of them", (name) => {
    const control = congestionControl(name, MSS, false);
    control.setMss(500);
    expect(control.cwnd).toBe(5000);
  });
});

describe("NewReno", () => {
  test("congestion avoidance adds a segment in a round trip, however the peer divides its acknowledgements (RFC 3465)", () => {
    const whole = new NewReno(MSS, false);
    const divided = new NewReno(MSS, false);
    for (const control of [whole, divided]) lossAt(control, 20, 0);
    expect(grow(whole, 100 * MS, 0, 500 * MS)).toEqual([11, 12, 13, 14, 15]);
    for (let n = 0; n < 10 * 100; n++) divided.onAck(MSS / 100, 2 * MSS, 100 * MS, 0);
    expect(divided.cwnd).toBe(11 * MSS);
  });

  test("a full acknowledgement ends recovery without a burst (RFC 6582 §3.2 step 3)", () => {
    const control = new NewReno(MSS, false);
    lossAt(control, 20, 0);
    control.onRecovered(3 * MSS);
    expect(control.cwnd).toBe(4 * MSS);
    lossAt(control, 20, 0);
    control.onRecovered(30 * MSS);
    expect(control.cwnd).toBe(10 * MSS);
  });
});

describe("CUBIC (RFC 9438)", () => {
  test("§4.6, §4.7: the window becomes 0.7 of what was in flight, and a loss before W_max was reached again lowers W_max", () => {
    const control = new Cubic(MSS, false);
    lossAt(control, 100, 0);
    expect([control.cwnd, control.ssthresh, control.wMax]).toEqual([70 * MSS, 70 * MSS, 100 * MSS]);
    control.onLoss(70 * MSS, 0);
    expect(control.wMax).toBeCloseTo(70 * MSS * 0.85);
    const unused = new Cubic(MSS, false);
    lossAt(unused, 20, 0);
    unused.onLoss(4 * MSS, 0);
    expect(unused.cwnd).toBe(2800);
  });

  test("§4.2: it is at W_max after K = cbrt(W_max * 0.3 / C) seconds, concave before and convex behind", () => {
    const control = new Cubic(MSS, false);
    lossAt(control, 1000, 0);
    const rttNs = 100 * MS;
    const k = Math.cbrt((1000 * 0.3) / 0.4);
    const windows = grow(control, rttNs, 0, 2 * k * SECOND);
    windows.forEach((window, n) => {
      // The window at the end of a round trip is the function's value there, or one segment beside it.
      const t = (n * rttNs) / 1e9 + 0.1;
      expect(Math.abs(window - (0.4 * (t - k) ** 3 + 1000))).toBeLessThan(2.5);
    });
    const steps = windows.slice(1).map((window, n) => window - (windows[n] ?? 0));
    const middle = Math.round((k * SECOND) / rttNs);
    expect(steps[5] ?? 0).toBeGreaterThan(steps[middle] ?? 0);
    expect(steps.at(-1) ?? 0).toBeGreaterThan(steps[middle] ?? 0);
  });

  test("§4.3: on a short path it is never slower than Reno would be, with alpha 0.53, and 1 beyond the last loss", () => {
    const control = new Cubic(MSS, false);
    lossAt(control, 100, 0);
    const windows = grow(control, 1 * MS, 0, 120 * MS);
    expect((windows[19] ?? 0) - (windows[0] ?? 0)).toBeCloseTo(19 * 0.529, 0);
    // From 100 segments on by one in a round trip.
    expect((windows[99] ?? 0) - (windows[79] ?? 0)).toBeCloseTo(20, 0);
  });

  test("§4.4: a target is at most half as much again as the window", () => {
    const control = new Cubic(MSS, false);
    lossAt(control, 100, 0);
    control.onAck(MSS, 2 * MSS, 100 * MS, 0);
    // Long after: the function is far above.
    const before = control.cwnd;
    control.onAck(MSS, 2 * MSS, 100 * MS, 60 * SECOND);
    expect(control.cwnd - before).toBeLessThanOrEqual(0.5 * MSS);
    expect(control.cwnd - before).toBeGreaterThan(0.49 * MSS);
  });

  test("§4.8: in the first stage behind a timeout K is 0, and the window grows from where slow start ended", () => {
    const control = new Cubic(MSS, false);
    lossAt(control, 1000, 0);
    control.onTimeout(100 * MSS, false, 0);
    while (control.cwnd < control.ssthresh) control.onAck(MSS, MSS, 100 * MS, 0);
    expect(control.cwnd).toBe(70 * MSS);
    const windows = grow(control, 100 * MS, SECOND, 5 * SECOND);
    expect(Math.abs((windows.at(-1) ?? 0) - (0.4 * 5 ** 3 + 70))).toBeLessThan(4);
  });

  test("§5.8: time in which the window was not used does not count", () => {
    const used = new Cubic(MSS, false);
    const unused = new Cubic(MSS, false);
    for (const control of [used, unused]) lossAt(control, 100, 0);
    for (const control of [used, unused]) grow(control, 100 * MS, 0, SECOND);
    for (let nowNs = 1.1 * SECOND; nowNs <= 50 * SECOND; nowNs += 100 * MS) unused.onAckUnused(nowNs);
    grow(used, 100 * MS, SECOND, SECOND);
    grow(unused, 100 * MS, 50 * SECOND, SECOND);
    expect(Math.abs(used.cwnd - unused.cwnd)).toBeLessThan(2 * MSS);
  });

  test.each([
    [0.01, 12],
    [0.001, 38],
    [0.0001, 187],
  ])("§5.1, table 1: at 0.1 s and a loss of %d the window is about %d segments on average", (p, expected) => {
    const control = new Cubic(MSS, false);
    const draw = chance(42);
    const rttNs = 100 * MS;
    let sum = 0;
    let rounds = 0;
    // Deterministic losses, 1/p segments apart, as the model of the table has them; a little chance keeps from resonance.
    let until = 1 / p;
    for (let nowNs = 0; nowNs < 4000 * rttNs; nowNs += rttNs) {
      const segments = Math.max(1, Math.floor(control.cwnd / MSS));
      sum += control.cwnd / MSS;
      rounds++;
      until -= segments;
      for (let n = 0; n < segments; n++) control.onAck(MSS, 2 * MSS, rttNs, nowNs + (n * rttNs) / segments);
      if (until > 0) continue;
      control.onLoss(control.cwnd, nowNs);
      until += (0.95 + 0.1 * draw()) / p;
    }
    expect(sum / rounds / expected).toBeGreaterThan(0.8);
    expect(sum / rounds / expected).toBeLessThan(1.25);
  });
});

describe("the use of the window", () => {
  test("a window that was not filled does not grow; one that was is remembered for a round trip", () => {
    const use = new WindowUse();
    const control = new NewReno(MSS, false);
    lossAt(control, 20, 0);
    use.sent(0, 3 * MSS, MSS, control.cwnd);
    expect(use.mayGrow(control)).toBe(false);
    use.sent(0, 10 * MSS, MSS, control.cwnd);
    use.sent(9 * MSS, 11 * MSS, MSS, control.cwnd);
    expect(use.mayGrow(control)).toBe(true);
    use.sent(10 * MSS, 12 * MSS, MSS, control.cwnd);
    expect(use.mayGrow(control)).toBe(false);
  });

  test("in slow start half of it is enough", () => {
    const use = new WindowUse();
    const control = new NewReno(MSS, false);
    use.sent(0, 4 * MSS, MSS, control.cwnd);
    expect(use.mayGrow(control)).toBe(false);
    use.sent(0, 5 * MSS, MSS, control.cwnd);
    expect(use.mayGrow(control)).toBe(true);
  });
});
