import { describe, expect, test } from "@jest/globals";
import * as K from "../../services/ksock/index.ts";
import { settled } from "../kit.ts";
import { fakeHouse } from "./fake-house.ts";

const [AF_INET, SOCK_STREAM] = [K.AF_INET, K.SOCK_STREAM];

/** A house with one socket, number 1, whose receiving answers four bytes. */
async function withSocket(options?: K.KsockOptions, between?: (road: K.Road) => K.Road) {
  const house = fakeHouse(options, between);
  house.when("ksock_recv", () => ({
    msg: new Uint8Array(4),
    flags: "",
    addr: new Uint8Array(0),
    control: new Uint8Array(0),
    again: false,
    until_ns: 0,
  }));
  const [error, s] = await house.ksock.ksock_socket(AF_INET, SOCK_STREAM, 0);
  expect(error).toBe(0);
  return { ...house, s };
}

/** A promise, and what fulfils it. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("callbacks", () => {
  test("get their socket, the argument, and what the event says; those that are null are off", async () => {
    const { ksock, s, happen } = await withSocket();
    const told: unknown[] = [];
    const arg = { name: "mine" };
    await ksock.ksock_callbacks(
      s,
      {
        connected: (...all) => void told.push(["connected", ...all]),
        disconnected: null,
        recv: (...all) => void told.push(["recv", ...all]),
        xmit: (...all) => void told.push(["xmit", ...all]),
      },
      arg,
    );
    happen(1, "connected", 0);
    happen(1, "disconnected", 131);
    happen(1, "recv", 10);
    happen(1, "xmit", 0);
    for (let i = 0; i < 4; i++) await settled();
    expect(told).toEqual([
      ["connected", s, arg],
      ["recv", s, arg, 10],
      ["xmit", s, arg, 0],
    ]);
  });

  test("of one socket run one after the other, also when they are async; those of another one meanwhile", async () => {
    const { ksock, s, happen } = await withSocket();
    const [, other] = await ksock.ksock_socket(AF_INET, SOCK_STREAM, 0);
    const { opened, open } = gate();
    const told: string[] = [];
    await ksock.ksock_callbacks(
      s,
      {
        recv: async (_s, _arg, msglen) => {
          told.push(`begin ${msglen}`);
          await opened;
          told.push(`end ${msglen}`);
        },
      },
      null,
    );
    await ksock.ksock_callbacks(other, { recv: (_s, _arg, msglen) => void told.push(`other ${msglen}`) }, null);
    happen(1, "recv", 1);
    happen(1, "recv", 2);
    happen(2, "recv", 3);
    for (let i = 0; i < 4; i++) await settled();
    expect(told).toEqual(["begin 1", "other 3"]);
    open();
    for (let i = 0; i < 4; i++) await settled();
    expect(told).toEqual(["begin 1", "other 3", "end 1", "begin 2", "end 2"]);
  });

  test("run once where the answer of a question, or of an acknowledgement, is lost", async () => {
    const { ksock, s, happen, lose, kit, road } = await withSocket();
    const told: number[] = [];
    await ksock.ksock_callbacks(s, { recv: (_s, _arg, msglen) => void told.push(msglen) }, null);
    lose("ksock_next_event", 1);
    lose("ksock_ack_event", 2);
    happen(1, "recv", 1);
    happen(1, "recv", 2);
    for (let i = 0; i < 10; i++) await kit.clock.advance(20_000_000);
    expect(told).toEqual([1, 2]);
    const again = (number: number): Promise<K.KsockReply> => road.call("ksock_ack_event", { stream: "ksock", number });
    expect([await again(1), await again(3)]).toMatchObject([{ kind: "returned" }, { errno: "ENOENT" }]);
  });

  test("are acknowledged until the kernel has heard it, and an answer that comes twice is one event", async () => {
    let unheard = 2;
    let event: K.KsockReply | undefined;
    const between = ({ call, sleepNs }: K.Road): K.Road => ({
      sleepNs,
      async call(point, args) {
        // An acknowledgement that never arrives, and an event that arrives once more.
        if (point === "ksock_ack_event" && unheard-- > 0) return { kind: "lost" };
        const again = point === "ksock_next_event" ? event : undefined;
        event = undefined;
        if (again !== undefined) return again as never;
        const reply = await call(point, args);
        if (point === "ksock_next_event") event = reply;
        return reply;
      },
    });
    const { ksock, s, happen, kit } = await withSocket({}, between);
    const told: number[] = [];
    await ksock.ksock_callbacks(s, { recv: (_s, _arg, msglen) => void told.push(msglen) }, null);
    for (const length of [1, 2, 3]) happen(1, "recv", length);
    for (let i = 0; i < 10; i++) await kit.clock.advance(20_000_000);
    expect(told).toEqual([1, 2, 3]);
  });

  test("that are off, because the kernel refused them or the socket is closed, are not asked for any more", async () => {
    const { ksock, s, happen, heard, when, kit } = await withSocket();
    const questions = (): number => heard.filter(({ point }) => point === "ksock_next_event").length;
    const [, closed] = await ksock.ksock_socket(AF_INET, SOCK_STREAM, 0);
    await ksock.ksock_callbacks(closed, { recv: () => undefined }, null);
    happen(2, "recv", 1);
    for (let i = 0; i < 4; i++) await settled();
    await ksock.ksock_close(closed);
    await kit.clock.advance(11_000_000_000);
    const before = questions();
    when("ksock_callbacks", () => "EINVAL");
    expect(await ksock.ksock_callbacks(s, { recv: () => undefined }, null)).toEqual([K.EINVAL, undefined]);
    for (let i = 0; i < 4; i++) await kit.clock.advance(11_000_000_000);
    expect(questions() - before).toBeLessThanOrEqual(1);
  });

  test("stay as they were when the kernel refuses the new ones", async () => {
    const { ksock, s, happen, when } = await withSocket();
    const told: string[] = [];
    await ksock.ksock_callbacks(s, { recv: (_s, arg) => void told.push(arg) }, "former");
    when("ksock_callbacks", () => "EDEADLK");
    const again = await ksock.ksock_callbacks(s, { recv: (_s, arg) => void told.push(arg) }, "new");
    expect(again).toEqual([K.EDEADLK, undefined]);
    happen(1, "recv", 1);
    for (let i = 0; i < 4; i++) await settled();
    expect(told).toEqual(["former"]);
    ksock.end();
  });

  test("that throw are reported and acknowledged", async () => {
    const errors: unknown[] = [];
    const { ksock, s, happen } = await withSocket({ onError: (error, slot) => errors.push([String(error), slot]) });
    const told: number[] = [];
    await ksock.ksock_callbacks(
      s,
      {
        recv: (_s, _arg, msglen) => {
          told.push(msglen);
          if (msglen === 1) throw new Error("on purpose");
        },
      },
      null,
    );
    happen(1, "recv", 1);
    happen(1, "recv", 2);
    for (let i = 0; i < 4; i++) await settled();
    expect(told).toEqual([1, 2]);
    expect(errors).toEqual([["Error: on purpose", "recv"]]);
  });

  test("installed anew get the new argument; all are off with NULL, and nothing is asked for any more", async () => {
    const { ksock, s, happen, heard, kit } = await withSocket();
    const told: unknown[] = [];
    const recv = (_s: unknown, arg: string): void => void told.push(arg);
    await ksock.ksock_callbacks(s, { recv }, "first");
    await ksock.ksock_callbacks(s, { recv }, "second");
    happen(1, "recv", 1);
    for (let i = 0; i < 4; i++) await settled();
    await ksock.ksock_callbacks(s, null, null);
    happen(1, "recv", 1);
    await kit.clock.advance(11_000_000_000);
    expect(told).toEqual(["second"]);
    const asked = heard.length;
    await kit.clock.advance(60_000_000_000);
    expect(heard).toHaveLength(asked);
  });
});

describe("a call from inside a callback", () => {
  test("is EDEADLK, also behind an await and for another socket, and counted; hold and rele are allowed", async () => {
    const { ksock, s, happen, violations } = await withSocket();
    const [, other] = await ksock.ksock_socket(AF_INET, SOCK_STREAM, 0);
    const errors: number[] = [];
    await ksock.ksock_callbacks(
      s,
      {
        recv: async () => {
          errors.push((await ksock.ksock_recv(s, 10, 0))[0]);
          await Promise.resolve();
          errors.push((await ksock.ksock_recv(other, 10, 0))[0]);
          errors.push((await ksock.ksocket_hold(s))[0]);
          errors.push((await ksock.ksocket_rele(s))[0]);
        },
      },
      null,
    );
    happen(1, "recv", 1);
    for (let i = 0; i < 4; i++) await settled();
    expect(errors).toEqual([K.EDEADLK, K.EDEADLK, 0, 0]);
    expect(violations()).toBe(2);
  });

  test("that the callback does not await is EDEADLK all the same", async () => {
    // The call is slower on its way than the acknowledgement would be.
    const { ksock, s, happen, violations } = await withSocket({}, ({ call, sleepNs }) => ({
      sleepNs,
      async call(point, args) {
        if (point === "ksock_recv") for (let i = 0; i < 2; i++) await settled();
        return call(point, args);
      },
    }));
    const errors: number[] = [];
    await ksock.ksock_callbacks(
      s,
      { recv: () => void ksock.ksock_recv(s, 10, 0).then(([error]) => errors.push(error)) },
      null,
    );
    happen(1, "recv", 1);
    for (let i = 0; i < 4; i++) await settled();
    expect([errors, violations()]).toEqual([[K.EDEADLK], 1]);
  });

  test("is none when the callback dispatched it, or left it for later", async () => {
    const { ksock, s, happen, heard, violations } = await withSocket();
    const { opened, open } = gate();
    const came: [string, number][] = [];
    const read = async (how: string): Promise<void> => {
      const [, bytes] = await ksock.ksock_recv(s, 10, 0);
      came.push([how, bytes.length]);
    };
    await ksock.ksock_callbacks(
      s,
      {
        recv: () => {
          void ksock.dispatch(() => read("dispatched"));
          void opened.then(() => read("later"));
        },
      },
      null,
    );
    happen(1, "recv", 1);
    for (let i = 0; i < 4; i++) await settled();
    expect(came).toEqual([["dispatched", 4]]);
    open();
    for (let i = 0; i < 4; i++) await settled();
    expect(came).toEqual([
      ["dispatched", 4],
      ["later", 4],
    ]);
    expect(violations()).toBe(0);
    // Not even told: its event may still be running for the kernel, when the acknowledgement was lost.
    const calls = heard.filter(({ point }) => point === "ksock_recv");
    expect(calls.map(({ args }) => args["callback"])).toEqual([0, 0]);
  });
});

describe("ksocket_setcallbacks", () => {
  test("sets the slots whose bits are in the flags, keeps the others, and replaces the argument", async () => {
    const { ksock, s, happen, heard } = await withSocket();
    const told: unknown[] = [];
    const callback: K.KsocketCallback = (_ks, event, arg, info) => void told.push([event, arg, info]);
    await ksock.ksocket_setcallbacks(
      s,
      {
        ksock_cb_flags: K.KSOCKET_CB_NEWDATA | K.KSOCKET_CB_CANSEND | K.KSOCKET_CB_ERROR,
        ksock_cb_newdata: callback,
        ksock_cb_cansend: callback,
        ksock_cb_error: callback,
        ksock_cb_connected: callback,
      },
      "first",
      K.CRED(),
    );
    await ksock.ksocket_setcallbacks(s, { ksock_cb_flags: K.KSOCKET_CB_CANSEND }, "second", K.CRED());
    happen(1, "newdata", 20);
    happen(1, "cansend", 0);
    happen(1, "connected", 0);
    for (let i = 0; i < 4; i++) await settled();
    expect(told).toEqual([[K.KSOCKET_EV_NEWDATA, "second", 20]]);
    const asked = heard.filter(({ point }) => point === "ksock_callbacks").map(({ args }) => args);
    expect(asked).toMatchObject([
      { binding: "ksocket", update: "newdata|cansend", slots: "newdata|cansend", off: false, arg: true },
      { binding: "ksocket", update: "cansend", slots: "newdata", off: false, arg: true },
    ]);
  });

  test("asks the kernel also where a NULL struct comes with an argument, which it refuses", async () => {
    const { ksock, s, when, heard } = await withSocket();
    when("ksock_callbacks", ({ off, arg }) => (off && arg ? "EFAULT" : {}));
    expect(await ksock.ksocket_setcallbacks(s, null, "argument", K.CRED())).toEqual([K.EFAULT, undefined]);
    expect(await ksock.ksocket_setcallbacks(s, null, null, K.CRED())).toEqual([0, undefined]);
    expect(heard.at(-1)?.args).toMatchObject({ off: true, arg: false });
  });

  test("without a cred is EINVAL under the strict switch, and nobody looks otherwise", async () => {
    const strict = await withSocket({ strict: true });
    expect((await strict.ksock.ksocket_listen(strict.s, 1, null))[0]).toBe(K.EINVAL);
    expect((await strict.ksock.ksocket_listen(strict.s, 1, K.CRED()))[0]).toBe(0);
    const lax = await withSocket();
    expect((await lax.ksock.ksocket_listen(lax.s, 1, null))[0]).toBe(0);
  });
});
