import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import type { PointArgs, PointValues } from "../../services/abi/contract.generated.ts";
import { ok } from "../../services/abi/result.ts";
import { createKsockEvents, type EventsKernel } from "../../services/inband/ksock/event-streams.ts";
import { endEvents, raise, settled as callbacksSettled, watch } from "../../services/inband/ksock/events.ts";
import { ackEvent, nextEvent } from "../../services/inband/ksock/give-out.ts";
import { outsideCallbacks } from "../../services/inband/ksock/outside-callbacks.ts";
import { settled, testKit } from "../kit.ts";

const WITHIN = outermost("kmod");
const SECOND = 1_000_000_000;
type Told = PointValues["ksock_next_event"];

/** The events of a house, and a user that asks for them. */
function house() {
  const kit = testKit("inband");
  const closing = new Set<number>();
  const ksocks = { events: createKsockEvents(0), at: (ks: number) => ({ closing: closing.has(ks) }) };
  const kernel: EventsKernel = { kit, events: kit.events, ksocks };
  const { events } = kernel.ksocks;
  /** Asks for the next event; what it is told of it comes later. */
  const ask = (have = "", stream = "a"): { told?: Told } => {
    const asked: { told?: Told } = {};
    void nextEvent(kernel, WITHIN, { stream, have }).then((answer) => {
      if (answer.ok) asked.told = answer.value;
    });
    return asked;
  };
  return {
    kit,
    kernel,
    closing,
    events,
    on: (ks: number, slots = "recv|xmit|connected|newconn|disconnected", stream = "a") =>
      watch(kernel, WITHIN, { ks, stream, slots: new Set(slots.split("|")) }),
    raise: (ks: number, slot: string, value: number) => raise(kernel, WITHIN, ks, slot, value),
    off: (ks: number) => endEvents(kernel, WITHIN, ks),
    ask,
    async next(have = "", stream = "a") {
      const asked = ask(have, stream);
      await settled();
      return asked.told;
    },
    ack: (number: number, stream = "a") => ackEvent(kernel, WITHIN, { stream, number }),
    /** Whether the calls of a socket go on; undefined: they wait still. */
    async isFree(ks: number) {
      let free = false;
      void Promise.resolve(callbacksSettled(kernel, ks)).then(() => (free = true));
      await settled();
      return free;
    },
    facts: () => kit.seen().map(({ point, slice, args }) => [point, { ...slice, ...args }]),
  };
}

describe("the events of one socket", () => {
  test("come in the order in which they happened, and the next only after the one before was acknowledged", async () => {
    const { on, raise: happen, next, ack, ask } = house();
    on(7);
    happen(7, "connected", 0);
    happen(7, "recv", 10);
    expect(await next()).toEqual({ number: 1, ks: 7, slot: "connected", value: 0 });
    const second = ask("1");
    await settled();
    expect(second.told).toBeUndefined();
    expect(ack(1)).toEqual(ok({}));
    await settled();
    expect(second.told).toEqual({ number: 2, ks: 7, slot: "recv", value: 10 });
  });

  test("are not told where their callback is off, and those that wait are dropped when it is switched off", async () => {
    const { on, raise: happen, next, events } = house();
    on(7, "recv|xmit");
    happen(7, "connected", 0);
    happen(7, "recv", 1);
    happen(7, "xmit", 2);
    on(7, "xmit");
    expect(await next()).toMatchObject({ number: 1, slot: "xmit" });
    expect(events.counts).toMatchObject({ raised: 2, dropped: 1 });
  });

  test("are dropped when it is closed, whether or not somebody asked; the callback that runs is waited for", async () => {
    const { on, raise: happen, next, off, ack, isFree, facts, events } = house();
    on(7);
    for (const value of [1, 2, 3]) happen(7, "recv", value);
    await next();
    off(7);
    happen(7, "recv", 4);
    expect(await isFree(7)).toBe(false);
    ack(1);
    expect(await isFree(7)).toBe(true);
    expect(await next()).toBeUndefined();
    expect(events.counts).toMatchObject({ raised: 3, dropped: 2, acknowledged: 1 });
    expect(facts().map(([point]) => point)).toEqual([
      "ksock_callbacks_on",
      "ksock_event",
      "ksock_event",
      "ksock_event",
      "ksock_callback",
      "ksock_callbacks_off",
      "ksock_callback_end",
    ]);
  });

  test("are switched off once, though a callback that was given out runs on through that, and through a close", async () => {
    const { on, raise: happen, next, off, ack, facts } = house();
    on(7);
    happen(7, "recv", 1);
    await next();
    off(7);
    off(7);
    const told = (): unknown[] => facts().filter(([point]) => point === "ksock_callbacks_off");
    expect(told()).toHaveLength(1);
    on(7);
    off(7);
    expect(told()).toHaveLength(1);
    expect(ack(1)).toEqual(ok({}));
  });

  test("go to another stream when its callbacks are installed anew with one", async () => {
    const { on, raise: happen, next } = house();
    on(7);
    happen(7, "recv", 1);
    on(7, "recv", "b");
    expect(await next("", "b")).toMatchObject({ number: 1, value: 1 });
  });

  test("are merged when 64 of them wait: what came is added up, and no end of anything is lost", async () => {
    const { on, raise: happen, next, ack, events } = house();
    on(7);
    for (let i = 0; i < 100; i++) happen(7, "recv", 10);
    happen(7, "recv", 0);
    happen(7, "xmit", 500);
    happen(7, "xmit", 400);
    const told: Told[] = [];
    for (let last: Told | undefined; (last = await next()) !== undefined; ack(last.number)) told.push(last);
    expect(told).toHaveLength(66);
    expect(told.filter(({ slot }) => slot === "recv").reduce((sum, { value }) => sum + value, 0)).toBe(1000);
    expect(told.slice(-2).map(({ slot, value }) => [slot, value])).toEqual([
      ["recv", 0],
      ["xmit", 400],
    ]);
    expect(events.counts).toMatchObject({ raised: 103, merged: 37 });
  });
});

describe("a stream", () => {
  test("numbers the events of all its sockets, which do not wait for each other", async () => {
    const { on, raise: happen, next } = house();
    on(7);
    on(8);
    happen(7, "recv", 1);
    happen(8, "recv", 2);
    expect(await next()).toMatchObject({ number: 1, ks: 7 });
    expect(await next("1")).toMatchObject({ number: 2, ks: 8 });
  });

  test("gives an event once more, with its number, to who does not have it: the answer was lost", async () => {
    const { on, raise: happen, next, facts } = house();
    on(7);
    happen(7, "recv", 1);
    const first = await next();
    expect(await next()).toEqual(first);
    expect(await next("1")).toBeUndefined();
    expect(facts().filter(([point]) => point === "ksock_callback")).toHaveLength(1);
  });

  test("takes an acknowledgement twice, for its answer may have been lost; one of what was never told is ENOENT", async () => {
    const { on, raise: happen, next, ack } = house();
    on(7);
    happen(7, "recv", 1);
    await next();
    expect(ack(1)).toEqual(ok({}));
    expect(ack(1)).toEqual(ok({}));
    expect(ack(2)).toMatchObject({ ok: false, errno: "ENOENT" });
    expect(ack(1, "nobody")).toMatchObject({ ok: false, errno: "ENOENT" });
  });

  test("answers number 0 after ten seconds without an event, and serves who asked last", async () => {
    const { on, raise: happen, ask, kit } = house();
    on(7);
    const first = ask();
    await kit.clock.advance(2 * SECOND);
    const second = ask();
    happen(7, "recv", 1);
    await kit.clock.advance(9 * SECOND);
    expect(second.told).toMatchObject({ number: 1 });
    expect(first.told).toMatchObject({ number: 0 });
  });

  test("is forgotten when nobody asks and no socket has events for it, and its numbers are not given again", async () => {
    const { on, off, raise: happen, next, ack, events } = house();
    on(7);
    happen(7, "recv", 1);
    await next();
    off(7);
    ack(1);
    expect([...events.streams.keys()]).toEqual([]);
    expect([...events.sockets.keys()]).toEqual([]);
    on(8);
    happen(8, "recv", 1);
    expect(await next()).toMatchObject({ number: 2, ks: 8 });
  });
});

describe("a slow callback (Q10)", () => {
  test("stalls the calls of its socket for five seconds, and then it is counted; the next event waits still", async () => {
    const { on, raise: happen, next, isFree, kit, ask, ack, events, facts } = house();
    on(7);
    happen(7, "recv", 1);
    happen(7, "recv", 2);
    await next();
    expect(await isFree(7)).toBe(false);
    expect(await isFree(8)).toBe(true);
    await kit.clock.advance(5 * SECOND - 1);
    expect(await isFree(7)).toBe(false);
    const second = ask("1");
    await kit.clock.advance(1);
    expect(await isFree(7)).toBe(true);
    expect(second.told).toBeUndefined();
    expect(events.counts.overruns).toBe(1);
    expect(facts()).toContainEqual(["ksock_overrun", { ks: 7, slot: "recv", number: 1, stream: "a" }]);
    ack(1);
    await settled();
    expect(second.told).toMatchObject({ number: 2 });
    expect(await isFree(7)).toBe(false);
  });

  test("is as slow as the callbacks of many events together: no call waits longer than five seconds for all of them", async () => {
    const { on, raise: happen, next, kernel, kit, ack, events } = house();
    on(7);
    for (const value of [1, 2, 3]) happen(7, "recv", value);
    let free = false;
    void callbacksSettled(kernel, 7)?.then(() => (free = true));
    await next();
    await kit.clock.advance(4 * SECOND);
    ack(1);
    await next();
    await kit.clock.advance(SECOND - 1);
    expect(free).toBe(false);
    await kit.clock.advance(1);
    expect(free).toBe(true);
    expect(events.counts.overruns).toBe(0);
  });

  test("where nobody asks at all, the stream is absent after one overrun and stalls nobody until somebody asks", async () => {
    const { on, raise: happen, next, isFree, kit, events } = house();
    on(7);
    on(8);
    happen(7, "recv", 1);
    happen(8, "recv", 1);
    await kit.clock.advance(5 * SECOND);
    expect(events.counts.overruns).toBe(1);
    happen(7, "recv", 2);
    expect([await isFree(7), await isFree(8)]).toEqual([true, true]);
    expect(await next()).toMatchObject({ number: 1, ks: 7 });
    expect([await isFree(7), await isFree(8)]).toEqual([false, false]);
    await kit.clock.advance(5 * SECOND);
    expect([await isFree(7), await isFree(8)]).toEqual([true, true]);
  });

  test("leaves no timer behind", async () => {
    const { on, off, raise: happen, next, ack, kit } = house();
    on(7);
    for (const value of [1, 2, 3]) happen(7, "recv", value);
    await next();
    ack(1);
    await next();
    off(7);
    ack(2);
    expect(kit.clock.pending()).toBe(0);
  });
});

describe("a call from inside a callback", () => {
  const send = (args: Partial<PointArgs["ksock_send"]>): PointArgs["ksock_send"] => ({
    ks: 7,
    msgsize: 0,
    flags: "",
    control: new Uint8Array(0),
    addrlen: 0,
    until_ns: 0,
    taken: 0,
    callback: 0,
    ...args,
  });

  test("is EDEADLK and does nothing as long as the callback runs, of whatever socket; it is counted and a fact", async () => {
    const { kernel, on, raise: happen, next, ack, events, facts } = house();
    let sent = 0;
    const handler = outsideCallbacks(kernel, "ksock_send", () => ok({ sent: ++sent, again: false, until_ns: 0 }));
    on(7);
    happen(7, "recv", 1);
    await next();
    expect(await handler(send({ ks: 8, callback: 1 }), WITHIN)).toMatchObject({ ok: false, errno: "EDEADLK" });
    expect(sent).toBe(0);
    expect(events.counts.violations).toBe(1);
    expect(facts()).toContainEqual(["ksock_violation", { ks: 8, call: "ksock_send", callback: 1 }]);
    ack(1);
    expect(await handler(send({ callback: 1 }), WITHIN)).toMatchObject({ ok: true });
  });

  test("from elsewhere waits for the callback of its socket, but a close begins at once, and then none finds the socket any more", async () => {
    const { kernel, closing: isClosing, on, raise: happen, next, ack } = house();
    const done: string[] = [];
    const sending = outsideCallbacks(kernel, "ksock_send", () => {
      done.push("sent");
      return ok({ sent: 0, again: false, until_ns: 0 });
    });
    const closing = outsideCallbacks(kernel, "ksock_close", () => {
      done.push("closing");
      isClosing.add(7);
      return ok({ again: false });
    });
    on(7);
    happen(7, "recv", 1);
    await next();
    void sending(send({}), WITHIN);
    await closing({ ks: 7, waiting: false, callback: 0 }, WITHIN);
    expect(done).toEqual(["closing"]);
    await sending(send({}), WITHIN);
    expect(done).toEqual(["closing", "sent"]);
    ack(1);
    await settled();
    expect(done).toEqual(["closing", "sent", "sent"]);
  });
});
