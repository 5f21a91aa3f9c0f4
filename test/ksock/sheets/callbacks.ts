import { expect } from "@jest/globals";
import * as C from "../../../services/ksock/constants.ts";
import { CRED, type KsocketCallback } from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, AF_INET, lo, SO, SOCK_STREAM } from "../cases/words.ts";

/** A callback of the later names that keeps what it was told. */
const keeping =
  (told: unknown[][]): KsocketCallback =>
  (_ks, event, arg, info) =>
    void told.push([event, arg, info]);

/** Sections 8.1, 8.2 and the prohibition: what is installed, by whom, and what a callback may do. */
export const CALLBACKS: readonly Case[] = [
  story("S8.1", "the later names: only slots whose bit is set change, and the argument always", async (rig) => {
    const { c, a } = await rig.connected();
    const [told, ignored]: unknown[][][] = [[], []];
    const cb = keeping(told ?? []);
    const not = keeping(ignored ?? []);
    const set = async (cbs: Parameters<typeof rig.k.ksocket_setcallbacks>[1], arg: unknown): Promise<void> =>
      expect(await rig.k.ksocket_setcallbacks(a.handle, cbs, arg, CRED())).toEqual([0, undefined]);
    await set({ ksock_cb_flags: 0x48, ksock_cb_newdata: cb, ksock_cb_oobdata: cb, ksock_cb_cantrecvmore: not }, "one");
    expect(await c.send("a")).toBe(1);
    await rig.still();
    await set({ ksock_cb_flags: 0, ksock_cb_newdata: not }, "two");
    expect(await c.send("b")).toBe(1);
    await rig.still();
    await set({ ksock_cb_flags: 0x8, ksock_cb_newdata: null }, "three");
    expect(await c.send("c")).toBe(1);
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await rig.still();
    await set({ ksock_cb_flags: 0x108, ksock_cb_newdata: cb, ksock_cb_cantrecvmore: cb }, null);
    expect(await c.send("d")).toBe(1);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect(told).toEqual([
      [C.KSOCKET_EV_NEWDATA, "one", 1],
      [C.KSOCKET_EV_NEWDATA, "two", 2],
      [C.KSOCKET_EV_OOBDATA, "three", 0],
      [C.KSOCKET_EV_NEWDATA, null, 4],
      [C.KSOCKET_EV_CANTRECVMORE, null, 0],
    ]);
    expect(ignored).toEqual([]);
  }),

  story("S8.1", "each event of the later names has its number and its info", async (rig) => {
    const told: unknown[][] = [];
    const cb = keeping(told);
    const all = {
      ksock_cb_flags: 0x3ff,
      ksock_cb_connected: cb,
      ksock_cb_connectfailed: cb,
      ksock_cb_disconnected: cb,
      ksock_cb_newdata: cb,
      ksock_cb_newconn: cb,
      ksock_cb_cansend: cb,
      ksock_cb_oobdata: cb,
      ksock_cb_cantsendmore: cb,
      ksock_cb_cantrecvmore: cb,
      ksock_cb_error: cb,
    };
    const install = async (s: { readonly handle: Parameters<typeof rig.k.ksock_close>[0] }): Promise<void> =>
      expect((await rig.k.ksocket_setcallbacks(s.handle, all, null, CRED()))[0]).toBe(0);
    const l = await rig.tcp();
    l.port = rig.port();
    expect([await l.bind(lo(l.port)), await l.listen(3)]).toEqual([0, 0]);
    await install(l);
    const c = await rig.tcp();
    await install(c);
    expect(await c.connect(lo(l.port))).toBe(0);
    await rig.still();
    expect(told.splice(0).map(([event, , info]) => [event, info])).toEqual([
      [5, 0],
      [0, 0],
    ]);
    const a = await l.accept();
    expect(await a.send("xy")).toBe(2);
    expect(await a.send("!", "MSG_OOB")).toBe(1);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await a.setLinger(1, 0)).toBe(0);
    await rig.still();
    expect(await a.close()).toBe(0);
    await rig.still();
    expect(told.splice(0).map(([event, , info]) => [event, info])).toEqual([
      [4, 2],
      [3, 0],
      [7, 0],
      [2, rig.number("ECONNRESET")],
    ]);
    const d = await rig.tcp();
    await install(d);
    expect(await d.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    expect(told.splice(0).map(([event, , info]) => [event, info])).toEqual([[1, rig.number("ECONNREFUSED")]]);
  }),

  story("S8.1", "the primary: NULL for the struct with an argument is all off, and no error", async (rig) => {
    const { c, a } = await rig.connected();
    expect((await rig.k.ksock_callbacks(a.handle, null, "argument"))[0]).toBe(0);
    expect(await c.send("x")).toBe(1);
    await a.none();
    expect((await rig.k.ksock_callbacks(a.handle, {}, "argument"))[0]).toBe(0);
    expect(await c.send("x")).toBe(1);
    await a.none();
  }),

  story("S8.1", "callbacks can be set on a socket in any state, and nothing is replayed", async (rig) => {
    const states = [await rig.tcp(), await rig.udp()];
    const r = rig.raw();
    const connecting = await rig.tcp();
    await connecting.nonblocking();
    expect(await connecting.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
    const refused = await rig.tcp();
    expect(await refused.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    const reset = await rig.toRaw();
    await reset.r.rst();
    await reset.c.sees("disconnected(ECONNRESET)");
    const { c, a, l } = await rig.connected();
    expect(await c.send("data")).toBe(4);
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    const waiting = await rig.tcp();
    expect(await waiting.connect(lo(l.port))).toBe(0);
    await rig.still();
    states.push(connecting, refused, reset.c, c, a, l);
    for (const s of states) s.took();
    for (const s of states) await s.watch();
    for (const s of states) await s.none();
    // And yet they are on.
    await r.accept();
    await connecting.sees("connected");
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await a.sees("xmit(0)", "disconnected(0)");
    await c.sees("recv(0)", "disconnected(0)");
  }),

  story("S8.3", "a socket that is accepted has no callbacks, though its listener has", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    const a = await l.accept();
    await l.sees("newconn");
    expect(await c.send("x")).toBe(1);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await l.none();
    await a.watch();
    await a.none();
    expect([await a.recv(9), await a.recv(9)]).toEqual(["x", ""]);
  }),

  story("S8.3", "switching off is a barrier: when it returns, no callback runs and none comes", async (rig) => {
    const { c, a } = await rig.connected();
    const gate = a.hold("recv(1)");
    expect(await c.send("1")).toBe(1);
    await gate.entered;
    expect(await c.send("22")).toBe(2);
    let off = false;
    const unwatch = a.unwatch().then((error) => ((off = true), error));
    await rig.still();
    expect(off).toBe(false);
    gate.open();
    expect(await unwatch).toBe(0);
    const before = a.took();
    await a.none();
    expect(before[0]).toBe("recv(1)");
    expect(await a.recv(9)).toBe("122");
  }),

  story("S8.1", "a callback that is replaced by the other binding: one set at a time", async (rig) => {
    const { c, a } = await rig.connected();
    await a.watchAliasOnly("oobdata");
    expect(await c.send("x")).toBe(1);
    await a.none();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.sees("oobdata(0)");
    await a.watchOnly("recv");
    expect(await c.send("?", "MSG_OOB")).toBe(1);
    await a.none();
    expect(await c.send("yz")).toBe(2);
    await a.sees("recv(2)");
    await a.watchAliasOnly("newdata");
    expect(await c.send("w")).toBe(1);
    await a.sees("newdata(4)");
  }),

  story(
    "P2 Q7",
    "inside a callback every call is EDEADLK, does nothing, and is counted, whatever the handle",
    async (rig) => {
      const { c, a } = await rig.connected();
      const other = await rig.udp();
      const before = await rig.facts("ksock_violation");
      const answers: (readonly string[])[] = [];
      let made: unknown;
      a.within(async () => {
        answers.push(await rig.everyCall(a.handle, ["hold", "rele"]));
        answers.push(await rig.everyCall(other.handle, ["hold", "rele"]));
        answers.push(await rig.everyCall(null, ["hold", "rele"]));
        made = await rig.create(AF_INET, SOCK_STREAM, 0);
      });
      expect(await c.send("x")).toBe(1);
      await a.until("recv(1)");
      await rig.still();
      for (const answer of answers) for (const one of answer) expect(one).toMatch(/ EDEADLK$/);
      expect(answers.map((one) => one.length)).toEqual([20, 20, 20]);
      expect(made).toEqual(["EDEADLK", null]);
      expect((await rig.facts("ksock_violation")) - before).toBe(61);
      // Nothing was done: neither closed, nor shut down, nor switched off, nor read.
      expect(await a.recv(9)).toBe("x");
      expect(await a.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
      expect(await c.send("y")).toBe(1);
      await a.sees("recv(1)", "recv(1)");
      expect(await a.send("z")).toBe(1);
      expect([...(await other.sockname())].slice(2)).toEqual(Array.from({ length: 14 }, () => 0));
    },
  ),

  story("P2", "a callback behind an await is still inside, and after it has returned it is not", async (rig) => {
    const { c, a } = await rig.connected();
    const answers: unknown[] = [];
    let after: Promise<unknown> = Promise.resolve();
    a.within(async () => {
      await rig.sleep(0.1);
      answers.push(await a.recv(9));
      after = (async () => {
        await rig.sleep(1);
        answers.push(await a.recv(9));
      })();
    });
    expect(await c.send("x")).toBe(1);
    await a.until("recv(1)");
    await rig.still();
    await after;
    expect(answers).toEqual(["EDEADLK", "x"]);
  }),

  story("P2", "inside connected of a datagram socket, and inside xmit(0) of a shutdown: EDEADLK too", async (rig) => {
    const u = await rig.udp();
    await u.watch();
    const answers: unknown[] = [];
    u.within(async () => void answers.push(await u.send("x")));
    expect(await u.connect(lo(100))).toBe(0);
    const { c } = await rig.connected();
    c.within(async () => void answers.push(await c.close()));
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(answers).toEqual(["EDEADLK", "EDEADLK"]);
    expect(await c.trySockname(16)).toBe(0);
  }),

  story("P4 Q2", "a close from without while a callback runs: it waits for none, and drops the rest", async (rig) => {
    const { c, a } = await rig.connected();
    const gate = a.hold("recv(1)");
    expect(await c.send("1")).toBe(1);
    await gate.entered;
    expect(await c.send("22")).toBe(2);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    const close = a.close();
    await rig.still();
    gate.open();
    expect(await close).toBe(0);
    await a.sees("recv(1)");
    expect(await a.unwatch()).toBe("ENOTSOCK");
  }),

  story("P4", "a close under a hold: no event from its beginning on, though the connection lives on", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.tryHold()).toBe(0);
    const close = a.close();
    await rig.still();
    expect(await c.send("x")).toBe(1);
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.none();
    expect(await a.tryRele()).toBe(0);
    expect(await close).toBe(0);
    await a.none();
    // Its FIN.
    await c.sees("xmit(0)", "recv(0)", "disconnected(0)");
  }),
];
