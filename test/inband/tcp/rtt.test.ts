import { describe, expect, test } from "@jest/globals";
import { ILLUMOS_RTO, LINUX_RTO, RetransmissionTimer, RttEstimator } from "../../../services/inband/model/tcp/rtt.ts";

const MS = 1e6;
const SECOND = 1e9;
/** As RFC 6298 has it: 1 s at least, 60 s at most. */
const RFC = { initialRtoNs: SECOND, minRtoNs: SECOND, maxRtoNs: 60 * SECOND, granularityNs: 100 * MS };
const FINE = { ...RFC, minRtoNs: 0, granularityNs: MS };

describe("the retransmission timeout", () => {
  test("(2.1) it is a second before anything was measured", () => {
    expect(new RttEstimator(RFC).rtoNs).toBe(SECOND);
    expect(new RttEstimator(RFC).minRttNs).toBeUndefined();
  });

  test("(2.2) the first sample R makes it R + max(G, 4 * R/2)", () => {
    const rtt = new RttEstimator(FINE);
    rtt.sample(100 * MS);
    expect([rtt.srttNs, rtt.rttvarNs, rtt.rtoNs]).toEqual([100 * MS, 50 * MS, 300 * MS]);
  });

  test("(2.3) a further sample weighs an eighth, in the variance a quarter, with the SRTT of before", () => {
    const rtt = new RttEstimator(FINE);
    rtt.sample(100 * MS);
    rtt.sample(200 * MS);
    expect(rtt.rttvarNs).toBeCloseTo(0.75 * 50 * MS + 0.25 * 100 * MS);
    expect(rtt.srttNs).toBeCloseTo(0.875 * 100 * MS + 0.125 * 200 * MS);
    expect(rtt.rtoNs).toBeCloseTo(112.5 * MS + 4 * 62.5 * MS);
    expect(rtt.minRttNs).toBe(100 * MS);
  });

  test("(2.3) without variance the clock's granularity remains, (2.4) and it is never below the minimum", () => {
    const steady = (settings: typeof RFC): number => {
      const rtt = new RttEstimator(settings);
      for (let n = 0; n < 200; n++) rtt.sample(10 * MS);
      return rtt.rtoNs;
    };
    expect(steady(FINE)).toBeCloseTo(11 * MS);
    expect(steady(RFC)).toBe(SECOND);
    expect(steady(LINUX_RTO)).toBeCloseTo(210 * MS);
    expect(steady(ILLUMOS_RTO)).toBe(400 * MS);
  });

  test("(2.5) and (5.5) it doubles with each expiry up to the maximum, and (5) a sample ends that", () => {
    const rtt = new RttEstimator(RFC);
    const waits = Array.from({ length: 8 }, () => {
      const before = rtt.rtoNs / SECOND;
      rtt.backOff();
      return before;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(rtt.backoffs).toBe(6);
    rtt.sample(100 * MS);
    expect([rtt.rtoNs, rtt.backoffs]).toEqual([SECOND, 0]);
  });

  test("(3) a segment that was sent again is not measured: Karn's algorithm", () => {
    const rtt = new RttEstimator(FINE);
    rtt.time(1000, 0);
    rtt.time(2000, 5 * MS);
    rtt.acked(999, 20 * MS);
    expect(rtt.srttNs).toBe(0);
    rtt.acked(1500, 30 * MS);
    expect(rtt.srttNs).toBe(30 * MS);
    rtt.time(3000, 40 * MS);
    rtt.stopTiming();
    rtt.acked(3000, 900 * MS);
    expect(rtt.srttNs).toBe(30 * MS);
    rtt.time(4000, 900 * MS);
    rtt.backOff();
    rtt.acked(4000, 2000 * MS);
    expect([rtt.srttNs, rtt.backoffs]).toEqual([30 * MS, 1]);
  });

  test("RFC 7323 appendix G: of many samples in a round trip each weighs less", () => {
    const one = new RttEstimator(FINE);
    const many = new RttEstimator(FINE);
    for (const rtt of [one, many]) rtt.sample(100 * MS);
    one.sample(180 * MS);
    for (let n = 0; n < 8; n++) many.sample(180 * MS, 8);
    expect(one.srttNs).toBe(110 * MS);
    expect(many.srttNs / MS).toBeGreaterThan(109);
    expect(many.srttNs / MS).toBeLessThan(110);
  });

  test("(5.7) after a SYN that was sent again data begins with 3 s, unless a timestamp measured the handshake", () => {
    const lost = new RttEstimator(LINUX_RTO);
    lost.backOff();
    expect(lost.rtoNs).toBe(2 * SECOND);
    lost.established(true);
    expect(lost.rtoNs).toBe(3 * SECOND);
    const measured = new RttEstimator(LINUX_RTO);
    measured.backOff();
    measured.sample(20 * MS);
    measured.established(true);
    expect(measured.rtoNs).toBe(220 * MS);
    const direct = new RttEstimator(LINUX_RTO);
    direct.established(false);
    expect(direct.rtoNs).toBe(SECOND);
  });

  test("after eight expiries the next sample begins anew", () => {
    const rtt = new RttEstimator({ ...FINE, maxRtoNs: 1e15 });
    rtt.sample(100 * MS);
    for (let n = 0; n < 8; n++) rtt.backOff();
    expect(rtt.rtoNs).toBe(300 * MS * 256);
    rtt.sample(10 * MS);
    expect([rtt.srttNs, rtt.rttvarNs]).toEqual([10 * MS, 5 * MS]);
  });
});

describe("the retransmission timer", () => {
  test("it runs from the first segment (5.1), anew with each acknowledgement (5.3), and stops when all arrived (5.2)", () => {
    const timer = new RetransmissionTimer(new RttEstimator(RFC));
    expect(timer.running).toBe(false);
    timer.sent(0);
    timer.sent(500 * MS);
    expect(timer.atNs).toBe(SECOND);
    timer.acked(true, 600 * MS);
    expect(timer.atNs).toBe(1600 * MS);
    timer.acked(false, 700 * MS);
    expect([timer.running, timer.atNs]).toEqual([false, Infinity]);
  });

  test("when it expires it runs on for twice as long (5.5, 5.6)", () => {
    const timer = new RetransmissionTimer(new RttEstimator(RFC));
    timer.sent(0);
    timer.expired(SECOND);
    expect(timer.atNs).toBe(3 * SECOND);
    timer.expired(3 * SECOND);
    expect(timer.atNs).toBe(7 * SECOND);
    timer.stop();
    expect(timer.running).toBe(false);
  });
});
