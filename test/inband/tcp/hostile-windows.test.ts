import { describe, expect, test } from "@jest/globals";
import { TCP_FLAG } from "../../../services/abi/packet/tcp.ts";
import { seqAdd, seqDiff } from "../../../services/inband/model/tcp/seq.ts";
import { close } from "../../../services/inband/model/tcp/user-calls.ts";
import { draws } from "../fuzz-frames.ts";
import { Puppet } from "./puppet.ts";

const { ACK } = TCP_FLAG;
const MS = 1_000_000;
const SECOND = 1000 * MS;
const bytesOf = (segments: readonly { readonly payload: Uint8Array }[]): number =>
  segments.reduce((sum, { payload }) => sum + payload.length, 0);

describe("a peer's window", () => {
  test("that shrinks takes nothing back that was sent, and stops what is new (RFC 9293 3.8.6)", () => {
    const puppet = Puppet.established();
    puppet.window = 10_000;
    puppet.says({});
    puppet.writes(new Uint8Array(50_000));
    const first = bytesOf(puppet.take());
    expect(first).toBeLessThanOrEqual(10_000);
    const start = seqAdd(puppet.ack, -first);
    // Half of what was sent is acknowledged, and the window ends before the rest.
    puppet.window = 100;
    puppet.says({ ack: seqAdd(start, Math.floor(first / 2)) });
    expect(bytesOf(puppet.take())).toBe(0);
    puppet.pass(5 * SECOND);
    // What lies between is sent again (it may arrive), or a probe; nothing beyond what had been sent.
    for (const { seq, payload } of puppet.take())
      expect(seqDiff(seqAdd(seq, payload.length), seqAdd(start, first))).toBeLessThanOrEqual(1);
    puppet.window = 60_000;
    puppet.says({});
    puppet.pass(SECOND);
    expect(bytesOf(puppet.take())).toBeGreaterThan(0);
  });

  test("that is shut is asked about less and less often, and for as long as the peer answers", () => {
    const puppet = Puppet.established();
    puppet.window = 0;
    puppet.says({});
    puppet.writes(new Uint8Array(5000));
    const una = puppet.ack;
    puppet.take();
    const asked: number[] = [];
    for (let seconds = 0; seconds < 3600; seconds++) {
      puppet.pass(SECOND);
      const probes = puppet.take();
      if (probes.length > 0) asked.push(seconds);
      expect(bytesOf(probes)).toBeLessThanOrEqual(probes.length);
      if (probes.length > 0) puppet.says({ ack: una });
    }
    puppet.is("ESTABLISHED");
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.length).toBeLessThan(200);
    puppet.window = 65_535;
    puppet.says({ ack: una });
    puppet.pass(200 * SECOND);
    expect(bytesOf(puppet.take())).toBeGreaterThanOrEqual(5000);
  });

  test("that is shut for ever, with a peer that is silent, ends the connection", () => {
    const puppet = Puppet.established();
    puppet.window = 0;
    puppet.says({});
    puppet.writes(new Uint8Array(5000));
    puppet.pass(2 * 3600 * SECOND);
    puppet.is("CLOSED");
    expect(puppet.why).toBe("timeout");
  });

  test("that is shut for ever does not keep what nobody has (an orphan ends, whatever the peer answers)", () => {
    const puppet = Puppet.established();
    puppet.window = 0;
    puppet.says({});
    puppet.writes(new Uint8Array(5000));
    const una = puppet.ack;
    puppet.perform(close(puppet.connection, puppet.nowNs));
    for (let seconds = 0; seconds < 3600 && puppet.state !== "CLOSED"; seconds++) {
      puppet.pass(SECOND);
      if (puppet.take().length > 0 && puppet.why === undefined) puppet.says({ ack: una });
    }
    puppet.is("CLOSED");
  });

  test("of one byte gets no silly segments: it is filled when it is worth it, or when a timer says so", () => {
    const puppet = Puppet.established({}, { nodelay: true });
    puppet.window = 65_535;
    puppet.says({});
    puppet.writes(new Uint8Array(30_000));
    const out = bytesOf(puppet.take());
    // All is acknowledged, and from now on the window is one byte each time.
    puppet.window = 1;
    puppet.says({});
    let segments = 0;
    for (let round = 0; round < 100; round++) {
      segments += puppet.take().filter(({ payload }) => payload.length > 0).length;
      puppet.says({});
      puppet.pass(10 * MS);
    }
    // A second has passed: a hundred windows of one byte, and a few probes.
    expect(segments).toBeLessThan(12);
    expect(out).toBeGreaterThan(0);
  });

  test("is not the only one that may be silly: a reader of single bytes opens ours by segments, not by bytes", () => {
    const puppet = Puppet.established({ mss: 1000 }, { rcvbuf: 8000 });
    while (puppet.honestly(new Uint8Array(1000)).at(-1)?.window !== 0 && puppet.seq < 5001 + 20_000);
    puppet.pass(SECOND);
    puppet.take();
    let before = 0;
    for (let count = 0; count < 6000; count++) {
      puppet.reads(1);
      for (const { window } of puppet.take()) {
        if (window === before) continue;
        // RFC 9293 3.8.6.2.2: by a segment, or by half of the buffer.
        expect(window - before).toBeGreaterThanOrEqual(1000);
        before = window;
      }
    }
    expect(before).toBeGreaterThan(0);
  });
});

describe("acknowledgments that cheat", () => {
  /** Sends all that the window of the sender lets out, acknowledging with `acks` acknowledgments for each flight. */
  const flightAfter = (acksPerFlight: (from: number, to: number) => number[], flights: number): number => {
    const puppet = Puppet.established(
      { mss: 1000, windowScale: 9 },
      { sndbuf: 10_000_000, congestion: "reno", mss: 1000 },
    );
    puppet.writes(new Uint8Array(5_000_000));
    let una = seqAdd(puppet.ack, -bytesOf(puppet.take()));
    let flight = 0;
    for (let round = 0; round < flights; round++) {
      const end = puppet.ack;
      flight = seqDiff(end, una);
      puppet.pass(10 * MS);
      for (const ack of acksPerFlight(una, end)) puppet.says({ ack });
      una = end;
      puppet.take();
    }
    return flight;
  };

  test("one byte at a time do not make the window grow faster (RFC 3465, RFC 5681 3.1)", () => {
    const whole = flightAfter((_, to) => [to], 3);
    const divided = flightAfter(
      (from, to) => Array.from({ length: seqDiff(to, from) }, (_, i) => seqAdd(from, i + 1)),
      3,
    );
    const perSegment = flightAfter(
      (from, to) => Array.from({ length: Math.ceil(seqDiff(to, from) / 1000) }, (_, i) => seqAdd(from, (i + 1) * 1000)),
      3,
    );
    expect(divided).toBeLessThanOrEqual(Math.max(whole, perSegment) + 2000);
  });

  test("duplicates do not let data out that nobody acknowledged, beyond limited transmit and recovery", () => {
    const puppet = Puppet.established(
      { mss: 1000, windowScale: 9 },
      { sndbuf: 10_000_000, congestion: "reno", mss: 1000 },
    );
    puppet.writes(new Uint8Array(5_000_000));
    const una = seqAdd(puppet.ack, -bytesOf(puppet.take()));
    const flight = seqDiff(puppet.ack, una);
    for (let count = 0; count < 10_000; count++) puppet.says({ ack: una });
    // Each duplicate may mean that a segment has left, of those that were there: no more leave than were sent.
    expect(seqDiff(puppet.ack, una)).toBeLessThanOrEqual(3 * flight);
  });

  test("SACK blocks that lie: all is sent again in the end, and nothing breaks", () => {
    const draw = draws(2018);
    for (let run = 0; run < 60; run++) {
      const puppet = Puppet.established({ mss: 1000, windowScale: 9, sackPermitted: true }, { sndbuf: 1_000_000 });
      puppet.writes(new Uint8Array(40_000));
      puppet.take();
      const una = seqAdd(1000, 1);
      for (let count = 0; count < 50; count++) {
        const sack = Array.from({ length: 1 + draw(4) }, () => {
          const left = seqAdd(una, [draw(50_000), -draw(5000), 2 ** 31, draw(50_000)][draw(4)] ?? 0);
          return [left, seqAdd(left, [draw(5000), 0, -1, 2 ** 30, 2 ** 31][draw(5)] ?? 0)] as const;
        });
        puppet.says({ ack: una, sack });
        if (draw(5) === 0) puppet.pass(draw(500) * MS);
      }
      // The liar kept nothing of it: RFC 2018 8, a timeout sends everything again.
      const got = new Set<number>();
      let ack = una;
      for (let round = 0; round < 400 && seqDiff(ack, una) < 40_000; round++) {
        for (const { seq, payload } of puppet.take())
          for (let i = 0; i < payload.length; i += 1) got.add(seqDiff(seq, una) + i);
        let next = seqDiff(ack, una);
        while (got.has(next)) next++;
        ack = seqAdd(una, next);
        puppet.says({ ack });
        if (puppet.sent.length === 0) puppet.pass(2 * SECOND);
      }
      expect(seqDiff(ack, una)).toBe(40_000);
      puppet.is("ESTABLISHED");
    }
  });
});

test("windows that jump, with acknowledgments old and new: data goes on or waits, and nothing is stuck", () => {
  const draw = draws(813);
  for (let run = 0; run < 100; run++) {
    const puppet = Puppet.established({ mss: 500, ...(draw(2) === 0 ? { windowScale: draw(15) } : {}) });
    puppet.writes(new Uint8Array(100_000));
    const una = seqAdd(1000, 1);
    let acked = 0;
    for (let round = 0; round < 100; round++) {
      const out = seqDiff(puppet.ack, una);
      acked = Math.max(acked, Math.min(out, acked + draw(3000)));
      const old = draw(4) === 0 ? -draw(acked + 1) : 0;
      puppet.says({ ack: seqAdd(una, acked + old), window: [0, 1, draw(2000), 65_535][draw(4)] ?? 0, flags: ACK });
      puppet.pass(draw(300) * MS);
    }
    for (let round = 0; round < 3000 && acked < 100_000; round++) {
      acked = seqDiff(puppet.ack, una);
      puppet.says({ ack: puppet.ack, window: 65_535 });
      puppet.pass(SECOND);
    }
    expect(acked).toBe(100_000);
  }
});
