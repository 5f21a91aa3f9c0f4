import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TimerQueue } from "../../../services/inband/model/tcp/timer-queue.ts";

describe("the timer queue", () => {
  test("deadlines come in their order, those of the same time in the order in which they were set", () => {
    const queue = new TimerQueue<string>();
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => queue.deadline(name));
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error("four names");
    queue.set(a, 30);
    queue.set(b, 10);
    queue.set(c, 30);
    queue.set(d, 20);
    queue.set(a, 40);
    queue.set(a, 30);
    expect(queue.nextNs()).toBe(10);
    expect([queue.due(9), queue.due(10), queue.due(10)]).toEqual([undefined, "b", undefined]);
    expect([queue.due(50), queue.due(50), queue.due(50), queue.due(50)]).toEqual(["d", "c", "a", undefined]);
    expect([queue.nextNs(), queue.size]).toEqual([undefined, 0]);
  });

  test("what was stopped or moved is not answered by nextNs", () => {
    const queue = new TimerQueue<number>();
    const one = queue.deadline(1);
    const two = queue.deadline(2);
    queue.set(one, 10);
    queue.set(two, 20);
    queue.set(one, 100);
    expect(queue.nextNs()).toBe(20);
    queue.set(two, Infinity);
    expect(queue.nextNs()).toBe(100);
    queue.remove(one);
    expect([queue.nextNs(), queue.size]).toEqual([undefined, 0]);
  });

  test("it answers as a list does that is searched through", () => {
    const operation = fc.record({
      t: fc.constantFrom("set", "set", "set", "stop", "remove", "due"),
      which: fc.nat(19),
      at: fc.nat(8),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const queue = new TimerQueue<number>();
        const handles = Array.from({ length: 20 }, (_, which) => queue.deadline(which));
        const naive = new Map<number, number>();
        let nowNs = 0;
        for (const { t, which, at } of operations) {
          const handle = handles[which];
          if (handle === undefined) throw new Error("twenty handles");
          if (t === "set") {
            if (naive.get(which) !== nowNs + at) naive.delete(which);
            naive.set(which, nowNs + at);
            queue.set(handle, nowNs + at);
          } else if (t === "due") {
            nowNs += at;
            for (;;) {
              const first = [...naive].reduce<[number, number] | undefined>(
                (best, one) => (best === undefined || one[1] < best[1] ? one : best),
                undefined,
              );
              const expected = first !== undefined && first[1] <= nowNs ? first[0] : undefined;
              expect(queue.due(nowNs)).toBe(expected);
              if (expected === undefined) break;
              naive.delete(expected);
            }
          } else {
            naive.delete(which);
            if (t === "stop") queue.set(handle, Infinity);
            else queue.remove(handle);
          }
          expect(queue.nextNs()).toBe(naive.size === 0 ? undefined : Math.min(...naive.values()));
          expect(queue.size).toBeLessThanOrEqual(20);
          expect(handle.atNs).toBe(naive.get(which) ?? Infinity);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a timer that is moved with every segment stays one entry, and nobody else is woken for it", () => {
    const queue = new TimerQueue<number>();
    const idle = Array.from({ length: 10_000 }, (_, which) => queue.deadline(which));
    idle.forEach((deadline, which) => queue.set(deadline, 10_000 + ((which * 7919) % 10_000)));
    const busy = queue.deadline(-1);
    for (let nowNs = 0; nowNs < 10_000; nowNs++) {
      queue.set(busy, nowNs + 500);
      expect(queue.due(nowNs)).toBeUndefined();
    }
    expect([queue.size, queue.nextNs()]).toEqual([10_001, 10_000]);
    queue.remove(busy);
    expect(queue.size).toBe(10_000);
    expect(queue.due(10_000)).toBe(0);
  });
});
