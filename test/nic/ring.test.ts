import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { geometryFor } from "../../services/nic/ring/layout.ts";
import { endsOf, frameOf, plainRing } from "./ends.ts";

const BYTES_MAX = 64;

const step = fc.oneof(
  fc.record({ do: fc.constant("push" as const), bytes: fc.integer({ min: 0, max: BYTES_MAX + 2 }) }),
  fc.record({ do: fc.constant("pushBurst" as const), count: fc.integer({ min: 0, max: 10 }) }),
  fc.record({ do: fc.constant("popBurst" as const), count: fc.integer({ min: 0, max: 10 }) }),
  fc.record({ do: fc.constantFrom("flush" as const, "pop" as const, "release" as const) }),
);
/** Ordinary ones, and those shortly before an index wraps: as a number without a sign, and as one with it. */
const start = fc.oneof(fc.constantFrom(0, 2 ** 31 - 3, 2 ** 32 - 3, 2 ** 32 - 1), fc.nat());

describe("a ring", () => {
  test("does what two arrays do, whatever the ends do in whichever order, also where its indices wrap", () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 120 }), (from, frames, steps) => {
        const { producer, consumer } = plainRing(frames, BYTES_MAX, from);
        const { capacity } = geometryFor(frames, BYTES_MAX);
        const filled: number[] = [];
        const published: number[] = [];
        let heldCount = 0;
        let next = 0;
        const isFull = (): boolean => filled.length + published.length + heldCount === capacity;
        const flushed = (): void => void published.push(...filled.splice(0));
        const popped = (frame: { frame: number; bytes: Uint8Array } | undefined): void => {
          expect(frame?.frame).toBe(published.shift());
          if (frame === undefined) return;
          heldCount++;
          expect([...frame.bytes]).toEqual([...frameOf(frame.frame, BYTES_MAX).bytes]);
        };
        for (const action of steps) {
          switch (action.do) {
            case "push": {
              const sent = frameOf(next, BYTES_MAX);
              const bytes = action.bytes > BYTES_MAX ? new Uint8Array(action.bytes) : sent.bytes;
              const room = action.bytes <= BYTES_MAX && !isFull();
              expect(producer.push(bytes, sent)).toBe(room);
              if (room) filled.push(next++);
              break;
            }
            case "pushBurst": {
              const room = Math.min(action.count, capacity - filled.length - published.length - heldCount);
              const burst = Array.from({ length: action.count }, (_, i) => frameOf(next + i, BYTES_MAX));
              expect(producer.pushBurst(burst)).toBe(room);
              for (let i = 0; i < room; i++) filled.push(next++);
              flushed();
              break;
            }
            case "flush":
              producer.flush();
              flushed();
              break;
            case "pop":
              popped(consumer.pop());
              break;
            case "popBurst": {
              const ready = Math.min(action.count, published.length);
              expect(consumer.popBurst(action.count, popped)).toBe(ready);
              break;
            }
            case "release":
              consumer.release();
              heldCount = 0;
              break;
          }
          expect(consumer.held()).toBe(heldCount);
        }
        expect([producer.counts.wrong_index, consumer.counts.wrong_index]).toEqual([0, 0]);
      }),
      { numRuns: 500 },
    );
  });

  test("uses every slot, refuses one frame more, and says why", () => {
    const { producer, consumer } = plainRing(4, BYTES_MAX);
    for (let n = 0; n < 4; n++) expect(producer.push(frameOf(n, BYTES_MAX).bytes, frameOf(n, BYTES_MAX))).toBe(true);
    expect(producer.push(new Uint8Array(1), frameOf(9, BYTES_MAX))).toBe(false);
    expect(producer.counts).toMatchObject({ full: 1, too_long: 0 });
    expect(producer.fits(65)).toBe(false);
    producer.flush();
    expect(consumer.popBurst(9, () => undefined)).toBe(4);
    consumer.release();
    expect(producer.push(new Uint8Array(65), frameOf(9, BYTES_MAX))).toBe(false);
    expect(producer.counts).toMatchObject({ full: 1, too_long: 1, frames: 4 });
  });

  test("shows nothing before the flush, and does not give a slot back before the release", () => {
    const { producer, consumer } = plainRing(1, BYTES_MAX);
    const first = frameOf(1, BYTES_MAX);
    expect(producer.push(first.bytes, first)).toBe(true);
    expect(consumer.pop()).toBeUndefined();
    producer.flush();
    expect(consumer.pop()).toMatchObject({ frame: 1, flags: 1, timeNs: 1000, trace: 2, span: 3, lamport: 4 });
    expect(producer.push(first.bytes, first)).toBe(false);
    consumer.release();
    expect(producer.push(first.bytes, first)).toBe(true);
  });

  test("shows a frame where it lies: no bytes are copied on the way out", () => {
    const { producer, consumer, buffer } = plainRing(2, BYTES_MAX);
    producer.pushBurst([frameOf(3, BYTES_MAX)]);
    expect(consumer.pop()?.bytes.buffer).toBe(buffer);
  });

  test("does not let a frame be read that was given back, nor a consumer sleep on frames that it holds", () => {
    const { producer, consumer } = plainRing(2, BYTES_MAX);
    producer.pushBurst([frameOf(3, BYTES_MAX)]);
    const frame = consumer.pop();
    expect(() => consumer.ask()).toThrow("a consumer holds nothing when it goes to sleep");
    consumer.release();
    expect(() => frame?.bytes).toThrow("a frame is read between pop and release only");
  });

  test("is taken up again by an end that is started anew: behind the last published, at the oldest not released", () => {
    const { producer, consumer, buffer } = plainRing(4, BYTES_MAX, 2 ** 32 - 2);
    producer.pushBurst([0, 1, 2].map((n) => frameOf(n, BYTES_MAX)));
    consumer.pop();
    consumer.release();
    consumer.pop();
    producer.push(new Uint8Array(3), frameOf(77, BYTES_MAX));
    const { producer: newProducer, consumer: newConsumer } = endsOf(buffer, { ring: () => undefined });
    newProducer.pushBurst([frameOf(3, BYTES_MAX)]);
    const seen: number[] = [];
    newConsumer.popBurst(9, ({ frame }) => seen.push(frame));
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe("signals", () => {
  const counting = (frames: number) => {
    const rung = { data: 0, room: 0 };
    const ends = plainRing(frames, BYTES_MAX, 0, { data: () => rung.data++, room: () => rung.room++ });
    return { ...ends, rung };
  };
  const burst = (count: number) => Array.from({ length: count }, (_, n) => frameOf(n, BYTES_MAX));

  test("nobody who did not ask is signalled, and who asked is signalled once for a burst", () => {
    const { producer, consumer, rung } = counting(64);
    producer.pushBurst(burst(5));
    expect(rung.data).toBe(0);
    consumer.popBurst(64, () => undefined);
    consumer.release();
    consumer.ask();
    expect(consumer.again()).toBe(false);
    producer.pushBurst(burst(32));
    producer.pushBurst(burst(16));
    expect(rung.data).toBe(1);
    expect(producer.counts.signals).toBe(1);
  });

  test("the second look finds what came between the last look and the wish", () => {
    const { producer, consumer, rung } = counting(4);
    expect(consumer.pop()).toBeUndefined();
    producer.pushBurst(burst(1));
    consumer.ask();
    expect(rung.data).toBe(0);
    expect(consumer.again()).toBe(true);
    expect(consumer.withdraw()).toBe(true);
  });

  test("a consumer that asked for eight frames is left alone until there are eight", () => {
    const { producer, consumer, rung } = counting(16);
    consumer.ask(8);
    producer.pushBurst(burst(7));
    expect([rung.data, consumer.again()]).toEqual([0, false]);
    producer.pushBurst(burst(1));
    expect([rung.data, consumer.again()]).toEqual([1, true]);
  });

  test("a producer that asked for half the ring is signalled once half is free; asking flushes what it had pushed", () => {
    const { producer, consumer, rung } = counting(8);
    for (const frame of burst(8)) producer.push(frame.bytes, frame);
    producer.ask(4);
    expect(producer.again()).toBe(false);
    for (let n = 0; n < 3; n++) {
      consumer.pop();
      consumer.release();
    }
    expect(rung.room).toBe(0);
    consumer.popBurst(8, () => undefined);
    consumer.release();
    expect([rung.room, consumer.counts.signals, producer.again()]).toEqual([1, 1, true]);
  });

  test("closing wakes who waits, for however much; what was flushed before is still popped", () => {
    const { producer, consumer, rung } = counting(8);
    consumer.ask(8);
    producer.push(new Uint8Array(1), frameOf(0, BYTES_MAX));
    producer.close();
    expect([rung.data, consumer.again(), consumer.ended()]).toEqual([1, true, false]);
    consumer.popBurst(8, () => undefined);
    expect(consumer.ended()).toBe(true);
    const other = counting(1);
    other.producer.pushBurst(burst(1));
    other.producer.ask();
    other.consumer.close();
    expect([other.rung.room, other.producer.again(), other.producer.consumerClosed()]).toEqual([1, true, true]);
  });
});
