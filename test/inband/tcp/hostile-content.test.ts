import { describe, expect, test } from "@jest/globals";
import { TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import { seqAdd } from "../../../services/inband/model/tcp/seq.ts";
import { readable } from "../../../services/inband/model/tcp/user-calls.ts";
import { draws } from "../fuzz-frames.ts";
import { Puppet, type SynOptions } from "./puppet.ts";

const { ACK, URG, SYN } = TCP_FLAG;
const SECOND = 1_000_000_000;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (from: string): Uint8Array => new TextEncoder().encode(from);

describe("segments that overlap and differ", () => {
  test("what came first stays, in order", () => {
    const puppet = Puppet.established();
    puppet.says({ payload: bytes("abcdef") });
    puppet.says({ payload: bytes("ABCDEFGH") });
    puppet.says({ payload: bytes("XY"), seq: seqAdd(puppet.seq, 3) });
    expect(text(puppet.reads())).toBe("abcdefGH");
  });

  test("what came first stays, before a hole, inside of one and around one", () => {
    const puppet = Puppet.established();
    const at = (offset: number, what: string): TcpSegment[] =>
      puppet.says({ payload: bytes(what), seq: seqAdd(puppet.seq, offset) });
    at(4, "efgh");
    at(2, "CDEF");
    at(6, "GHIJ");
    at(3, "........");
    at(12, "mn");
    at(10, "KLMNOP");
    at(0, "ABCDEFGHIJKLMNOPQ");
    const got = text(puppet.reads());
    expect(got.slice(4, 8)).toBe("efgh");
    expect(got.slice(12, 14)).toBe("mn");
    expect(got.slice(0, 2)).toBe("AB");
    expect(got.slice(2, 4)).toBe("CD");
    expect(got.slice(8, 10)).toBe("IJ");
    expect(got.slice(14)).toBe("OPQ");
  });

  test("any order of any overlapping lies gives each byte once, as it came first", () => {
    const draw = draws(4242);
    for (let run = 0; run < 400; run++) {
      const length = 1 + draw(200);
      const puppet = Puppet.established({}, {}, { irs: 2 ** 32 - draw(300) });
      const model = new Map<number, number>();
      const say = (from: number, size: number): void => {
        const payload = Uint8Array.from({ length: size }, () => draw(256));
        // Bytes that became readable are no longer looked at, and bytes that wait stay as they are.
        for (let i = 0; i < size; i++) if (!model.has(from + i)) model.set(from + i, payload[i] ?? 0);
        puppet.says({ payload, seq: seqAdd(puppet.seq, from) });
      };
      for (let count = draw(20); count >= 0; count--) {
        const from = draw(length);
        say(from, 1 + draw(Math.min(50, length - from)));
      }
      say(0, length);
      const expected = Uint8Array.from({ length }, (_, i) => model.get(i) ?? 0);
      expect(Buffer.compare(puppet.reads(), expected)).toBe(0);
    }
  });
});

describe("the memory of a receiver", () => {
  test("a byte here and a byte there, in a window of megabytes: no more than the buffer is kept, and little beside it", () => {
    const puppet = Puppet.established({ windowScale: 7, sackPermitted: true }, { rcvbuf: 3_000_000 });
    const before = process.memoryUsage();
    const one = Uint8Array.of(7);
    for (let at = 1; at < 200_000; at += 2) {
      puppet.says({ payload: one, seq: seqAdd(puppet.seq, at) });
      puppet.take();
    }
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(grown).toBeLessThan(100e6);
    expect(readable(puppet.connection)).toBe(0);
    // The honest rest still fills the holes that were kept, and everything else is sent again by its sender.
    puppet.says({ payload: one });
    expect(readable(puppet.connection)).toBeGreaterThan(0);
  });

  test("what is beyond the window is not kept, what reaches into it is cut", () => {
    const puppet = Puppet.established({}, { rcvbuf: 2000 });
    for (let at = 0; at < 100_000; at += 1000)
      puppet.says({ payload: new Uint8Array(1000), seq: seqAdd(puppet.seq, at) });
    expect(readable(puppet.connection)).toBeLessThanOrEqual(2000);
    puppet.reads();
    const other = Puppet.established({}, { rcvbuf: 2000 });
    other.says({ payload: new Uint8Array(10_000).fill(1) });
    expect(readable(other.connection)).toBeLessThanOrEqual(2000);
  });

  test("a peer that ignores a closed window fills nothing", () => {
    const puppet = Puppet.established({}, { rcvbuf: 4000 });
    for (let count = 0; count < 1000; count++) {
      puppet.honestly(new Uint8Array(1000));
      expect(readable(puppet.connection)).toBeLessThanOrEqual(4000);
    }
    puppet.take();
  });
});

describe("urgent pointers", () => {
  test("everywhere, at any place: no mark goes back, no byte is lost", () => {
    const draw = draws(6093);
    for (let run = 0; run < 100; run++) {
      const puppet = Puppet.established();
      let sent = "";
      for (let count = 0; count < 40; count++) {
        const payload = bytes(String.fromCharCode(97 + draw(26)).repeat(draw(20)));
        const urgent = [0, 1, 2, 65_535, draw(65_536)][draw(5)] ?? 0;
        puppet.honestly(payload, draw(3) === 0 ? ACK : ACK | URG);
        puppet.says({ flags: ACK | URG, urgent, seq: seqAdd(puppet.seq, draw(100) - 50) });
        sent += text(payload);
      }
      expect(text(puppet.reads())).toBe(sent);
      const marks = puppet.notices.flatMap((notice) => (notice.t === "urgent" ? [notice.offset] : []));
      expect(marks).toEqual(marks.toSorted((left, right) => left - right));
      puppet.is("ESTABLISHED");
    }
  });
});

describe("what a SYN asks for", () => {
  const ASKED: readonly [string, SynOptions][] = [
    ["an MSS of 0", { mss: 0 }],
    ["an MSS of 1", { mss: 1 }],
    ["an MSS of 65,535", { mss: 65_535 }],
    ["no MSS", {}],
    ["a window shifted by 255", { windowScale: 255, mss: 1000 }],
    ["a window shifted by 15", { windowScale: 15, mss: 1000 }],
    ["no window at all", { window: 0, mss: 1000 }],
    ["an MSS of 13 with timestamps and SACK", { mss: 13, sackPermitted: true, timestamp: { value: 0, echo: 99 } }],
  ];

  test.each(ASKED)("%s: data flows, in segments of at least one byte and at most what our MSS says", (_, options) => {
    const puppet = Puppet.established(options);
    puppet.window = 2000;
    puppet.says({});
    expect(puppet.writes(new Uint8Array(4000).fill(5))).toBe(4000);
    let got = 0;
    for (let round = 0; round < 4000 && got < 4000; round++) {
      for (const { payload } of puppet.take()) {
        expect(payload.length).toBeLessThanOrEqual(1460);
        got = Math.max(got, got + payload.length);
      }
      puppet.says({});
      if (puppet.sent.length === 0) puppet.pass(SECOND);
    }
    expect(got).toBeGreaterThanOrEqual(4000);
    // Nobody makes us send four thousand segments for four thousand bytes (Linux's TCP_MIN_SND_MSS is 48).
    expect(puppet.connection.counters.dataSegmentsOut).toBeLessThan(500);
  });

  test("a SYN with data, with FIN, with everything, opens a connection or does not, and nothing breaks", () => {
    for (let flags = 0; flags < 256; flags++) {
      const puppet = Puppet.calls();
      puppet.says({ flags, payload: bytes("x") });
      const other = Puppet.called();
      other.says({ flags: flags | SYN, payload: bytes("x"), mss: 0, windowScale: 200 });
      other.says({ flags });
      for (const one of [puppet, other]) {
        one.pass(2 * 3600 * SECOND);
        expect(["CLOSED", "ESTABLISHED", "CLOSE-WAIT"]).toContain(one.state);
      }
    }
  });
});

describe("timestamps (RFC 7323)", () => {
  const stamped = (): Puppet => Puppet.established({ timestamp: { value: 100_000, echo: 0 } });

  test("what is older than what was seen is answered and not believed", () => {
    const puppet = stamped();
    puppet.honestly(bytes("one"));
    puppet.stamp = 99_999;
    const answers = puppet.says({ payload: bytes("two") });
    expect(answers).toEqual([expect.objectContaining({ flags: ACK, ack: puppet.seq })]);
    expect(text(puppet.reads())).toBe("one");
    expect(puppet.connection.counters.pawsDrops).toBe(1);
    puppet.stamp = 100_000;
    puppet.says({ payload: bytes("TWO") });
    expect(text(puppet.reads())).toBe("TWO");
  });

  test("a forged segment outside the window leads nobody to believe in the future", () => {
    const puppet = stamped();
    puppet.stamp = 2 ** 31 - 1;
    puppet.says({ payload: bytes("no"), seq: seqAdd(puppet.seq, -(2 ** 30)) });
    puppet.says({ payload: bytes("no"), seq: seqAdd(puppet.seq, 2 ** 30) });
    puppet.says({ payload: bytes("no"), ack: seqAdd(puppet.ack, 2 ** 30) });
    puppet.stamp = 100_001;
    puppet.says({ payload: bytes("yes") });
    expect(text(puppet.reads())).toBe("yes");
  });

  test("a segment without a timestamp is not believed once both agreed (3.2), a reset is", () => {
    const puppet = stamped();
    puppet.says({ payload: bytes("no"), timestamp: undefined });
    expect(readable(puppet.connection)).toBe(0);
    puppet.says({ flags: TCP_FLAG.RST, timestamp: undefined });
    puppet.is("CLOSED");
  });

  test("after 24 days of silence any timestamp is new (5.5)", () => {
    const puppet = stamped();
    puppet.honestly(bytes("one"));
    puppet.pass(25 * 24 * 3600 * SECOND);
    puppet.stamp = 5;
    puppet.says({ payload: bytes("two") });
    expect(text(puppet.reads())).toBe("onetwo");
  });

  test("an echo of something that was never sent measures no round trip", () => {
    const puppet = stamped();
    for (const echo of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
      puppet.writes(bytes("x"));
      puppet.says({ timestamp: { value: 100_000, echo } });
      puppet.pass(SECOND);
    }
    puppet.writes(bytes("unanswered"));
    puppet.take();
    puppet.pass(3 * SECOND);
    expect(puppet.take().length).toBeGreaterThan(0);
  });
});
