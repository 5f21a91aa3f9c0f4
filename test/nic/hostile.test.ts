import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createRingConsumer } from "../../services/nic/ring/consumer.ts";
import { DESCRIPTOR_WORDS, slotWords, viewRing, WORD } from "../../services/nic/ring/layout.ts";
import { createRingProducer } from "../../services/nic/ring/producer.ts";
import { frameOf, plainRing } from "./ends.ts";

const BYTES_MAX = 64;
const SLOTS = 4;
/** From one descriptor to the next, in words. */
const STRIDE = slotWords({ slotBytes: BYTES_MAX });
const doorbell = { ring: () => undefined };

describe("a peer that writes what it must not", () => {
  test("an index outside what it may be is counted once, not followed, and forgiven when it is right again", () => {
    const { producer, consumer, words } = plainRing(SLOTS, BYTES_MAX);
    producer.pushBurst([frameOf(0, BYTES_MAX)]);
    words[WORD.tail] = SLOTS + 1;
    expect([consumer.pop(), consumer.pop()]).toEqual([undefined, undefined]);
    words[WORD.tail] = -1;
    expect(consumer.pop()).toBeUndefined();
    expect(consumer.counts.wrong_index).toBe(2);
    words[WORD.tail] = 1;
    expect(consumer.pop()?.frame).toBe(0);

    for (let n = 1; n < SLOTS; n++) producer.pushBurst([frameOf(n, BYTES_MAX)]);
    words[WORD.head] = SLOTS + 7;
    expect(producer.push(new Uint8Array(1), frameOf(9, BYTES_MAX))).toBe(false);
    expect(producer.counts.wrong_index).toBe(1);
    consumer.release();
    expect(producer.push(new Uint8Array(1), frameOf(9, BYTES_MAX))).toBe(true);
  });

  test("an index that goes back is wrong too", () => {
    const { producer, consumer, words } = plainRing(SLOTS, BYTES_MAX);
    producer.pushBurst([frameOf(0, BYTES_MAX), frameOf(1, BYTES_MAX)]);
    consumer.popBurst(2, () => undefined);
    words[WORD.tail] = 0;
    expect([consumer.pop(), consumer.counts.wrong_index]).toEqual([undefined, 1]);
  });

  test("a descriptor that points outside its slot is counted by what is wrong with it, and the next frame comes", () => {
    const { producer, consumer, words } = plainRing(SLOTS, BYTES_MAX);
    producer.pushBurst([0, 1, 2, 3].map((n) => frameOf(n, BYTES_MAX)));
    words[WORD.descriptors] = BYTES_MAX + 1;
    words[WORD.descriptors + STRIDE + 1] = BYTES_MAX + 1;
    words[WORD.descriptors + 2 * STRIDE + 1] = -1;
    expect(consumer.pop()?.frame).toBe(3);
    expect(consumer.counts).toMatchObject({ wrong_offset: 1, wrong_length: 2, frames: 1 });
    expect(consumer.held()).toBe(4);
    consumer.release();
    expect(producer.push(new Uint8Array(1), frameOf(4, BYTES_MAX))).toBe(true);
  });

  test("whatever is scribbled over the whole ring, nothing is thrown and nothing outside a frame's slot is read", () => {
    const scribble = fc.record({
      word: fc.oneof(
        fc.constantFrom(...Object.values(WORD)),
        fc.integer({ min: WORD.descriptors, max: WORD.descriptors + SLOTS * STRIDE - 1 }),
      ),
      value: fc.oneof(fc.integer(), fc.integer({ min: -2, max: 5 * BYTES_MAX })),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(scribble, fc.nat({ max: 5 })), { maxLength: 60 }), (steps) => {
        const { producer, consumer, words, buffer } = plainRing(SLOTS, BYTES_MAX);
        const first = buffer.byteLength - SLOTS * STRIDE * 4;
        for (const [{ word, value }, action] of steps) {
          words[word] = value;
          if (action === 0) producer.push(new Uint8Array(7), frameOf(1, BYTES_MAX));
          if (action === 1) producer.flush();
          if (action === 2) consumer.release();
          if (action === 3 && consumer.held() === 0) consumer.ask();
          if (action === 4) producer.ask();
          const frame = consumer.pop();
          if (frame === undefined) continue;
          const from = frame.bytes.byteOffset - first;
          const into = (from % (STRIDE * 4)) - DESCRIPTOR_WORDS * 4;
          expect(from).toBeGreaterThanOrEqual(0);
          expect(frame.length === 0 || (into >= 0 && into + frame.length <= BYTES_MAX)).toBe(true);
          expect(consumer.held()).toBeLessThanOrEqual(SLOTS);
          expect(producer.room()).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("memory that is no ring", () => {
  const refused = (change: (words: Int32Array) => void): string => {
    const { buffer, words } = plainRing(SLOTS, BYTES_MAX);
    change(words);
    const attached = [createRingProducer(buffer, doorbell), createRingConsumer(buffer, doorbell)];
    return attached.map((end) => (end.ok ? "attached" : end.why)).join("; ");
  };
  test("is refused with the reason, by both ends", () => {
    const both = (why: string): string => `${why}; ${why}`;
    expect(refused(() => undefined)).toBe("attached; attached");
    expect(refused((words) => (words[WORD.magic] = 1))).toBe(
      both("there is no ring here, or one of another byte order"),
    );
    expect(refused((words) => (words[WORD.version] = 9))).toBe(both("the ring has version 9, known is 3"));
    expect(refused((words) => (words[WORD.capacity] = 3))).toContain("not a power of two");
    expect(refused((words) => (words[WORD.slotBytes] = 65))).toContain("not a multiple of 64");
    expect(refused((words) => (words[WORD.capacity] = 8))).toContain("the memory has");
    expect(refused((words) => (words[WORD.tail] = 5))).toBe(
      both("the indices are further apart than the ring has slots"),
    );
    expect(viewRing(new ArrayBuffer(10))).toEqual({ ok: false, why: "10 bytes are too few for a ring" });
  });

  test("may change its sizes after that: both ends keep those that they have read", () => {
    const { producer, consumer, words } = plainRing(SLOTS, BYTES_MAX);
    words[WORD.capacity] = 1 << 20;
    words[WORD.slotBytes] = 1 << 20;
    for (let n = 0; n < SLOTS; n++) expect(producer.pushBurst([frameOf(n, BYTES_MAX)])).toBe(1);
    expect([producer.pushBurst([frameOf(9, BYTES_MAX)]), consumer.popBurst(99, () => undefined)]).toEqual([0, SLOTS]);
  });
});
