import { describe, expect, test } from "@jest/globals";
import { createGather } from "../../services/transports/gather.ts";
import { createFrameWriter } from "../../services/transports/grpc/frame-writer.ts";

const lengths = (batches: readonly (readonly unknown[])[]): number[] => batches.map(({ length }) => length);

describe("what is sent together", () => {
  test("what is pushed alone leaves alone, before the turn ends: it waits for no timer and no other", async () => {
    const batches: number[][] = [];
    const push = createGather<number>((items) => batches.push(items));
    push(1);
    await Promise.resolve();
    expect(batches).toEqual([[1]]);
    push(2);
    await Promise.resolve();
    expect(batches).toEqual([[1], [2]]);
  });

  test("a wave leaves in batches that double, so that the other side begins while the rest is made, and all in order", async () => {
    const batches: number[][] = [];
    const push = createGather<number>((items) => batches.push(items));
    for (let i = 0; i < 300; i++) push(i);
    expect(lengths(batches)).toEqual([4, 8, 16, 32, 64, 128]);
    await Promise.resolve();
    expect(lengths(batches)).toEqual([4, 8, 16, 32, 64, 128, 48]);
    expect(batches.flat()).toEqual(Array.from({ length: 300 }, (_, i) => i));
    for (let i = 0; i < 5; i++) push(i);
    expect(batches.at(-1)).toEqual([0, 1, 2, 3]);
  });

  test("calls that are answered together are gathered together, though each was made in a promise of its own", async () => {
    const batches: number[][] = [];
    const push = createGather<number>((items) => batches.push(items));
    const answered = Promise.resolve();
    await Promise.all([1, 2, 3].map((i) => answered.then(() => push(i))));
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test("after a wave of several, what follows in the same turn leaves together at its end; one in flight never waits", async () => {
    const batches: number[][] = [];
    let turned: () => void = () => undefined;
    const turn = (): Promise<void> => new Promise((resolve) => (turned = resolve));
    let turns = 0;
    const push = createGather<number>(
      (items) => batches.push(items),
      () => (turns++, turn()),
    );
    for (const alone of [1, 2]) {
      push(alone);
      await Promise.resolve();
    }
    expect([batches, turns]).toEqual([[[1], [2]], 0]);
    push(3);
    push(4);
    await Promise.resolve();
    for (const later of [5, 6]) {
      push(later);
      await Promise.resolve();
    }
    expect([batches, turns]).toEqual([[[1], [2], [3, 4]], 1]);
    turned();
    await Promise.resolve();
    await Promise.resolve();
    expect(batches).toEqual([[1], [2], [3, 4], [5, 6]]);
    // So many do not wait for the end of the turn.
    for (let i = 0; i < 2; i++) push(7);
    await Promise.resolve();
    for (let i = 0; i < 64; i++) push(i);
    expect(lengths(batches).slice(-2)).toEqual([2, 64]);
  });

  test("a stream that has enough makes fuller frames of what waits, and none beyond 64 kB but for one large message", async () => {
    const frames: number[][] = [];
    let takes = true;
    const writer = createFrameWriter<{ readonly message: Buffer }>((items) => {
      frames.push(items.map(({ message }) => message.length));
      return takes;
    });
    takes = false;
    writer.push({ message: Buffer.alloc(10) });
    await Promise.resolve();
    for (let i = 0; i < 100; i++) {
      writer.push({ message: Buffer.alloc(1000) });
      await Promise.resolve();
    }
    writer.push({ message: Buffer.alloc(100_000) });
    await Promise.resolve();
    expect([lengths(frames), writer.waiting]).toEqual([[1], 101]);
    takes = true;
    writer.drained();
    expect([lengths(frames), writer.waiting]).toEqual([[1, 63, 37, 1], 0]);
  });
});
