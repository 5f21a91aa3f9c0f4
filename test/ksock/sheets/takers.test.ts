import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../../services/abi/context.ts";
import type { PointValues } from "../../../services/abi/contract.generated.ts";
import { ok } from "../../../services/abi/result.ts";
import { createKsockEvents, type EventsKernel } from "../../../services/inband/ksock/event-streams.ts";
import { endEvents, raise, settled as callbacksSettled, watch } from "../../../services/inband/ksock/events.ts";
import { ackEvent, nextEvent } from "../../../services/inband/ksock/give-out.ts";
import { outsideCallbacks } from "../../../services/inband/ksock/outside-callbacks.ts";
import { settled, testKit } from "../../kit.ts";

const WITHIN = outermost("kmod");
const SECOND = 1_000_000_000;

/** A house, and programs that take events of it under names of their own. */
function house() {
  const kit = testKit("inband");
  const kernel: EventsKernel = {
    kit,
    events: kit.events,
    ksocks: { events: createKsockEvents(0), at: () => undefined },
  };
  const { events } = kernel.ksocks;
  const guarded = outsideCallbacks(kernel, "ksock_listen", () => ok({}));
  return {
    kit,
    events,
    on: (ks: number, stream: string) => watch(kernel, WITHIN, { ks, stream, slots: new Set(["recv"]) }),
    off: (ks: number) => endEvents(kernel, WITHIN, ks),
    happen: (ks: number, value = 1) => raise(kernel, WITHIN, ks, "recv", value),
    async next(stream: string, have = "") {
      let told: PointValues["ksock_next_event"] | undefined;
      void nextEvent(kernel, WITHIN, { stream, have }).then((answer) => {
        if (answer.ok) told = answer.value;
      });
      await settled();
      return told;
    },
    ack: (number: number, stream: string) => ackEvent(kernel, WITHIN, { stream, number }),
    listen: (ks: number, callback: number) => guarded({ ks, backlog: 1, callback }, WITHIN),
    async isFree(ks: number) {
      let free = false;
      void Promise.resolve(callbacksSettled(kernel, ks)).then(() => (free = true));
      await settled();
      return free;
    },
  };
}

describe("two programs that take events", () => {
  test("never have a number in common, so a call is not taken for one from inside the other's callback", async () => {
    const { on, happen, next, ack, listen, events } = house();
    on(7, "a");
    on(8, "b");
    happen(7);
    happen(8);
    const [first, second] = [await next("a"), await next("b")];
    expect(first?.number).not.toBe(second?.number);
    expect(ack(first?.number ?? 0, "a")).toEqual(ok({}));
    // What the first program's callback dispatched still says where it was dispatched; that callback is over.
    expect(await listen(9, first?.number ?? 0)).toEqual(ok({}));
    expect(await listen(9, second?.number ?? 0)).toEqual({ ok: false, errno: "EDEADLK" });
    expect(events.counts.violations).toBe(1);
  });

  test("cannot acknowledge each other's events", async () => {
    const { on, happen, next, ack } = house();
    on(7, "a");
    on(8, "b");
    happen(7);
    happen(7, 2);
    happen(8);
    const first = (await next("a"))?.number ?? 0;
    await next("b");
    ack(first, "b");
    expect(await next("a", String(first))).toBeUndefined();
    ack(first, "a");
    expect(await next("a")).toMatchObject({ value: 2 });
  });
});

describe("a socket whose events go to another program now", () => {
  test("is stalled for five seconds and not for ever where neither of the two asks", async () => {
    const { on, happen, isFree, kit, events } = house();
    on(7, "a");
    happen(7);
    await kit.clock.advance(5 * SECOND);
    expect(events.counts.overruns).toBe(1);
    on(7, "b");
    expect(await isFree(7)).toBe(false);
    await kit.clock.advance(5 * SECOND);
    expect(events.counts.overruns).toBe(2);
    expect(await isFree(7)).toBe(true);
  });

  test("is stalled for five seconds where the other one asks and never acknowledges", async () => {
    const { on, happen, next, isFree, kit, events } = house();
    on(7, "a");
    happen(7);
    await kit.clock.advance(5 * SECOND);
    on(7, "b");
    expect(await next("b")).toMatchObject({ ks: 7, value: 1 });
    expect(await isFree(7)).toBe(false);
    await kit.clock.advance(5 * SECOND);
    expect(events.counts.overruns).toBe(2);
    expect(await isFree(7)).toBe(true);
  });
});

describe("a program that never acknowledges", () => {
  test("has a bounded number of events waiting, all counted, and nothing of what came is lost", async () => {
    const { on, happen, next, ack, events } = house();
    on(7, "a");
    happen(7);
    const { number = 0 } = (await next("a")) ?? {};
    for (let i = 0; i < 10_000; i++) happen(7);
    expect(events.sockets.get(7)?.queue.length).toBeLessThanOrEqual(64);
    expect(events.counts).toMatchObject({ raised: 10_001, merged: 10_001 - 64, acknowledged: 0 });
    let arrived = 1;
    ack(number, "a");
    for (let event = await next("a"); event !== undefined; event = await next("a")) {
      arrived += event.value;
      ack(event.number, "a");
    }
    expect(arrived).toBe(10_001);
  });

  test("and goes away leaves nothing behind when its sockets are closed, whenever that is", async () => {
    const { on, off, happen, next, events, kit } = house();
    for (const ks of [7, 8]) on(ks, "a");
    happen(7);
    happen(8);
    await next("a");
    await next("a", "1");
    off(7);
    await kit.clock.advance(60 * SECOND);
    off(8);
    expect([...events.sockets.keys()]).toEqual([]);
    expect([...events.streams.keys()]).toEqual([]);
    expect(kit.clock.pending()).toBe(0);
  });

  test("but asks on is not forgotten: its callback may return yet", async () => {
    const { on, off, happen, next, ack, events, kit, listen } = house();
    on(7, "a");
    happen(7);
    const { number = 0 } = (await next("a")) ?? {};
    off(7);
    for (let i = 0; i < 10; i++) {
      void next("a", String(number));
      await kit.clock.advance(7 * SECOND);
    }
    expect(await listen(9, number)).toEqual({ ok: false, errno: "EDEADLK" });
    expect(ack(number, "a")).toEqual(ok({}));
    expect(ack(number, "a")).toEqual(ok({}));
    expect(events.counts.acknowledged).toBe(1);
    await kit.clock.advance(20 * SECOND);
    expect([...events.streams.keys()]).toEqual([]);
    expect(kit.clock.pending()).toBe(0);
  });
});
