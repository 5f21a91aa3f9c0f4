import { afterEach, describe, expect, test } from "@jest/globals";
import type { ArrivedFrame, FrameMeta, FramePort } from "../../services/abi/frame.ts";

/** A link under test. */
export interface LinkUnderTest {
  readonly ends: readonly [FramePort, FramePort];
  /** Lets everything happen until it is so. */
  until(so: () => boolean): Promise<void>;
  /** Lets everything happen that is going to happen by itself. */
  rest(): Promise<void>;
  /** The second end dies without a word, or closes, and another comes in its place. Absent where both live and die together. */
  replaceSecond?(how: "closes" | "dies"): Promise<FramePort>;
  close(): Promise<void> | void;
}

/** The n-th frame of a test. */
export const meta = (n: number): FrameMeta => ({
  flags: n & 0xff,
  frame: n,
  timeNs: n * 1000,
  trace: n + 1,
  span: n + 2,
  lamport: n + 3,
});

/** Bytes that tell their number. */
export const bytesOf = (n: number, length = 60): Uint8Array => new Uint8Array(length).fill(n);

/** A copy of what arrived, as plain data. */
export const copied = ({ bytes, flags, frame, timeNs, trace, span, lamport }: ArrivedFrame) => ({
  bytes: [...bytes],
  flags,
  frame,
  timeNs,
  trace,
  span,
  lamport,
});

/** A promise that somebody else resolves. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** What every medium that carries frames does. */
export function describeFramePorts(medium: string, make: () => Promise<LinkUnderTest>): void {
  describe(`a link over ${medium}`, () => {
    let link: LinkUnderTest;
    const made = async (): Promise<LinkUnderTest> => (link = await make());
    afterEach(() => link.close());

    /** Sends until one is refused; answers how many went. */
    function fill(port: FramePort, from = 0): number {
      let n = from;
      while (port.send(bytesOf(n), meta(n))) n++;
      port.flush();
      return n - from;
    }

    test("hands out every frame as it was sent, in order, in both directions at once", async () => {
      const { ends, until } = await made();
      const seen: ReturnType<typeof copied>[][] = [[], []];
      ends.forEach((end, i) => end.receive((frame) => void seen[i]?.push(copied(frame))));
      for (let n = 0; n < 50; n++) {
        for (const end of ends) expect(end.send(bytesOf(n, n * 30), meta(n))).toBe(true);
        if (n % 7 === 0) for (const end of ends) end.flush();
      }
      for (const end of ends) end.flush();
      await until(() => seen.every((frames) => frames.length === 50));
      const expected = Array.from({ length: 50 }, (_, n) => ({ bytes: [...bytesOf(n, n * 30)], ...meta(n) }));
      expect(seen).toEqual([expected, expected]);
      expect(ends.map(({ counts }) => counts)).toMatchObject(
        ends.map(() => ({ sent: 50, received: 50, full: 0, too_long: 0, wrong: 0, missed_signals: 0 })),
      );
    });

    test("shows nothing before the flush, and calls done once after a burst, for one notification", async () => {
      const {
        ends: [a, b],
        until,
        rest,
      } = await made();
      const seen: (number | "done")[] = [];
      b.receive(
        ({ frame }) => void seen.push(frame),
        () => seen.push("done"),
      );
      await rest();
      for (let n = 1; n <= 5; n++) a.send(bytesOf(n), meta(n));
      await rest();
      expect(seen).toEqual([]);
      const before = a.counts.signals;
      a.flush();
      await until(() => seen.length === 6);
      expect(seen).toEqual([1, 2, 3, 4, 5, "done"]);
      expect(a.counts.signals - before).toBe(1);
    });

    test("keeps what was sent before anybody received", async () => {
      const {
        ends: [a, b],
        until,
      } = await made();
      a.send(bytesOf(1), meta(1));
      a.flush();
      const seen: number[] = [];
      b.receive(({ frame }) => void seen.push(frame));
      await until(() => seen.length === 1);
    });

    test("refuses what finds no room, and takes more when the receiver has gone on", async () => {
      const {
        ends: [a, b],
        until,
        rest,
      } = await made();
      const sent = fill(a);
      expect(sent).toBeGreaterThan(10);
      await rest();
      expect(a.send(bytesOf(1), meta(1))).toBe(false);
      expect(a.counts).toMatchObject({ sent, full: 2, too_long: 0 });
      let received = 0;
      b.receive(() => {
        received++;
      });
      await until(() => received === sent);
      let again = false;
      await until(() => (again ||= a.send(bytesOf(1), meta(1))));
      a.flush();
      await until(() => received === sent + 1);
    });

    test("refuses a frame that is too long for it, and says so", async () => {
      const [a] = (await made()).ends;
      expect(a.send(new Uint8Array(5000), meta(1))).toBe(false);
      expect(a.counts).toMatchObject({ sent: 0, full: 0, too_long: 1 });
    });

    test("gives the next frame when the promise for the last has resolved; its bytes stay meanwhile", async () => {
      const {
        ends: [a, b],
        until,
        rest,
      } = await made();
      const gates = [gate(), gate(), gate()];
      const seen: string[] = [];
      b.receive(
        async ({ frame, bytes }) => {
          seen.push(`${frame} comes`);
          await gates[frame]?.opened;
          seen.push(`${frame} of ${bytes[0] ?? "nothing"} is done`);
        },
        () => seen.push("done"),
      );
      for (let n = 0; n < 3; n++) a.send(bytesOf(n), meta(n));
      a.flush();
      await rest();
      expect(seen).toEqual(["0 comes"]);
      // What comes meanwhile must not overwrite what is being looked at.
      fill(a, 3);
      gates[0]?.open();
      await rest();
      expect(seen).toEqual(["0 comes", "0 of 0 is done", "1 comes"]);
      gates[1]?.open();
      gates[2]?.open();
      await until(() => seen.includes("2 of 2 is done"));
    });

    test("goes on with an end that came in the place of one that closed, and of one that died", async () => {
      const { ends, until, replaceSecond } = await made();
      if (replaceSecond === undefined) return;
      const [a, b] = ends;
      let received = 0;
      a.receive(() => {
        received++;
      });
      b.send(bytesOf(1), meta(1));
      b.flush();
      await until(() => received === 1);
      for (const how of ["closes", "dies"] as const) {
        const next = await replaceSecond(how);
        const seen: number[] = [];
        next.receive(({ frame }) => void seen.push(frame));
        const before = received;
        await until(() => {
          a.send(bytesOf(7), meta(7));
          a.flush();
          next.send(bytesOf(8), meta(8));
          next.flush();
          return seen.includes(7) && received > before;
        });
      }
    });
  });
}
