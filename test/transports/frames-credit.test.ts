import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { FrameMeta } from "../../services/abi/frame.ts";
import { createStreamPort, type FrameMessage, type StreamPort } from "../../services/transports/frames/stream-port.ts";
import { settled } from "../kit.ts";
import { bytesOf, copied, meta } from "./frames-contract.ts";

const WINDOW = { frames: 8, bytes: 1000 };
const FRAME_BYTES_MAX = 400;

function port(write: (message: FrameMessage) => void, window = WINDOW): StreamPort {
  return createStreamPort({ medium: "stream", window, frameBytesMax: FRAME_BYTES_MAX, write, yieldTurn: settled });
}

/** A port whose messages are kept. */
function alone() {
  const written: FrameMessage[] = [];
  return { port: port((message) => written.push(message)), written };
}

const wire = (n: number, length: number) => ({
  flags: 0,
  frame: n,
  time_ns: 0,
  trace: 0,
  span: 0,
  lamport: 0,
  data: bytesOf(n, length),
});

describe("credits of a stream", () => {
  test("nothing is sent before the peer has granted something", () => {
    const { port: sender, written } = alone();
    expect(sender.send(bytesOf(1), meta(1))).toBe(false);
    sender.flush();
    expect([written, sender.counts.full]).toEqual([[], 1]);
  });

  test("are never exceeded, in frames nor in bytes, whatever is sent and whenever it is taken", async () => {
    // Small ones use up the frames, large ones the bytes.
    const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: FRAME_BYTES_MAX }));
    const step = fc.oneof(
      { weight: 2, arbitrary: fc.record({ do: fc.constant("send" as const), length }) },
      fc.record({ do: fc.constantFrom("flush" as const, "take" as const, "deliver" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), async (steps) => {
        const forth: FrameMessage[] = [];
        const back: FrameMessage[] = [];
        const sender = port((message) => forth.push(message));
        const receiver = port((message) => back.push(message));
        const gates: { readonly open: () => void; readonly bytes: number }[] = [];
        let taken = 0;
        receiver.receive(({ bytes }) => new Promise((open) => gates.push({ open, bytes: bytes.length })));
        sender.arrived({ frames: [], credit: WINDOW });
        let buffered = 0;
        let bytes = 0;
        for (const action of steps) {
          if (action.do === "send") sender.send(bytesOf(1, action.length), meta(1));
          if (action.do === "flush") sender.flush();
          if (action.do === "deliver") {
            for (const message of forth.splice(0)) {
              buffered += message.frames.length;
              for (const { data } of message.frames) bytes += data.length;
              receiver.arrived(message);
            }
            for (const message of back.splice(0)) sender.arrived(message);
          }
          if (action.do === "take" && gates.length > 0) {
            const gate = gates.shift();
            bytes -= gate?.bytes ?? 0;
            gate?.open();
            taken++;
          }
          await settled();
          expect(receiver.counts.wrong).toBe(0);
          // What the receiver has to keep at any time is bounded by its window.
          expect(buffered - taken).toBeLessThanOrEqual(WINDOW.frames);
          expect(bytes).toBeLessThanOrEqual(WINDOW.bytes);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("come back with what is taken, many at a time, so that a stream never runs dry", async () => {
    const forth: FrameMessage[] = [];
    let grants = 0;
    const receiver: StreamPort = port((message) => {
      grants++;
      sender.arrived(message);
    });
    const sender = port((message) => forth.push(message));
    sender.arrived({ frames: [], credit: WINDOW });
    let received = 0;
    receiver.receive(() => {
      received++;
    });
    for (let n = 0; n < 1000; n++) {
      expect(sender.send(bytesOf(n, 100), meta(n))).toBe(true);
      sender.flush();
      for (const message of forth.splice(0)) receiver.arrived(message);
      await settled();
    }
    expect(received).toBe(1000);
    expect(grants).toBeLessThanOrEqual(500);
  });

  test("a peer that sends more than was granted, or a frame that is too long, is counted and not taken", async () => {
    const { port: receiver } = alone();
    const seen: number[] = [];
    receiver.arrived({ frames: Array.from({ length: 9 }, (_, n) => wire(n, 10)) });
    expect(receiver.counts.wrong).toBe(1);
    receiver.receive(({ frame }) => void seen.push(frame));
    await settled();
    receiver.arrived({ frames: [wire(20, FRAME_BYTES_MAX + 1), wire(21, 5)] });
    await settled();
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 21]);
    expect(receiver.counts).toMatchObject({ wrong: 2, received: 9 });
  });

  test("a peer that grants without bound, or takes a grant back, changes nothing for the worse", () => {
    const { port: sender } = alone();
    sender.arrived({ frames: [], credit: { frames: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER } });
    let sent = 0;
    while (sender.send(bytesOf(1, FRAME_BYTES_MAX), meta(1))) sent++;
    expect(sent * FRAME_BYTES_MAX).toBeLessThanOrEqual(1024 * 1024);
    sender.arrived({ frames: [], credit: { frames: 1, bytes: 1 } });
    expect(sender.counts.wrong).toBe(1);
    sender.flush();
    expect(sender.send(bytesOf(1), meta(1))).toBe(true);
  });

  test("a frame that is passed on from a ring keeps what travels beside it", async () => {
    // A held frame of a ring has no fields of its own: it reads them where they lie.
    const held: FrameMeta = Object.create(meta(9)) as FrameMeta;
    const { port: sender, written } = alone();
    const { port: receiver } = alone();
    sender.arrived({ frames: [], credit: WINDOW });
    sender.send(bytesOf(9), held);
    sender.flush();
    const seen: unknown[] = [];
    receiver.receive((frame) => void seen.push(copied(frame)));
    for (const message of written) receiver.arrived(message);
    await settled();
    expect(seen).toEqual([{ ...meta(9), bytes: [...bytesOf(9)] }]);
  });
});
