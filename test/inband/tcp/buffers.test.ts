import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BufferPool } from "../../../services/inband/model/tcp/buffer-pool.ts";
import { RANGES_MAX } from "../../../services/inband/model/tcp/out-of-order.ts";
import { ReceiveBuffer } from "../../../services/inband/model/tcp/receive-buffer.ts";
import { SendBuffer } from "../../../services/inband/model/tcp/send-buffer.ts";
import { seqAdd, seqDiff, seqLess, seqLessEq } from "../../../services/inband/model/tcp/seq.ts";

/** Bytes that tell where in the stream they belong, and (`version`) which of several transmissions they were in. */
const stretch = (from: number, to: number, version = 0): Uint8Array =>
  Uint8Array.from({ length: to - from }, (_, at) => ((from + at) * 31 + version * 101) & 0xff);

describe("sequence numbers", () => {
  test("they wrap, and what is less than half the space ahead is greater", () => {
    expect(seqAdd(0xffffffff, 1)).toBe(0);
    expect(seqAdd(0, -1)).toBe(0xffffffff);
    expect(seqDiff(5, 0xfffffffb)).toBe(10);
    expect(seqDiff(0xfffffffb, 5)).toBe(-10);
    expect(seqLess(0xfffffff0, 3)).toBe(true);
    expect(seqLess(3, 3)).toBe(false);
    expect(seqLessEq(3, 3)).toBe(true);
    expect(seqAdd(7, 2 ** 40)).toBe(7);
  });
});

describe("the send buffer", () => {
  test("what was written is seen at its offset until it is released, and the memory goes back when nothing is left", () => {
    const pool = new BufferPool(1 << 20);
    const buffer = new SendBuffer(pool);
    expect(buffer.capacity).toBe(0);
    buffer.append(stretch(0, 1000));
    buffer.append(stretch(1000, 3000));
    expect(buffer.view(500, 1460)).toEqual(stretch(500, 1960));
    buffer.release(2000);
    expect([buffer.start, buffer.end, buffer.length]).toEqual([2000, 3000, 1000]);
    buffer.release(3000);
    expect([buffer.capacity, pool.kept]).toEqual([0, 4096 + 1024]);
    buffer.append(stretch(3000, 3010));
    expect(buffer.view(3000, 10)).toEqual(stretch(3000, 3010));
    expect(pool.kept).toBe(4096 + 1024);
  });

  test("it is an array of bytes that is cut in front and grows behind", () => {
    const operation = fc.oneof(
      fc.record({ t: fc.constant("append" as const), n: fc.nat(3000) }),
      fc.record({ t: fc.constant("release" as const), n: fc.nat(3000) }),
      fc.record({ t: fc.constant("view" as const), n: fc.nat(3000), m: fc.nat(3000) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const buffer = new SendBuffer(new BufferPool(16384));
        let start = 0;
        let end = 0;
        for (const step of operations) {
          if (step.t === "append") {
            buffer.append(stretch(end, end + step.n));
            end += step.n;
          } else if (step.t === "release") {
            start = Math.min(end, start + step.n);
            buffer.release(start);
          } else {
            const from = Math.min(end, start + step.n);
            const to = Math.min(end, from + step.m);
            expect(buffer.view(from, to - from)).toEqual(stretch(from, to));
          }
          expect([buffer.start, buffer.end]).toEqual([start, end]);
          expect(buffer.capacity).toBeLessThanOrEqual(Math.max(512, 2 * 3000 * 60));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("the pool keeps no more than it may", () => {
    const pool = new BufferPool(1000);
    pool.give(pool.take(600));
    expect(pool.kept).toBe(0);
    pool.give(pool.take(100));
    pool.give(new Uint8Array(512));
    expect(pool.kept).toBe(512);
    expect(pool.take(10)).toHaveLength(512);
    expect(pool.kept).toBe(0);
  });
});

/** The receive buffer as one would write it without thinking of speed: a byte, or none, for each offset. */
class NaiveReceiver {
  readonly bytes: (number | undefined)[] = [];
  readonly max: number;
  start = 0;
  next = 0;

  constructor(max: number) {
    this.max = max;
  }

  insert(offset: number, bytes: Uint8Array): number {
    const before = this.next;
    bytes.forEach((byte, at) => {
      if (offset + at < this.start + this.max && offset + at >= this.next) this.bytes[offset + at] ??= byte;
    });
    while (this.bytes[this.next] !== undefined) this.next++;
    return this.next - before;
  }

  /** Stretches beyond gaps. */
  beyond(): [number, number][] {
    const found: [number, number][] = [];
    for (let at = this.next; at < this.bytes.length; at++) {
      if (this.bytes[at] === undefined) continue;
      const last = found.at(-1);
      if (last?.[1] === at) last[1]++;
      else found.push([at, at + 1]);
    }
    return found;
  }
}

const pairs = (blocks: readonly number[]): number[][] =>
  Array.from({ length: blocks.length / 2 }, (_, at) => [blocks[2 * at] ?? -1, blocks[2 * at + 1] ?? -1]);

describe("the receive buffer", () => {
  test("segments in order are read in order, and an empty buffer has no memory", () => {
    const buffer = new ReceiveBuffer(65536);
    expect(buffer.insert(0, stretch(0, 1460))).toBe(1460);
    expect(buffer.insert(1460, stretch(1460, 2920))).toBe(1460);
    expect(buffer.room).toBe(65536 - 2920);
    expect(buffer.peek(100)).toEqual(stretch(0, 100));
    expect(buffer.read(2000)).toEqual(stretch(0, 2000));
    expect(buffer.byteAt(2000)).toBe(stretch(2000, 2001)[0]);
    expect(buffer.byteAt(1999)).toBeUndefined();
    expect(buffer.byteAt(2920)).toBeUndefined();
    expect(buffer.read(9999)).toEqual(stretch(2000, 2920));
    expect([buffer.readable, buffer.capacity, buffer.start]).toEqual([0, 0, 2920]);
    expect(buffer.read(10)).toEqual(new Uint8Array(0));
  });

  test("it does what an array of bytes would do, whatever comes in whatever order, and first content wins", () => {
    const operation = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          t: fc.constant("insert" as const),
          at: fc.integer({ min: -40, max: 150 }),
          n: fc.nat(60),
        }),
      },
      { weight: 2, arbitrary: fc.record({ t: fc.constant("read" as const), at: fc.nat(0), n: fc.nat(80) }) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), fc.integer({ min: 1, max: 160 }), (operations, max) => {
        const buffer = new ReceiveBuffer(max);
        const naive = new NaiveReceiver(max);
        operations.forEach((step, version) => {
          if (step.t === "insert") {
            const offset = Math.max(0, naive.next + step.at);
            const bytes = stretch(offset, offset + step.n, version);
            expect(buffer.insert(offset, bytes)).toBe(naive.insert(offset, bytes));
          } else {
            const length = Math.min(step.n, naive.next - naive.start);
            expect([...buffer.read(step.n)]).toEqual(naive.bytes.slice(naive.start, naive.start + length));
            naive.start += length;
          }
          expect([buffer.start, buffer.next]).toEqual([naive.start, naive.next]);
          const beyond = naive.beyond();
          expect(buffer.held).toBe(beyond.reduce((sum, [from, to]) => sum + to - from, 0));
          buffer.noteDuplicate(0, 0);
          const reported = pairs(buffer.sackBlocks(1000)).filter(([from]) => (from ?? 0) >= naive.next);
          for (const block of beyond) expect(reported).toContainEqual(block);
        });
      }),
      { numRuns: 150 },
    );
  });

  test("RFC 2018, example of section 7, case 2: the first segment of eight is lost", () => {
    const buffer = new ReceiveBuffer(65536);
    buffer.insert(0, stretch(0, 5000));
    const reported = [5500, 6000, 6500, 7000, 7500, 8000, 8500].map((at) => {
      buffer.insert(at, stretch(at, at + 500));
      return pairs(buffer.sackBlocks(4));
    });
    expect(reported).toEqual([6000, 6500, 7000, 7500, 8000, 8500, 9000].map((right) => [[5500, right]]));
  });

  test("RFC 2018, example of section 7, case 3: every second segment is lost, then the fourth and the second come", () => {
    const buffer = new ReceiveBuffer(65536);
    buffer.insert(0, stretch(0, 5000));
    const insert = (at: number): number[][] => {
      buffer.insert(at, stretch(at, at + 500));
      return pairs(buffer.sackBlocks(3));
    };
    buffer.insert(5000, stretch(5000, 5500));
    expect(insert(6000)).toEqual([[6000, 6500]]);
    expect(insert(7000)).toEqual([[7000, 7500], [6000, 6500]]); // prettier-ignore
    expect(insert(8000)).toEqual([[8000, 8500], [7000, 7500], [6000, 6500]]); // prettier-ignore
    expect(insert(6500)).toEqual([[6000, 7500], [8000, 8500]]); // prettier-ignore
    expect(insert(5500)).toEqual([[8000, 8500]]);
    expect(buffer.next).toBe(7500);
  });

  test("RFC 2883, section 4.1: a duplicate segment is reported first, and once", () => {
    const buffer = new ReceiveBuffer(65536);
    buffer.insert(0, stretch(0, 4000));
    expect(buffer.hasBlocks).toBe(false);
    buffer.insert(3000, stretch(3000, 3500));
    expect(buffer.hasBlocks).toBe(true);
    expect(pairs(buffer.sackBlocks(3))).toEqual([[3000, 3500]]);
    expect(pairs(buffer.sackBlocks(3))).toEqual([]);
  });

  test("RFC 2883, section 4.2: a duplicate within a stretch beyond a gap is followed by that stretch", () => {
    const buffer = new ReceiveBuffer(65536);
    buffer.insert(0, stretch(0, 3000));
    buffer.insert(3500, stretch(3500, 5500));
    buffer.sackBlocks(3);
    buffer.insert(4500, stretch(4500, 5000));
    expect(pairs(buffer.sackBlocks(3))).toEqual([[4500, 5000], [3500, 5500]]); // prettier-ignore
    expect(pairs(buffer.sackBlocks(3))).toEqual([[3500, 5500]]);
  });

  test("of overlapping retransmissions with other content, what came first is read", () => {
    const buffer = new ReceiveBuffer(65536);
    buffer.insert(100, stretch(100, 200, 1));
    buffer.insert(50, stretch(50, 250, 2));
    buffer.insert(0, stretch(0, 300, 3));
    buffer.insert(0, stretch(0, 300, 4));
    const expected = Uint8Array.from([
      ...stretch(0, 50, 3),
      ...stretch(50, 100, 2),
      ...stretch(100, 200, 1),
      ...stretch(200, 250, 2),
      ...stretch(250, 300, 3),
    ]);
    expect(buffer.read(1000)).toEqual(expected);
  });

  test("every second byte of a window makes no more than so many stretches, and in-order data still gets through", () => {
    const buffer = new ReceiveBuffer(1 << 20);
    for (let at = 1; at < 4000; at += 2) buffer.insert(at, stretch(at, at + 1));
    expect(buffer.ranges).toBe(RANGES_MAX);
    expect(buffer.insert(0, stretch(0, 600))).toBe(600);
    expect(buffer.insert(600, stretch(600, 8000))).toBe(7400);
    expect([buffer.ranges, buffer.held]).toEqual([0, 0]);
    expect(buffer.read(8000)).toEqual(stretch(0, 8000));
  });

  test("nothing beyond its limit is taken, and its memory is no more than the limit", () => {
    const buffer = new ReceiveBuffer(4096);
    expect(buffer.insert(5000, stretch(5000, 5100))).toBe(0);
    expect(buffer.held).toBe(0);
    buffer.insert(4000, stretch(4000, 5000));
    expect(buffer.held).toBe(96);
    expect(buffer.insert(0, stretch(0, 9000))).toBe(4096);
    expect([buffer.room, buffer.capacity]).toEqual([0, 4096]);
  });

  test("a single byte at the end of a wide window does not make it reserve the window; what comes in a row is taken", () => {
    const buffer = new ReceiveBuffer(4 << 20);
    expect(buffer.insert(4_000_000, stretch(0, 1))).toBe(0);
    expect([buffer.held, buffer.capacity]).toEqual([0, 0]);
    for (let at = 1460; at < 2_000_000; at += 1460) buffer.insert(at, new Uint8Array(1460));
    expect(buffer.held).toBeGreaterThan(1_990_000);
    expect(buffer.insert(3_900_000, new Uint8Array(1460))).toBe(0);
    expect(buffer.ranges).toBe(2);
  });

  test("a buffer that is made smaller still takes what was advertised", () => {
    const buffer = new ReceiveBuffer(4096);
    buffer.insert(0, stretch(0, 1000));
    buffer.setBytesMax(500);
    expect(buffer.room).toBe(0);
    expect(buffer.insert(1000, stretch(1000, 4096))).toBe(3096);
    buffer.setBytesMax(8192);
    expect(buffer.room).toBe(4096);
    expect(buffer.insert(4096, stretch(4096, 9000))).toBe(4096);
    expect(buffer.read(10000)).toEqual(stretch(0, 8192));
  });

  test("a buffer that nobody reads forgets what it has, gaps and all", () => {
    const buffer = new ReceiveBuffer(4096);
    buffer.insert(0, stretch(0, 100));
    buffer.insert(200, stretch(200, 300));
    buffer.clear();
    expect([buffer.readable, buffer.held, buffer.capacity, buffer.next]).toEqual([0, 0, 0, 100]);
    expect(buffer.insert(100, stretch(100, 150))).toBe(50);
  });
});
