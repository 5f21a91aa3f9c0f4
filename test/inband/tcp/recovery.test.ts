import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { congestionControl } from "../../../services/inband/model/tcp/congestion/choose.ts";
import { Recovery } from "../../../services/inband/model/tcp/recovery.ts";
import { LINUX_RTO, RttEstimator } from "../../../services/inband/model/tcp/rtt.ts";
import { MS, MSS, chance, transfer, type Flying } from "./recovery-harness.ts";

const RTT = 10 * MS;

/** A sender with `segments` outstanding, all of a window that is as large. */
function outstanding(segments: number, sack: boolean, probes = false): Recovery {
  const rtt = new RttEstimator(LINUX_RTO);
  rtt.sample(RTT);
  const recovery = new Recovery(MSS, sack, congestionControl("reno", MSS, false), rtt, probes);
  let acked = 0;
  // Slow start, until the window is so large.
  for (let end = 0; recovery.congestion.cwnd < segments * MSS;) {
    while (recovery.room() >= MSS) recovery.sent((end += MSS), 0);
    recovery.onAck((acked += MSS), [], false, 0);
  }
  recovery.onAck(recovery.nxt, [], false, 0);
  const base = recovery.nxt;
  for (let n = 1; n <= segments; n++) recovery.sent(base + n * MSS, 0);
  return recovery;
}

/** Sends what may be sent; answers the segments by their number, counted from the one at `una` when it began. */
function output(recovery: Recovery, base: number, newData = true): string[] {
  const said: string[] = [];
  for (;;) {
    const length = recovery.due(newData);
    if (length > 0) {
      said.push(`${recovery.why} ${(recovery.from - base) / MSS}`);
      recovery.resent(0);
    } else if (newData && recovery.room() >= MSS) {
      said.push(`new ${(recovery.nxt - base) / MSS}`);
      recovery.sent(recovery.nxt + MSS, 0);
    } else return said;
  }
}

const losing =
  (...lost: readonly number[]) =>
  ({ nth }: Flying): boolean =>
    lost.includes(nth);

describe("with SACK (RFC 6675)", () => {
  test("of ten segments the second is lost: it is sent again with the third that arrives behind it, and half the window goes on", () => {
    const recovery = outstanding(10, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    recovery.onAck(at(1), [], false, 0);
    expect(output(recovery, base)).toEqual(["new 10", "new 11"]);
    const heard: string[][] = [];
    for (let n = 3; n <= 12; n++) {
      recovery.onAck(at(1), [at(2), at(n)], true, 0);
      heard.push(output(recovery, base));
      expect(recovery.phase).toBe(n < 5 ? "open" : "recovery");
    }
    // Two by limited transmit; the loss; then one for each that arrives, once the pipe is half the window.
    expect(heard).toEqual([["new 12"], ["new 13"], ["fast 1"], [], [], [], [], [], ["new 14"], ["new 15"]]);
    recovery.onAck(at(14), [], false, 0);
    expect([recovery.phase, recovery.congestion.cwnd]).toEqual(["open", 5.5 * MSS]);
  });

  test("holes are filled from below, each once, before new data (NextSeg rule 1)", () => {
    const recovery = outstanding(20, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    recovery.onAck(base, [at(1), at(2), at(3), at(4), at(5), at(16)], true, 0);
    expect([recovery.phase, recovery.pipe]).toEqual(["recovery", 4 * MSS]);
    expect(output(recovery, base).slice(0, 4)).toEqual(["fast 0", "fast 2", "fast 4", "new 20"]);
    recovery.onAck(base, [at(16), at(17)], true, 0);
    expect(output(recovery, base)).toEqual(["new 23"]);
  });

  test("without new data, what is not lost for sure is sent again (rule 3), and once the last that is missing (rule 4)", () => {
    const recovery = outstanding(10, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    recovery.onAck(base, [at(1), at(4), at(5), at(6)], true, 0);
    // Segment 4 has one segment above it, segments 0 four.
    expect(output(recovery, base, false)).toEqual(["fast 0"]);
    recovery.onAck(at(4), [at(5), at(7)], false, 0);
    expect(output(recovery, base, false)).toEqual(["fast 4"]);
    recovery.onAck(at(7), [], false, 0);
    expect(output(recovery, base, false)).toEqual(["rescue 9"]);
    recovery.onAck(at(8), [], false, 0);
    expect(output(recovery, base, false)).toEqual([]);
  });

  test("duplicates without news are no duplicates", () => {
    const recovery = outstanding(10, true);
    const base = recovery.una;
    for (let n = 0; n < 10; n++) recovery.onAck(base, [], true, 0);
    for (let n = 0; n < 10; n++) recovery.onAck(base, [base + MSS, base + 2 * MSS], true, 0);
    expect(recovery.phase).toBe("open");
  });

  test("after a timeout all is sent again from the left edge on, but for what the peer holds, in slow start", () => {
    const recovery = outstanding(10, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    recovery.onAck(base, [at(1), at(3)], true, 0);
    recovery.onTimeout(0);
    expect([recovery.phase, recovery.congestion.cwnd, recovery.congestion.ssthresh]).toEqual(["loss", MSS, 5 * MSS]);
    expect(output(recovery, base)).toEqual(["timeout 0"]);
    recovery.onAck(at(3), [], false, 0);
    expect(output(recovery, base)).toEqual(["timeout 3", "timeout 4"]);
    recovery.onAck(at(5), [], false, 0);
    expect(output(recovery, base)).toEqual(["timeout 5", "timeout 6", "timeout 7"]);
    recovery.onAck(at(8), [], false, 0);
    expect(output(recovery, base)).toEqual(["timeout 8", "timeout 9", "new 10", "new 11"]);
    recovery.onAck(at(10), [], false, 0);
    expect(recovery.phase).toBe("open");
  });

  test("a second timeout for the same segment does not believe the peer any more, and leaves the threshold", () => {
    const recovery = outstanding(10, true);
    const base = recovery.una;
    recovery.onAck(base, [base + 2 * MSS, base + 4 * MSS], true, 0);
    recovery.onTimeout(0);
    output(recovery, base);
    recovery.onTimeout(0);
    expect(recovery.congestion.ssthresh).toBe(5 * MSS);
    output(recovery, base);
    recovery.onAck(base + MSS, [], false, 0);
    expect(output(recovery, base)).toEqual(["timeout 1", "timeout 2"]);
  });

  test("a peer that gives up what it said that it held gets it again", () => {
    const recovery = outstanding(10, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    recovery.onAck(base, [at(1), at(8)], true, 0);
    expect(output(recovery, base)[0]).toBe("fast 0");
    // The cumulative acknowledgement ends where the stretch began.
    recovery.onAck(at(1), [], false, 0);
    recovery.onTimeout(0);
    const sent: string[] = [];
    for (let n = 2; n <= recovery.nxt / MSS && recovery.phase === "loss"; n++) {
      sent.push(...output(recovery, base, false));
      recovery.onAck(at(n), [], false, 0);
    }
    for (let n = 1; n < 8; n++) expect(sent).toContain(`timeout ${n}`);
  });

  test("a path that carries shorter segments only gets all again, without less of a window", () => {
    const recovery = outstanding(4, true);
    const base = recovery.una;
    const { cwnd } = recovery.congestion;
    recovery.onMss(500, true, 0);
    expect(recovery.congestion.cwnd).toBe(cwnd / 2);
    expect([recovery.due(true), recovery.from, recovery.why]).toEqual([500, base, "timeout"]);
  });

  test("a timeout that was none is taken back", () => {
    const recovery = outstanding(20, true);
    const { cwnd } = recovery.congestion;
    recovery.onTimeout(0);
    output(recovery, recovery.una);
    recovery.onAck(recovery.una + MSS, [], false, 0);
    recovery.onSpurious(0);
    expect([recovery.phase, recovery.congestion.cwnd >= cwnd, recovery.pipe]).toEqual(["open", true, 19 * MSS]);
    expect(recovery.due(true)).toBe(0);
  });
});

describe("without SACK (RFC 6582)", () => {
  test("three duplicates send the first segment again, each further one allows a new one, a partial acknowledgement the next", () => {
    const recovery = outstanding(10, false);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    const duplicate = (): string[] => {
      recovery.onAck(base, [], true, 0);
      return output(recovery, base);
    };
    expect([duplicate(), duplicate()]).toEqual([["new 10"], ["new 11"]]);
    // FlightSize is 10, without what limited transmit added; the window 5 + 3.
    expect(duplicate()).toEqual(["fast 0"]);
    expect(recovery.congestion.ssthresh).toBe(5 * MSS);
    // The 9th duplicate makes it 14 of 12 outstanding.
    expect([duplicate(), duplicate(), duplicate(), duplicate()]).toEqual([[], [], [], []]);
    expect([duplicate(), duplicate()]).toEqual([["new 12"], ["new 13"]]);
    recovery.onAck(at(5), [], false, 0);
    expect(output(recovery, base)).toEqual(["fast 5", "new 14"]);
    recovery.onAck(at(12), [], false, 0);
    expect([recovery.phase, recovery.congestion.cwnd]).toEqual(["open", 4 * MSS]);
  });

  test("duplicates of what a timeout sent in vain begin no recovery (the careful variant)", () => {
    const recovery = outstanding(10, false);
    const base = recovery.una;
    recovery.onTimeout(0);
    output(recovery, base);
    recovery.onAck(base + 10 * MSS, [], false, 0);
    expect([recovery.phase, recovery.congestion.cwnd]).toEqual(["open", 2 * MSS]);
    output(recovery, base);
    for (let n = 0; n < 5; n++) recovery.onAck(base + 10 * MSS, [], true, 0);
    expect(recovery.phase).toBe("open");
  });

  test("made-up duplicates do not inflate the window beyond what is outstanding", () => {
    const recovery = outstanding(10, false);
    for (let n = 0; n < 1000; n++) {
      recovery.onAck(recovery.una, [], true, 0);
      output(recovery, recovery.una);
    }
    expect(recovery.flight).toBeLessThanOrEqual(17 * MSS);
  });
});

describe("acknowledgements that lie", () => {
  test("break nothing: whatever is said, what was sent stays within the window, and what is due is outstanding", () => {
    const said = fc.record({
      ack: fc.integer({ min: -20, max: 40 }),
      blocks: fc.array(fc.integer({ min: -30_000, max: 60_000 }), { maxLength: 8 }),
      duplicate: fc.boolean(),
      then: fc.constantFrom("output", "output", "timeout", "probe", "mss", "spurious", "nothing"),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 60 }), fc.boolean(), fc.boolean(), (all, sack, newData) => {
        const recovery = outstanding(10, sack, true);
        for (const { ack, blocks, duplicate, then } of all) {
          const una = recovery.una;
          recovery.onAck(una + Math.round(ack * 700), blocks.map((edge) => una + edge), duplicate, 0); // prettier-ignore
          if (then === "timeout") recovery.onTimeout(0);
          else if (then === "probe") recovery.onProbe(0);
          else if (then === "mss") recovery.onMss(700 + (ack & 255), duplicate, 0);
          else if (then === "spurious") recovery.onSpurious(0);
          expect(recovery.una).toBeGreaterThanOrEqual(una);
          expect(recovery.nxt).toBeGreaterThanOrEqual(recovery.una);
          if (then !== "output") continue;
          for (let n = 0; ; n++) {
            expect(n).toBeLessThan(2000);
            const length = recovery.due(newData);
            if (length > 0) {
              expect(recovery.from).toBeGreaterThanOrEqual(recovery.una);
              expect(recovery.from + length).toBeLessThanOrEqual(recovery.nxt);
              recovery.resent(0);
            } else if (newData && recovery.room() >= MSS) recovery.sent(recovery.nxt + MSS, 0);
            else break;
          }
          expect(recovery.congestion.cwnd).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("over a wire that loses", () => {
  test("one segment of a window: it is sent once more, without a timeout, and nothing in vain", () => {
    for (const sack of [true, false]) {
      const { timeouts, resent, needless, received } = transfer({ bytes: 100 * MSS, sack, lost: losing(20) });
      expect([timeouts, resent, needless, received]).toEqual([0, MSS, 0, 100 * MSS]);
    }
  });

  test("many segments of a window: with SACK they are filled in one round trip after another's beginning, without a timeout", () => {
    const lost = losing(30, 32, 33, 35, 40, 44, 45, 46);
    const { timeouts, resent, needless, doneNs } = transfer({ bytes: 100 * MSS, sack: true, lost });
    expect([timeouts, resent, needless]).toEqual([0, 8 * MSS, 0]);
    const without = transfer({ bytes: 100 * MSS, sack: false, lost });
    expect([without.timeouts, without.needless]).toEqual([0, 0]);
    expect(without.doneNs).toBeGreaterThan(doneNs);
  });

  test("a retransmission that is lost is found by what is sent later, without a timeout", () => {
    const seen = new Map<number, number>();
    const { timeouts, resent, needless } = transfer({
      bytes: 200 * MSS,
      sack: true,
      lost: ({ from }) => {
        seen.set(from, (seen.get(from) ?? 0) + 1);
        return from === 50 * MSS && (seen.get(from) ?? 0) <= 2;
      },
    });
    expect([timeouts, resent, needless]).toEqual([0, 2 * MSS, 0]);
  });

  test("the last segments need the timer, which waits one timeout", () => {
    const { timeouts, doneNs, needless } = transfer({ bytes: 30 * MSS, sack: true, lost: losing(28, 29) });
    expect([timeouts, needless]).toEqual([1, 0]);
    expect(doneNs).toBeLessThan(300 * MS);
  });

  // Mathis, Semke, Mahdavi, Ott (1997): MSS / RTT * sqrt(3/2 / p), for acknowledgements of every segment.
  test.each([
    [0.001, "reno"],
    [0.01, "reno"],
    [0.01, "cubic"],
    [0.05, "reno"],
    [0.05, "cubic"],
  ] as const)("at a loss of %d %s is as fast as the formula allows", (p, congestion) => {
    const draw = chance(7);
    const bytes = 5e6;
    const { doneNs, needless, resent, timeouts, sent } = transfer({
      bytes,
      sack: true,
      congestion,
      lost: () => draw() < p,
    });
    const formula = (MSS / (RTT / 1e9)) * Math.sqrt(1.5 / p);
    const goodput = bytes / (doneNs / 1e9);
    expect(goodput / formula).toBeGreaterThan(p < 0.05 ? 0.75 : 0.5);
    // Hardly anything is sent in vain, and hardly any loss needs the timer.
    expect(needless / resent).toBeLessThan(0.06);
    expect(timeouts).toBeLessThanOrEqual(p < 0.05 ? 1 : Math.ceil(0.03 * p * sent.length));
  });

  test("whatever is lost, all arrives, with and without SACK", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(0.02, 0.1, 0.3),
        fc.boolean(),
        fc.constantFrom("cubic", "reno"),
        (seed, p, sack, congestion) => {
          const draw = chance(seed);
          const { received } = transfer({ bytes: 150 * MSS, sack, congestion, lost: () => draw() < p });
          expect(received).toBe(150 * MSS);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("what was sent in vain (RFC 3708)", () => {
  test("segments that were only overtaken come twice, as the peer says; then the window is what it was", () => {
    const recovery = outstanding(20, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    const { cwnd } = recovery.congestion;
    recovery.onAck(base, [at(2), at(14)], true, 0);
    expect(output(recovery, base, false)).toEqual(["fast 0", "fast 1"]);
    expect(recovery.congestion.cwnd).toBe(10 * MSS);
    // The originals come, then the first of the two, a second time.
    recovery.onAck(at(20), [], false, 0);
    recovery.onAck(at(20), [at(0), at(1)], true, 0);
    expect(recovery.congestion.cwnd).toBe(10 * MSS);
    recovery.onAck(at(20), [at(1), at(2)], true, 0);
    expect([recovery.congestion.cwnd, recovery.phase]).toEqual([cwnd, "open"]);
  });

  test("what the network has doubled says nothing of it", () => {
    const recovery = outstanding(20, true);
    const base = recovery.una;
    const at = (n: number): number => base + n * MSS;
    recovery.onAck(base, [at(1), at(6)], true, 0);
    const { cwnd } = recovery.congestion;
    expect(output(recovery, base, false)).toEqual(["fast 0"]);
    recovery.onAck(base, [at(3), at(4), at(1), at(6)], true, 0);
    recovery.onAck(at(20), [at(5), at(6)], false, 0);
    expect(recovery.congestion.cwnd).toBe(cwnd);
  });
});

describe("tail loss probes (RFC 8985)", () => {
  const rttOf = (): RttEstimator => {
    const rtt = new RttEstimator(LINUX_RTO);
    rtt.sample(RTT);
    return rtt;
  };
  const withProbes = (segments: number): Recovery => {
    const recovery = new Recovery(MSS, true, congestionControl("reno", MSS, false), rttOf(), true);
    for (let n = 1; n <= segments; n++) recovery.sent(n * MSS, 0);
    return recovery;
  };

  test("the last segments of a transfer are lost: a probe finds it, long before the timeout", () => {
    const lost = losing(28, 29);
    const { timeouts, probes, doneNs, needless } = transfer({ bytes: 30 * MSS, sack: true, lost, probes: true });
    expect([timeouts, probes, needless]).toEqual([0, 1, 0]);
    expect(doneNs).toBeLessThan(100 * MS);
  });

  test("a probe is due two round trips after the last news, a single segment's later, and one only until there is more", () => {
    const recovery = withProbes(5);
    expect(recovery.probeDelayNs).toBe(2 * RTT + 2 * MS);
    recovery.onProbe(0);
    expect(recovery.probeDelayNs).toBe(Infinity);
    expect(output(recovery, 0, false)).toEqual(["probe 4"]);
    recovery.onAck(4 * MSS, [], false, 0);
    expect(recovery.probeDelayNs).toBe(2 * RTT + 200 * MS);
    recovery.onAck(5 * MSS, [], false, 0);
    expect(recovery.probeDelayNs).toBe(Infinity);
  });

  test("new data is the better probe, whatever the window; its arrival shows what of the rest is lost", () => {
    const recovery = withProbes(10);
    expect(recovery.room()).toBe(0);
    recovery.onProbe(0);
    expect(output(recovery, 0)).toEqual(["new 10"]);
    recovery.onAck(0, [10 * MSS, 11 * MSS], true, 0);
    expect(recovery.phase).toBe("recovery");
    expect(output(recovery, 0, false)).toEqual([0, 1, 2, 3, 4].map((n) => `fast ${n}`));
    const { cwnd } = recovery.congestion;
    recovery.onAck(MSS, [10 * MSS, 11 * MSS], false, 0);
    expect(recovery.congestion.cwnd).toBe(cwnd);
  });

  test("a gap below what the peer holds is a loss after two round trips, however few segments tell of it", () => {
    const recovery = withProbes(3);
    recovery.onAck(0, [MSS, 2 * MSS], true, 0);
    expect([recovery.phase, recovery.due(false)]).toEqual(["open", 0]);
    recovery.onProbe(0);
    expect([recovery.phase, ...output(recovery, 0, false)]).toEqual(["recovery", "fast 0"]);
  });

  test("a loss that the probe mended reduces the window, a probe that came in vain does not", () => {
    const mended = withProbes(5);
    mended.onProbe(0);
    output(mended, 0, false);
    mended.onAck(5 * MSS, [], false, 0);
    const { cwnd } = mended.congestion;
    mended.sent(6 * MSS, 0);
    mended.onAck(6 * MSS, [], false, 0);
    expect(mended.congestion.cwnd).toBeLessThan(cwnd);
    const vain = withProbes(5);
    vain.onProbe(0);
    output(vain, 0, false);
    vain.onAck(5 * MSS, [], false, 0);
    vain.onAck(5 * MSS, [4 * MSS, 5 * MSS], true, 0);
    const before = vain.congestion.cwnd;
    vain.sent(6 * MSS, 0);
    vain.onAck(6 * MSS, [], false, 0);
    expect(vain.congestion.cwnd).toBeGreaterThanOrEqual(before);
  });

  test("at a loss of 5 % probes leave hardly a timeout", () => {
    const draw = chance(3);
    const { timeouts, resent, needless, probes } = transfer({
      bytes: 10e6,
      sack: true,
      congestion: "cubic",
      lost: () => draw() < 0.05,
      probes: true,
    });
    expect(timeouts).toBeLessThanOrEqual(3);
    expect(probes).toBeGreaterThan(timeouts);
    expect(needless / resent).toBeLessThan(0.05);
  });
});
