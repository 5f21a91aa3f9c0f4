import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fragment } from "../../services/abi/packet/fragment.ts";
import type { Arrival } from "../../services/abi/packet/fragment-queue.ts";
import { Reassembler } from "../../services/abi/packet/reassembly.ts";
import { totalBytes, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { SECOND, bytes, ip, there } from "./stack-harness.ts";

const LIMITS = { timeoutNs: 30 * SECOND, bytesMax: 4 << 20 };

const datagram = (length: number, more: Partial<Ipv4Packet> = {}): Ipv4Packet => ({
  tos: 0,
  identification: 7,
  dontFragment: false,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 64,
  protocol: 17,
  source: ip("192.0.2.1"),
  destination: ip("192.0.2.2"),
  options: new Uint8Array(0),
  payload: Uint8Array.from({ length }, (_, at) => (at * 7 + (at >>> 8)) & 0xff),
  ...more,
});

const arrival = (packet: Ipv4Packet): Arrival => ({ packet, ifindex: 2, toHost: true });
const cut = (packet: Ipv4Packet, mtu: number): readonly Ipv4Packet[] => {
  const pieces = fragment(packet, mtu);
  return pieces.ok ? pieces.value : [];
};
/** A fragment of a long datagram, by the units of 8 bytes that it covers. */
const piece = (from: number, to: number, last: boolean): Ipv4Packet => {
  const { payload } = datagram(8000);
  return datagram(0, { fragmentOffset: from * 8, moreFragments: !last, payload: payload.subarray(from * 8, to * 8) });
};

describe("fragmentation", () => {
  test("4,028 bytes at an MTU of 1,500 become three pieces, all but the last full to a multiple of 8", () => {
    const pieces = cut(datagram(4008), 1500);
    expect(
      pieces.map(({ fragmentOffset, moreFragments, payload }) => [fragmentOffset, payload.length, moreFragments]),
    ).toEqual([
      [0, 1480, true],
      [1480, 1480, true],
      [2960, 1048, false],
    ]);
  });

  test("what fits stays whole, and DF is EMSGSIZE for what does not", () => {
    expect(cut(datagram(1480, { dontFragment: true }), 1500)).toHaveLength(1);
    expect(fragment(datagram(1481, { dontFragment: true }), 1500)).toEqual({ ok: false, errno: "EMSGSIZE" });
    expect(fragment(datagram(100), 27)).toEqual({ ok: false, errno: "EMSGSIZE" });
  });

  test("later pieces carry only the options that are marked to be copied", () => {
    // A record route (7, not copied) of 3 bytes, a stream id (0x88, copied) of 4, an end.
    const [first, second] = cut(datagram(64, { options: bytes("07 03 04 88 04 00 01 00") }), 60);
    expect(there(first).options).toEqual(bytes("07 03 04 88 04 00 01 00"));
    expect(there(second).options).toEqual(bytes("01 01 01 88 04 00 01 00"));
  });

  test("a fragment can be cut again, and still says that more follow", () => {
    const pieces = cut(piece(10, 30, false), 100);
    expect(pieces.map(({ fragmentOffset, moreFragments }) => [fragmentOffset, moreFragments])).toEqual([
      [80, true],
      [160, true],
    ]);
  });
});

describe("reassembly", () => {
  test("pieces become the datagram in whatever order they come, some of them twice, cut twice over", () => {
    const stories = fc
      .record({ length: fc.integer({ min: 9, max: 1500 }), mtu: fc.integer({ min: 28, max: 600 }) })
      .chain(({ length, mtu }) => {
        const packet = datagram(length);
        const pieces = cut(packet, mtu).flatMap((one) => cut(one, Math.max(28, mtu - 40)));
        const twice = fc.subarray([...pieces]);
        return fc.tuple(
          fc.constant(packet),
          fc.constant(pieces.length),
          fc.shuffledSubarray([...pieces], { minLength: pieces.length }),
          twice,
        );
      });
    fc.assert(
      fc.property(stories, ([packet, count, shuffled, twice]) => {
        fc.pre(count > 1);
        const reassembler = new Reassembler(LIMITS);
        const last = there(shuffled.at(-1));
        for (const one of shuffled.slice(0, -1)) {
          expect(reassembler.add(arrival(one), 0)).toEqual({ t: "held" });
          if (twice.includes(one)) {
            expect(reassembler.add(arrival(one), 0)).toMatchObject({ t: "dropped", drop: "fragment_duplicate" });
          }
        }
        expect(reassembler.held).toBe(count - 1);
        const step = reassembler.add(arrival(last), 0);
        expect(step).toMatchObject({ t: "complete", packet });
        expect(step.t === "complete" && step.arrivals.length).toBe(count);
        expect([reassembler.held, reassembler.bytes]).toEqual([0, 0]);
      }),
    );
  });

  test("any overlap that is no duplicate gives the datagram up, as a map of the bytes says", () => {
    const spans = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 5 }))
        .map(([from, size]) => [from, from + size] as const),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(spans, (list) => {
        const reassembler = new Reassembler(LIMITS);
        // The reference: which units of 8 bytes are there. None of these fragments is the last.
        let covered = new Set<number>();
        let held = 0;
        for (const [from, to] of list) {
          const units = Array.from({ length: to - from }, (_, at) => from + at);
          const known = units.filter((unit) => covered.has(unit)).length;
          const step = reassembler.add(arrival(piece(from, to, false)), 0);
          const what = step.t === "dropped" ? `${step.drop} ${step.arrivals.length}` : step.t;
          if (known === 0) {
            expect(what).toBe("held");
            held++;
            for (const unit of units) covered.add(unit);
          } else if (known === units.length) expect(what).toBe("fragment_duplicate 1");
          else {
            expect(what).toBe(`fragment_overlap ${held + 1}`);
            covered = new Set();
            held = 0;
          }
          expect(reassembler.held).toBe(held);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a second end, an end before what has been seen, and an empty piece give the datagram up", () => {
    for (const [before, wrong] of [
      [piece(5, 8, true), piece(8, 9, true)],
      [piece(5, 8, false), piece(2, 4, true)],
      [piece(5, 8, true), piece(9, 12, false)],
      [piece(5, 8, false), piece(2, 2, false)],
    ] as const) {
      const reassembler = new Reassembler(LIMITS);
      expect(reassembler.add(arrival(before), 0).t).toBe("held");
      expect(reassembler.add(arrival(wrong), 0)).toMatchObject({ t: "dropped", drop: "fragment_inconsistent" });
      expect(reassembler.held).toBe(0);
    }
  });

  test("a datagram beyond 65,535 bytes is given up before its memory is asked for", () => {
    const reassembler = new Reassembler(LIMITS);
    const ping = datagram(100, { fragmentOffset: 65_512, moreFragments: false });
    expect(reassembler.add(arrival(ping), 0)).toMatchObject({ t: "dropped", drop: "fragment_size" });
  });

  test("identification, protocol and both addresses keep datagrams apart", () => {
    const reassembler = new Reassembler(LIMITS);
    const half = piece(0, 4, false);
    for (const other of [
      half,
      { ...half, identification: 8 },
      { ...half, protocol: 1 },
      { ...half, source: ip("192.0.2.9") },
    ])
      expect(reassembler.add(arrival(other), 0).t).toBe("held");
    expect(reassembler.add(arrival(piece(4, 5, true)), 0)).toMatchObject({ t: "complete" });
    expect(reassembler.held).toBe(3);
  });

  test("after 30 seconds from the first piece on it is too late, and the first fragment is known if it came", () => {
    const reassembler = new Reassembler(LIMITS);
    reassembler.add(arrival(piece(0, 4, false)), 5);
    reassembler.add(arrival(datagram(8, { identification: 9, fragmentOffset: 8 })), 10);
    reassembler.add(arrival(piece(6, 8, false)), 20 * SECOND);
    expect(reassembler.pollAtNs()).toBe(30 * SECOND + 5);
    expect(reassembler.tick(30 * SECOND + 4)).toEqual([]);
    const [expired, none] = reassembler.tick(30 * SECOND + 5);
    expect(none).toBeUndefined();
    expect(there(expired).arrivals).toHaveLength(2);
    expect(there(expired).first?.packet.fragmentOffset).toBe(0);
    expect(reassembler.tick(31 * SECOND)).toMatchObject([{ first: undefined }]);
    expect([reassembler.pollAtNs(), reassembler.bytes]).toEqual([undefined, 0]);
  });

  test("memory is a wall: what would go beyond it is dropped, and what is there stays", () => {
    const reassembler = new Reassembler({ timeoutNs: SECOND, bytesMax: 2000 });
    expect(reassembler.add(arrival(piece(0, 100, false)), 0).t).toBe("held");
    expect(reassembler.add(arrival(piece(100, 200, true)), 0)).toMatchObject({ t: "dropped", drop: "fragment_memory" });
    expect(reassembler.bytes).toBeLessThanOrEqual(2000);
    expect(reassembler.add(arrival(piece(100, 160, true)), 0).t).toBe("complete");
    expect(totalBytes(datagram(0))).toBe(20);
  });
});
