import { describe, expect, test } from "@jest/globals";
import type { Clock } from "../../services/abi/kit.ts";
import type { Answer, Invocation } from "../../services/boundary/invocation.ts";
import { createFrameWriter } from "../../services/transports/grpc/frame-writer.ts";
import { createInFlight, FORGOTTEN_AFTER_NS } from "../../services/transports/in-flight.ts";
import { localTransport, type Leg } from "../../services/transports/local.ts";
import { copyPlain } from "../../services/transports/plain.ts";
import { latch, writeCall, wrote } from "./support.ts";

describe("the table of calls in flight", () => {
  const virtual = { ns: 0 };
  const clock: Clock = {
    nowNs: () => virtual.ns,
    sleepNs: () => Promise.resolve(),
    after: () => ({ cancel: () => undefined }),
  };
  const ignore = (): void => undefined;

  test("a full table takes no more, until an answer made room", () => {
    const table = createInFlight(undefined, 2);
    const first = table.add(writeCall(), ignore) ?? 0;
    expect(table.add(writeCall(), ignore)).toBeDefined();
    expect(table.add(writeCall(), ignore)).toBeUndefined();
    expect(table.take(first)).toBeDefined();
    expect(table.take(first)).toBeUndefined();
    expect(table.add(writeCall(), ignore)).toBeDefined();
  });

  test("a full table forgets what everybody gave up long ago, and nothing younger", () => {
    virtual.ns = 0;
    const table = createInFlight(clock, 3);
    const ends: Answer[] = [];
    table.add(writeCall(), (answer) => ends.push(answer));
    virtual.ns = 1;
    table.add(writeCall(), (answer) => ends.push(answer));
    virtual.ns = FORGOTTEN_AFTER_NS;
    table.add(writeCall(), (answer) => ends.push(answer));
    expect(table.add(writeCall(), ignore)).toBeDefined();
    expect(ends).toEqual([
      { kind: "lost", why: "unreachable", reason: "no answer came, long after the deadline", lamport: 0 },
    ]);
    expect(table.size).toBe(3);
  });

  test("it knows which correlations there ever were", () => {
    const table = createInFlight(undefined);
    const given = table.add(writeCall(), ignore) ?? 0;
    table.take(given);
    expect([given, given + 1, 0, -1, 1.5].map(table.issued)).toEqual([true, false, false, false, false]);
  });
});

describe("frames", () => {
  /** A writer whose stream takes what it is told to take. */
  function writer() {
    const frames: number[][] = [];
    const room = { more: true };
    const made = createFrameWriter<{ readonly message: Buffer }>((items) => {
      frames.push(items.map(({ message }) => message.length));
      return room.more;
    });
    const push = (...sizes: number[]): void => {
      for (const size of sizes) made.push({ message: Buffer.alloc(size) });
    };
    return { frames, room, push, drained: () => made.drained(), stop: () => made.stop() };
  }
  /** The wave of promises that is under way ends. */
  const wave = (): Promise<void> => Promise.resolve();

  test("what is pushed together leaves together, in order; what is alone leaves alone, before the loop turns", async () => {
    const { frames, push } = writer();
    push(1, 2, 3);
    expect(frames).toEqual([]);
    await wave();
    expect(frames).toEqual([[1, 2, 3]]);
    push(4);
    await wave();
    expect(frames).toEqual([[1, 2, 3], [4]]);
  });

  test("the first of many leave early, so that the other side can begin; then batches grow", async () => {
    const { frames, push } = writer();
    push(...Array.from({ length: 40 }, () => 1));
    expect(frames.map((frame) => frame.length)).toEqual([4, 8, 16]);
    await wave();
    expect(frames.map((frame) => frame.length)).toEqual([4, 8, 16, 12]);
    push(1, 1, 1, 1, 1);
    await wave();
    expect(frames.slice(4).map((frame) => frame.length)).toEqual([4, 1]);
  });

  test("a frame is closed at 64 kB, and what is larger has one of its own", async () => {
    const { frames, push } = writer();
    push(40_000, 20_000, 10_000, 200_000, 1);
    await wave();
    expect(frames).toEqual([[40_000, 20_000], [10_000], [200_000], [1]]);
  });

  test("a stream that has enough gets nothing more until it is drained, and then fuller frames", async () => {
    const { frames, room, push, drained } = writer();
    room.more = false;
    for (const size of [1, 2, 3]) {
      push(size);
      await wave();
    }
    expect(frames).toEqual([[1]]);
    room.more = true;
    drained();
    expect(frames).toEqual([[1], [2, 3]]);
  });

  test("after the stop nothing leaves, whatever was waiting", async () => {
    const { frames, push, drained, stop } = writer();
    push(1);
    stop();
    await wave();
    drained();
    push(2);
    await wave();
    expect(frames).toEqual([]);
  });
});

describe("the local transport", () => {
  test("waits for one hop there and one back, each with its call", async () => {
    const story: string[] = [];
    const gates = { request: latch(), reply: latch() };
    const hop = async (leg: Leg, { id }: Invocation): Promise<void> => {
      story.push(`${leg} of ${id} leaves`);
      await gates[leg].promise;
      story.push(`${leg} of ${id} arrives`);
    };
    const transport = localTransport(
      async () => {
        story.push("served");
        return wrote(1);
      },
      { hop },
    );
    const pending = transport(writeCall({}, 5)).then(() => story.push("answered"));
    await Promise.resolve();
    expect(story).toEqual(["request of 5 leaves"]);
    gates.request.open();
    gates.reply.open();
    await pending;
    expect(story.slice(1)).toEqual([
      "request of 5 arrives",
      "served",
      "reply of 5 leaves",
      "reply of 5 arrives",
      "answered",
    ]);
  });

  test("copies plain data to the bottom", () => {
    const inner = { bytes: new Uint8Array([1]), list: [{ a: 1 }], none: null, text: "x" };
    const copy = copyPlain({ inner });
    expect(copy).toEqual({ inner });
    inner.bytes[0] = 9;
    inner.list.push({ a: 2 });
    expect(copy).toEqual({ inner: { bytes: new Uint8Array([1]), list: [{ a: 1 }], none: null, text: "x" } });
  });
});
