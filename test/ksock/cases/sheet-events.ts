import { expect } from "@jest/globals";
import { longStory, story, type Case } from "./case.ts";
import { at, lo, SO } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** Sections 8.1 and 8.3, and Q5: when there is an event, and when there is none. */
export const SHEET_EVENTS: readonly Case[] = [
  story("S8.1", "setcallbacks: NULL with an argument is EFAULT, NULL without one clears all", async (rig) => {
    const { c, a } = await rig.connected();
    await a.watchAlias();
    expect((await rig.k.ksocket_setcallbacks(a.handle, null, {}, {}))[0]).toBe(rig.number("EFAULT"));
    expect(await c.send("1")).toBe(1);
    await a.sees("newdata(1)");
    expect(await rig.k.ksocket_setcallbacks(a.handle, null, null, {})).toEqual([0, undefined]);
    expect(await c.send("2")).toBe(1);
    await a.none();
  }),

  story("S8.1", "the slot `error` can be in the struct, and is never installed", async (rig) => {
    const s = await rig.udp();
    let told = 0;
    const ksock_cb_error = (): void => {
      told++;
    };
    const [error] = await rig.k.ksocket_setcallbacks(s.handle, { ksock_cb_flags: 0x200, ksock_cb_error }, null, {});
    expect(error).toBe(0);
    expect(await s.connect(lo(rig.port()))).toBe(0);
    expect(await s.send("x")).toBe(1);
    await rig.still();
    expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNREFUSED"));
    expect(told).toBe(0);
  }),

  story("S8.2", "the events of the later names carry what illumos carries", async (rig) => {
    const { c, a } = await rig.connected();
    await c.watchAlias();
    await a.watchAlias();
    expect(await c.send("12345")).toBe(5);
    await a.sees("newdata(5)");
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.sees("oobdata(0)");
    const sent = await rig.stop(c);
    expect(await a.recv(64)).toBe("12345");
    await rig.drain(a, sent);
    await c.until("cansend(0)");
    c.took();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("cantsendmore(0)");
    await a.until("cantrecvmore(0)");
    a.took();
    // No disconnected(0) there, for illumos has none.
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await c.sees("cantrecvmore(0)");
    await a.sees("cantsendmore(0)");
  }),

  story("S8.3", "connected comes once, and not for a connect that is EISCONN", async (rig) => {
    const { c, l } = await rig.connected();
    expect(await c.connect(lo(l.port))).toBe("EISCONN");
    await c.none();
  }),

  story("S8.3", "a SYN that is dropped is no newconn; each connection is one", async (rig) => {
    const l = await rig.listener(0);
    const first = await rig.tcp();
    expect(await first.connect(lo(l.port))).toBe(0);
    const second = await rig.tcp();
    await second.nonblocking();
    expect(await second.connect(lo(l.port))).toBe("EINPROGRESS");
    await l.sees("newconn");
    await l.accept();
    await l.sees("newconn");
  }),

  story("S8.3", "data that is swallowed after SHUT_RD is no event, but the peer's FIN is one more", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    await c.sees("recv(0)");
    await r.data("swallowed");
    await c.none();
    await r.fin();
    await c.sees("recv(0)");
  }),

  story("S8.3", "each arrival is an event, also while data waits unread", async (rig) => {
    const { c, r } = await rig.toRaw();
    for (const text of ["a", "bb", "ccc"]) {
      await r.data(text);
      await c.sees(`recv(${text.length})`);
    }
    expect(await c.recv(2)).toBe("ab");
    await c.none();
    await r.data("dddd");
    await c.sees("recv(4)");
  }),

  story("S8.3", "raising SO_SNDBUF above what waits is room, told once", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 8192)).toBe(0);
    await rig.stop(c);
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 1_000_000)).toBe(0);
    await c.sees("xmit(>0)");
    expect(await c.send("room")).toBe(4);
  }),

  story("S8.3", "a reset of each state that has one is disconnected(ECONNRESET), alone", async (rig) => {
    const established = await rig.toRaw();
    const finWait1 = await rig.toRaw();
    finWait1.r.acks = false;
    expect(await finWait1.c.shutdown("SHUT_WR")).toBe(0);
    await finWait1.r.getsFin();
    const finWait2 = await rig.toRaw();
    expect(await finWait2.c.shutdown("SHUT_WR")).toBe(0);
    await finWait2.r.getsFin();
    const closeWait = await rig.toRaw();
    await closeWait.r.fin();
    await closeWait.c.until("recv(0)");
    await rig.still();
    for (const { c, r } of [established, finWait1, finWait2, closeWait]) {
      c.took();
      await r.rst();
      await c.sees("disconnected(ECONNRESET)");
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNRESET"));
    }
  }),

  longStory("S8.3", "data that nobody acknowledges: disconnected(ETIMEDOUT) after five minutes", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.stop();
    expect(await c.send("into the void")).toBe(13);
    await rig.sleep(280);
    await c.none();
    await rig.sleep(120);
    await c.sees("disconnected(ETIMEDOUT)");
    expect(await c.recv(64)).toBe("ETIMEDOUT");
    expect(await c.recv(64)).toBe("");
  }),

  story("S8.3", "SHUT_RDWR: the sending half first, then the receiving one, both in the call", async (rig) => {
    const { c } = await rig.connected();
    await rig.logged("shutdown", c.shutdown("SHUT_RDWR"));
    expect(rig.log.filter((line) => !line.startsWith("A"))).toEqual(["C xmit(0)", "C recv(0)", "shutdown returned"]);
  }),

  story("Q5", "disconnected(0) never comes after a reset, and never where only one half has ended", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)");
    await a.sees("recv(0)");
    const reset = await rig.toRaw();
    await reset.r.rst();
    await reset.c.sees("disconnected(ECONNRESET)");
    await reset.c.none();
  }),

  story("S8.3", "the queue of a non-blocking connect that fails: one event, and no end of anything", async (rig) => {
    const peer = rig.raw();
    const c = await rig.tcp();
    await c.nonblocking();
    await c.watch();
    expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EINPROGRESS");
    await peer.refuse();
    await c.sees("disconnected(ECONNREFUSED)");
    await c.none();
  }),

  story("Q7", "work that a callback dispatches is outside of it", async (rig) => {
    const { c, a } = await rig.connected();
    const seen: unknown[] = [];
    let end: Promise<unknown> = Promise.resolve();
    a.within(async () => {
      end = rig.k.dispatch(async () => seen.push(await a.recv(64)));
      seen.push("dispatched");
    });
    expect(await c.send("later")).toBe(5);
    await a.until("recv(5)");
    await end;
    expect(seen).toEqual(["dispatched", "later"]);
  }),
];
