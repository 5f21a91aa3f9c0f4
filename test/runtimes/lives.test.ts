import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import type { ArrivedFrame, FramePort } from "../../services/abi/frame.ts";
import { controlInvocation, type Answer, type Transport } from "../../services/boundary/invocation.ts";
import { createLife } from "../../services/runtimes/simulated/life.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { PAIR } from "../../services/abi/topology.ts";
import { rule } from "../boundary/harness.ts";
import { manualClock, settled, testKit } from "../kit.ts";

const ANSWER: Answer = { kind: "returned", value: {}, lamport: 1 };
const CALL = controlInvocation("ctl_list_files", {}, "alpha/vfs#1");

describe("a life of a place in simulation", () => {
  test("ends with its timers, its log and its calls, and whoever waits for it learns so at once", async () => {
    const kit = testKit("companion");
    const life = createLife(kit.clock, "alpha/companion");
    const own = life.kit(kit);
    const did: string[] = [];
    own.clock.after(10, () => did.push("timer"));
    void own.clock.sleepNs(20).then(() => did.push("sleeper"));
    let answered: (answer: Answer) => void = () => undefined;
    void life
      .outgoing(() => new Promise((resolve) => (answered = resolve)))(CALL)
      .then(() => did.push("answer"));
    const asked = life.incoming(() => new Promise(() => undefined))(CALL);
    life.end();
    answered(ANSWER);
    await kit.clock.advance(100);
    own.events.fact(outermost(""), "efile_free", {});
    expect(did).toEqual([]);
    expect(kit.seen()).toEqual([]);
    expect(await asked).toMatchObject({ kind: "lost", why: "unreachable", reason: "alpha/companion is down" });
    expect(await life.incoming(() => Promise.resolve(ANSWER))(CALL)).toMatchObject({ why: "unreachable" });
  });

  test("stands still as a whole, and goes on in the order in which things came", async () => {
    const clock = manualClock();
    const life = createLife(clock, "alpha/companion");
    const did: string[] = [];
    const serve: Transport = () => {
      did.push("call");
      return Promise.resolve(ANSWER);
    };
    let frame: (frame: ArrivedFrame) => void | Promise<void> = () => undefined;
    const port: FramePort = {
      medium: "memory",
      counts: { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 },
      send: () => true,
      flush: () => undefined,
      receive: (take) => void (frame = take),
    };
    life.port(port).receive(() => void did.push("frame"));
    const cancelled = life.clock.after(15, () => did.push("a timer that was cancelled meanwhile"));
    life.clock.after(10, () => did.push("timer"));
    life.hang(100);
    await clock.advance(20);
    const call = life.incoming(serve)(CALL);
    void frame({ flags: 0, frame: 1, timeNs: 0, trace: 0, span: 0, lamport: 0, bytes: new Uint8Array(1) });
    cancelled.cancel();
    await clock.advance(79);
    expect(did).toEqual([]);
    await clock.advance(1);
    expect(did).toEqual(["timer", "call", "frame"]);
    expect(await call).toBe(ANSWER);
  });

  test("has the frame that it stood still with, though the link behind it ended meanwhile", async () => {
    const clock = manualClock();
    const life = createLife(clock, "lan/switch");
    let frame: (frame: ArrivedFrame) => void | Promise<void> = () => undefined;
    const port: FramePort = {
      medium: "memory",
      counts: { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 },
      send: () => true,
      flush: () => undefined,
      receive: (take) => void (frame = take),
    };
    const got: number[] = [];
    life.port(port).receive(({ frame: number, bytes }) => void got.push(number, ...bytes));
    life.hang(100);
    const bytes = Uint8Array.of(7);
    let ended = false;
    const view: ArrivedFrame = {
      ...{ flags: 0, timeNs: 0, trace: 0, span: 0, lamport: 0, bytes },
      get frame() {
        if (ended) throw new Error("the link has ended");
        return 3;
      },
    };
    void frame(view);
    ended = true;
    bytes[0] = 0;
    await clock.advance(100);
    expect(got).toEqual([3, 7]);
  });

  test("a second hang makes it longer, never shorter", async () => {
    const clock = manualClock();
    const life = createLife(clock, "alpha/companion");
    let woke = false;
    life.clock.after(1, () => (woke = true));
    life.hang(100);
    life.hang(10);
    await clock.advance(50);
    expect(woke).toBe(false);
    await clock.advance(50);
    expect(woke).toBe(true);
  });

  test("nothing of a dead place comes back when its hang would have been over", async () => {
    const clock = manualClock();
    const life = createLife(clock, "alpha/companion");
    let woke = false;
    life.clock.after(1, () => (woke = true));
    life.hang(100);
    await clock.advance(10);
    life.end();
    await clock.advance(1000);
    await settled();
    expect(woke).toBe(false);
  });
});

describe("a rule that strikes is refused where the world cannot be struck so", () => {
  const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: PAIR });

  test.each([
    [{ place: "gamma/vfs", peer: "", for_ns: 0 }, /no place gamma\/vfs in this world/],
    [{ place: "lan/switch", peer: "", for_ns: 5 }, /a crash has no length/],
  ])("%j", async (blow, reason) => {
    expect(await world.arm(rule("sock_oob_bind", { kind: "crash", blow }))).toMatch(reason);
    expect(await world.faults()).toEqual([]);
  });
});

test("control reaches a place that stands still when nothing in the world moves any more", async () => {
  const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: PAIR });
  const blow = { place: "companion", peer: "", for_ns: 1e9 };
  expect(await world.arm(rule("sys_spawn", { kind: "hang", blow }))).toBeUndefined();
  await world.drive(() => world.calls.sys_spawn(outermost("app"), { name: "app" }));
  expect(await world.faults()).toMatchObject([{ fired: 1 }]);
  await world.stop();
});
