import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Outstanding } from "../../../services/inband/model/tcp/outstanding.ts";
import { Resends } from "../../../services/inband/model/tcp/resends.ts";
import { STRETCHES_MAX, Scoreboard } from "../../../services/inband/model/tcp/scoreboard.ts";

const MSS = 10;

/** RFC 6675 §4 byte by byte, as it is printed. */
class Naive {
  readonly sacked = new Set<number>();
  una = 0;
  nxt = 0;
  highRxt = 0;

  isLost(seq: number): boolean {
    let bytes = 0;
    let sequences = 0;
    for (let at = seq + 1; at < this.nxt; at++) {
      if (!this.sacked.has(at)) continue;
      bytes++;
      if (!this.sacked.has(at - 1)) sequences++;
    }
    return sequences >= 3 || bytes > 2 * MSS;
  }

  pipe(): number {
    let pipe = 0;
    for (let at = this.una; at < this.nxt; at++) {
      if (this.sacked.has(at)) continue;
      if (!this.isLost(at)) pipe++;
      if (at < this.highRxt) pipe++;
    }
    return pipe;
  }

  /** NextSeg() rule (1): the first byte to be sent again. */
  rule1(): number | undefined {
    for (let at = Math.max(this.highRxt, this.una); at < this.nxt; at++)
      if (!this.sacked.has(at)) return this.isLost(at) ? at : undefined;
    return undefined;
  }

  /** What is above what is acknowledged; everything, if the peer gave up what it had said it held. */
  acknowledge(ack: number): void {
    this.una = ack;
    this.highRxt = Math.max(this.highRxt, ack);
    if (this.sacked.has(ack)) this.sacked.clear();
    for (const at of this.sacked) if (at < ack) this.sacked.delete(at);
  }
}

describe("the scoreboard", () => {
  test("IsLost and SetPipe are those of RFC 6675, whatever is sent, acknowledged and sent again", () => {
    const operation = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ t: fc.constant("sent" as const), a: fc.integer({ min: 1, max: 40 }), b: fc.nat(0) }),
      },
      {
        weight: 6,
        arbitrary: fc.record({
          t: fc.constant("sack" as const),
          a: fc.nat(150),
          b: fc.oneof(fc.nat(30), fc.constantFrom(1, 2, 10, 20)),
        }),
      },
      { weight: 1, arbitrary: fc.record({ t: fc.constant("ack" as const), a: fc.nat(30), b: fc.nat(0) }) },
      { weight: 2, arbitrary: fc.record({ t: fc.constant("again" as const), a: fc.nat(0), b: fc.nat(0) }) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 50 }), (operations) => {
        const sent = new Outstanding();
        const naive = new Naive();
        for (const { t, a, b } of operations) {
          if (t === "sent" && naive.nxt < 200) sent.sent((naive.nxt += a));
          else if (t === "sack") {
            const from = naive.una + a - 10;
            const to = from + b;
            let fresh = 0;
            if (from > naive.una && to <= naive.nxt)
              for (let at = from; at < to; at++) {
                if (!naive.sacked.has(at)) fresh++;
                naive.sacked.add(at);
              }
            expect(sent.hear([from, to])).toBe(fresh);
          } else if (t === "ack") {
            const ack = Math.min(naive.nxt, naive.una + a);
            if (ack === naive.una) continue;
            naive.acknowledge(ack);
            sent.acknowledge(ack);
          } else {
            sent.review(MSS, 0);
            const from = naive.rule1();
            const hole = sent.nextHole();
            expect(hole < sent.lostBelow ? hole : undefined).toBe(from);
            if (from === undefined) continue;
            const to = Math.min(from + MSS, sent.board.holeEnd(from, naive.nxt));
            naive.highRxt = to;
            sent.find(from, naive.nxt, MSS, "fast");
            sent.resent();
          }
          expect(sent.board.bytes).toBe(naive.sacked.size);
          sent.review(MSS, 0);
          expect(sent.pipe).toBe(naive.pipe());
        }
      }),
      { numRuns: 300 },
    );
  });

  test("blocks that cannot be are not believed: beyond what was sent, at or below what is acknowledged, empty, turned around", () => {
    const board = new Scoreboard();
    for (const [from, to] of [
      [900, 1001],
      [100, 200],
      [50, 150],
      [500, 500],
      [600, 500],
      [0, 1000],
    ] as const)
      // prettier-ignore
      expect(board.add(from, to, 100, 1000)).toBe(0);
    expect([board.count, board.bytes, board.highest]).toEqual([0, 0, -1]);
  });

  test("a cumulative acknowledgement that ends within a stretch says that the peer gave it up: nothing is believed any more", () => {
    const board = new Scoreboard();
    board.add(200, 300, 0, 1000);
    board.add(400, 500, 0, 1000);
    expect(board.acknowledge(100)).toBe(true);
    expect(board.acknowledge(200)).toBe(false);
    expect([board.count, board.bytes]).toEqual([0, 0]);
    board.add(400, 500, 200, 1000);
    expect(board.acknowledge(450)).toBe(false);
    board.add(600, 700, 450, 1000);
    expect(board.acknowledge(700)).toBe(true);
    expect(board.count).toBe(0);
  });

  test("a peer that acknowledges every second byte is believed up to so many stretches", () => {
    const board = new Scoreboard();
    for (let at = 1; at < 10_000; at += 2) board.add(at, at + 1, 0, 10_000);
    expect([board.count, board.bytes]).toEqual([STRETCHES_MAX, STRETCHES_MAX]);
    expect(board.add(1, 10_000, 0, 10_000)).toBe(9999 - STRETCHES_MAX);
    expect(board.count).toBe(1);
  });

  test("holes are found between stretches, and the last missing byte below what was sent", () => {
    const board = new Scoreboard();
    board.add(20, 30, 0, 100);
    board.add(50, 60, 0, 100);
    expect([0, 20, 25, 30, 59, 60].map((at) => board.holeFrom(at))).toEqual([0, 30, 30, 30, 60, 60]);
    expect([0, 30, 60].map((at) => board.holeEnd(at, 100))).toEqual([20, 50, 100]);
    expect([board.lastMissing(100), board.lastMissing(60)]).toEqual([100, 50]);
    expect([0, 25, 50, 55, 99].map((at) => board.heldBelow(at))).toEqual([0, 5, 10, 15, 20]);
  });
});

describe("what was lost again", () => {
  test("a retransmission is lost again when three segments arrived that were sent later, not before", () => {
    const board = new Scoreboard();
    const resends = new Resends();
    board.add(10, 40, 0, 100);
    resends.add(0, 10, 100);
    board.add(100, 120, 0, 200);
    expect([resends.review(board, 0, MSS), resends.none]).toEqual([-1, true]);
    board.add(120, 130, 0, 200);
    expect([resends.review(board, 0, MSS), resends.none]).toEqual([1, false]);
    expect([resends.hole(board, 0), resends.missing(board, 0)]).toEqual([0, 10]);
    resends.add(0, 10, 200);
    expect([resends.none, resends.hole(board, 0)]).toEqual([true, -1]);
  });

  test("what was lost again is not in the pipe before it is sent once more", () => {
    const sent = new Outstanding();
    sent.sent(100);
    sent.hear([10, 60]);
    sent.review(MSS, 0);
    expect(sent.pipe).toBe(40);
    sent.nextSegment(MSS, false, false);
    sent.resent();
    sent.sent(200);
    expect(sent.pipe).toBe(150);
    sent.hear([100, 140]);
    expect(sent.findLostAgain(MSS)).toBe(1);
    sent.review(MSS, 0);
    // [60, 100) is lost by what is above it, and so is [0, 10) a second time.
    expect(sent.pipe).toBe(60);
    sent.nextSegment(MSS, false, false);
    expect([sent.from, sent.length]).toEqual([0, 10]);
    sent.resent();
    sent.review(MSS, 0);
    expect(sent.pipe).toBe(70);
  });

  test("later retransmissions that arrived count as well, and what arrived after all is not sent again", () => {
    const board = new Scoreboard();
    const resends = new Resends();
    for (const from of [0, 20, 40, 60]) resends.add(from, from + 10, 100);
    board.add(10, 30, 0, 100);
    board.add(30, 50, 0, 100);
    expect(resends.review(board, 0, MSS)).toBe(-1);
    board.add(60, 70, 0, 100);
    expect(resends.review(board, 0, MSS)).toBe(1);
    board.add(3, 8, 0, 100);
    expect([resends.hole(board, 0), resends.missing(board, 0)]).toEqual([0, 5]);
    board.acknowledge(10);
    expect([resends.hole(board, 10), resends.none, resends.missing(board, 10)]).toEqual([-1, true, 0]);
  });
});
