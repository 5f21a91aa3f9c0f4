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
