import { describe, expect, test } from "@jest/globals";
import type { FramePort } from "../../services/abi/frame.ts";
import { geometryFor } from "../../services/nic/ring/layout.ts";
import { createPlainLink } from "../../services/runtimes/frames/plain.ts";
import { createSharedLink, openSharedEnd } from "../../services/runtimes/frames/shared.ts";
import { turnOfTheLoop } from "../../services/runtimes/frames/turn.ts";
import { bootEpochMs, createRealClock } from "../../services/runtimes/real-clock.ts";
import { manualClock } from "../kit.ts";
import { bytesOf, describeFramePorts, meta } from "./frames-contract.ts";

const HOP_NS = 700;
const GEOMETRY = geometryFor(128, 2048);
const TURNS = 10_000;

function plain() {
  const clock = manualClock();
  const ends = createPlainLink(clock, { geometry: GEOMETRY, hopNs: () => HOP_NS });
  const rest = (): Promise<void> => clock.advance(100 * HOP_NS);
  const until = async (so: () => boolean): Promise<void> => {
    for (let n = 0; n < 100 && !so(); n++) await rest();
    expect(so()).toBe(true);
  };
  return { clock, ends, rest, until, close: () => ends.forEach((end) => end.close()) };
}

function shared() {
  const [first, second] = createSharedLink(GEOMETRY);
  const clock = createRealClock(bootEpochMs());
  const a = openSharedEnd(first, clock);
  let b = openSharedEnd(second, clock);
  const until = async (so: () => boolean): Promise<void> => {
    for (let n = 0; n < TURNS && !so(); n++) await turnOfTheLoop();
    expect(so()).toBe(true);
  };
  return {
    ends: [a, b] as const,
    until,
    async rest() {
      for (let n = 0; n < 20; n++) await turnOfTheLoop();
    },
    async replaceSecond(how: "closes" | "dies"): Promise<FramePort> {
      if (how === "closes") b.close();
      else b.faults.stick();
      b = openSharedEnd(second, clock);
      return b;
    },
    close: () => [a, b].forEach((end) => end.close()),
  };
}

describeFramePorts("plain memory", async () => plain());
describeFramePorts("shared memory", async () => shared());

describe("a link in virtual time", () => {
  test("a notification takes a hop, and then the receiver runs", async () => {
    const { clock, ends, close } = plain();
    const atNs: number[] = [];
    ends[1].receive(() => void atNs.push(clock.nowNs()));
    await clock.advance(10_000);
    ends[0].send(bytesOf(1), meta(1));
    ends[0].flush();
    await clock.advance(10_000);
    expect(atNs).toEqual([10_000 + HOP_NS]);
    close();
  });

  test("nothing is due when nobody sends: a world that stands still is seen to stand still", async () => {
    const { clock, ends, close } = plain();
    for (const end of ends) end.receive(() => undefined);
    ends[0].send(bytesOf(1), meta(1));
    ends[0].flush();
    await clock.advance(1e9);
    expect(clock.pending()).toBe(0);
    close();
  });

  test("an end whose peer has closed sleeps on, as if nobody sent", async () => {
    const { clock, ends } = plain();
    ends[1].receive(() => undefined);
    ends[0].close();
    await clock.advance(1e6);
    expect(clock.pending()).toBe(0);
    ends[1].close();
    expect(ends[0].send(bytesOf(1), meta(1))).toBe(false);
  });

  test("what the receiver throws goes to who made the link", async () => {
    const clock = manualClock();
    const broken: unknown[] = [];
    const [a, b] = createPlainLink(clock, { hopNs: () => 1, onBroken: (error) => broken.push(error) });
    b.receive(() => {
      throw new Error("no such frame");
    });
    a.send(bytesOf(1), meta(1));
    a.flush();
    await clock.advance(10);
    expect(broken).toEqual([new Error("no such frame")]);
  });
});

describe("a link between threads", () => {
  test("leaves others their turn, however fast frames come", async () => {
    const { ends, until, close } = shared();
    const [a, b] = ends;
    let others = 0;
    let received = 0;
    const again = (): void => {
      a.send(bytesOf(1), meta(1));
      a.flush();
    };
    b.receive(() => {
      received++;
      if (others < 3) again();
    });
    const turn = async (): Promise<void> => {
      for (; others < 3; others++) await turnOfTheLoop();
    };
    again();
    await turn();
    await until(() => others === 3);
    expect(received).toBeGreaterThan(0);
    close();
  });

  test("closes without a word of missed signals, and does nothing more", async () => {
    const { ends, rest, close } = shared();
    const [a, b] = ends;
    b.receive(() => undefined);
    await rest();
    close();
    await rest();
    expect(b.counts.missed_signals).toBe(0);
    expect(a.send(bytesOf(1), meta(1))).toBe(false);
  });
});

describe("ring faults", () => {
  const received = (port: FramePort): number[] => {
    const seen: number[] = [];
    port.receive(({ frame }) => void seen.push(frame));
    return seen;
  };
  const send = (port: FramePort, n: number): boolean => {
    const went = port.send(bytesOf(n), meta(n));
    port.flush();
    return went;
  };

  test("a lost notification: the frame waits until the sleeper's bound, and the sleeper counts it", async () => {
    const { clock, ends, rest, close } = plain();
    const seen = received(ends[1]);
    await rest();
    ends[0].faults.loseNotifications(1);
    send(ends[0], 1);
    send(ends[0], 2);
    await clock.advance(99e6);
    expect([seen, ends[1].counts.missed_signals]).toEqual([[], 0]);
    await clock.advance(1e6);
    expect([seen, ends[1].counts.missed_signals]).toEqual([[1, 2], 1]);
    send(ends[0], 3);
    await rest();
    expect(seen).toEqual([1, 2, 3]);
    close();
  });

  test("a stuck receiver fills the ring; freed, it takes all that waited", async () => {
    const { ends, rest, until, close } = plain();
    const seen = received(ends[1]);
    const free = ends[1].faults.stick();
    let sent = 0;
    while (send(ends[0], sent)) sent++;
    await rest();
    expect([sent, seen.length]).toEqual([GEOMETRY.capacity, 0]);
    free();
    await until(() => seen.length === sent);
    close();
  });

  test("slots that are not given back run out, though every frame came", async () => {
    const { ends, rest, close } = plain();
    const seen = received(ends[1]);
    const giveBack = ends[1].faults.withholdRelease();
    for (let n = 0; n < GEOMETRY.capacity; n++) expect(send(ends[0], n)).toBe(true);
    await rest();
    expect([seen.length, send(ends[0], 1)]).toEqual([GEOMETRY.capacity, false]);
    giveBack();
    expect(send(ends[0], 1)).toBe(true);
    close();
  });

  test("a reader that fell asleep over a wrong index is rung when it is mended, in virtual time too", async () => {
    const { ends, rest, close } = plain();
    const seen = received(ends[1]);
    await rest();
    send(ends[0], 1);
    const mend = ends[0].faults.writeTail(1 << 20);
    await rest();
    expect([seen, ends[1].counts.wrong]).toEqual([[], 1]);
    mend();
    await rest();
    expect([seen, ends[1].counts.wrong]).toEqual([[1], 1]);
    close();
  });

  test("mending a wrong index gives back no slot that is withheld, and a closed end mends nothing", async () => {
    const { ends, rest, close } = plain();
    received(ends[1]);
    const giveBack = ends[1].faults.withholdRelease();
    while (send(ends[0], 1));
    await rest();
    ends[1].faults.writeHead(1 << 20)();
    expect(send(ends[0], 2)).toBe(false);
    const mend = ends[1].faults.writeHead(1 << 20);
    ends[1].close();
    giveBack();
    mend();
    expect(send(ends[0], 2)).toBe(false);
    close();
  });

  test("wrong indices are counted, not followed, and right again with the next frame", async () => {
    const { ends, rest, close } = plain();
    const seen = received(ends[1]);
    send(ends[0], 1);
    await rest();
    ends[0].faults.writeTail(1000);
    ends[1].faults.writeHead(1000);
    while (ends[0].counts.wrong === 0) send(ends[0], 2);
    await rest();
    ends[0].faults.writeTail(-1);
    ends[1].faults.loseNotifications(0);
    await rest();
    expect(send(ends[0], 3)).toBe(true);
    await rest();
    expect(ends[0].counts.wrong).toBe(1);
    expect(new Set(seen)).toEqual(new Set([1, 2, 3]));
    close();
  });
});
