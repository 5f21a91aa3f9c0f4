import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, lo, SO, TCP } from "../cases/words.ts";

/** What arrived, by the events since the last look: the sum of what recv was told. */
const arrived = (events: readonly string[]): number =>
  events.reduce((sum, event) => sum + Number(/^recv\((\d+)\)$/.exec(event)?.[1] ?? NaN), 0);

/** Sections 8.3, 8.4 and 8.5: when there is an event, and which is the next. */
export const EVENTS: readonly Case[] = [
  story(
    "S8.3",
    "connected: not for who was accepted, once for crossed SYNs, not for a connect that failed",
    async (rig) => {
      const r = rig.raw();
      const c = await rig.tcp();
      await c.watch();
      const connect = c.connect(at(RAW_HOST, r.port));
      await r.crossedSyn();
      expect(await connect).toBe(0);
      await c.sees("connected");
      const d = await rig.tcp();
      await d.watch();
      expect(await d.connect(lo(0))).toBe("EADDRNOTAVAIL");
      await d.none();
      expect(await d.connect(lo(rig.port()))).toBe("ECONNREFUSED");
      await d.sees("disconnected(ECONNREFUSED)");
    },
  ),

  story("P14", "a second connect after a failed one: connected, both halves work, the end is as ever", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    await c.watch();
    expect(await c.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    expect(await c.connect(lo(l.port))).toBe(0);
    await c.sees("disconnected(ECONNREFUSED)", "connected");
    const a = await l.accept();
    expect([await c.send("there"), await a.recv(9)]).toEqual([5, "there"]);
    expect([await a.send("back"), await c.recv(9)]).toEqual([4, "back"]);
    expect(await c.tryPeername(16)).toBe(0);
    expect(await c.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe(0);
    await c.sees("recv(4)");
    expect(await a.close()).toBe(0);
    await c.sees("recv(0)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)", "disconnected(0)");
  }),

  story("S8.3", "after disconnected(errno) nothing more comes, and calls that fail tell nothing", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.data("abc");
    await c.sees("recv(3)");
    await r.rst();
    await c.sees("disconnected(ECONNRESET)");
    expect(await c.recv(9)).toBe("abc");
    expect(await c.send("x")).toBe("EPIPE");
    expect(await c.recv(9)).toBe("ECONNRESET");
    expect(await c.recv(9)).toBe("");
    for (const how of ["SHUT_RD", "SHUT_WR", "SHUT_RDWR"] as const) expect(await c.shutdown(how)).toBe("ENOTCONN");
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 1_000_000)).toBe("EINVAL");
    await c.none();
  }),

  story("S8.3", "newconn: one for each connection and none for a handshake that is not over", async (rig) => {
    const l = await rig.listener(5, "10.0.0.1");
    const [half, one, two] = [rig.raw(), rig.raw(), rig.raw()];
    await half.halfOpen(l.port);
    await l.none();
    await one.connect(l.port);
    await two.connect(l.port);
    await l.sees("newconn", "newconn");
    await half.ack();
    await l.sees("newconn");
    for (let i = 0; i < 3; i++) expect(await l.tryAccept()).toBe(0);
    await l.nonblocking();
    expect(await l.tryAccept()).toBe("EAGAIN");
  }),

  story(
    "S8.3",
    "newconn comes before the accept that waited for it returns, and before the client's connected",
    async (rig) => {
      const l = await rig.listener();
      const c = await rig.tcp();
      c.name = "C";
      await c.watch();
      const accepting = rig.logged("accept", l.accept());
      await rig.still();
      expect(await c.connect(lo(l.port))).toBe(0);
      await accepting;
      expect(rig.log.filter((line) => line !== "accept returned")).toEqual(["L newconn", "C connected"]);
      expect(rig.log.indexOf("accept returned")).toBeGreaterThan(rig.log.indexOf("L newconn"));
    },
  ),

  story("S8.3", "a large transfer: what recv tells adds up to what was sent, whoever reads meanwhile", async (rig) => {
    const { c, a } = await rig.connected();
    const total = 300_000;
    const [sent] = await Promise.all([c.send(new Uint8Array(total)), rig.drain(a, total)]);
    expect(sent).toBe(total);
    await rig.still();
    expect(arrived(a.took())).toBe(total);
    const xmits = c.took();
    expect(xmits.every((event) => event === "xmit(>0)")).toBe(true);
  }),

  story("S8.3", "a FIN that comes with data: the data first", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.set(TCP.LEVEL, TCP.CORK, 1)).toBe(0);
    expect(await c.send("last words")).toBe(10);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.sees("recv(10)", "recv(0)");
    expect([await a.recv(64), await a.recv(64), await a.recv(64)]).toEqual(["last words", "", ""]);
  }),

  story("S8.3", "each SHUT_WR is an xmit(0), each SHUT_RD a recv(0), also after the normal end", async (rig) => {
    const { c, a } = await rig.connected();
    for (let i = 0; i < 2; i++) expect(await c.shutdown("SHUT_WR")).toBe(0);
    for (let i = 0; i < 2; i++) expect(await c.shutdown("SHUT_RD")).toBe(0);
    await c.sees("xmit(0)", "xmit(0)", "recv(0)", "recv(0)");
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
    await c.sees("xmit(0)", "recv(0)");
    await a.sees("recv(0)");
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await a.sees("xmit(0)", "disconnected(0)");
    await c.sees("recv(0)", "disconnected(0)");
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
    await c.sees("xmit(0)", "recv(0)");
    await a.none();
  }),

  story("Q5", "disconnected(0) waits for the FIN to be sent, behind data that cannot go", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    await r.fin();
    await c.sees("recv(0)");
    expect(await c.send(new Uint8Array(100_000))).toBe(100_000);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.until("xmit(0)");
    expect(c.took()).toEqual(["xmit(0)"]);
    r.acks = true;
    await r.ack();
    await r.getsFin();
    await c.sees("disconnected(0)");
  }),

  story("Q5", "a reset after the normal end is no event, and after a half of it one of ECONNRESET", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.fin();
    await c.sees("recv(0)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)", "disconnected(0)");
    await r.rst();
    await c.none();
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
    const { c: d, r: q } = await rig.toRaw();
    expect(await d.shutdown("SHUT_WR")).toBe(0);
    await q.getsFin();
    await rig.still();
    await q.rst();
    await d.sees("xmit(0)", "disconnected(ECONNRESET)");
  }),

  story("Q5", "two FINs that cross: the end of each half, and the normal end once", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)");
    await r.finUnacknowledged();
    await c.sees("recv(0)", "disconnected(0)");
    r.acks = true;
    await r.ack();
    await c.none();
  }),

  story("Q5", "a reset while the FIN waits behind data that cannot go: ECONNRESET, and no normal end", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    await r.fin();
    await c.sees("recv(0)");
    expect(await c.send(new Uint8Array(100_000))).toBe(100_000);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)");
    await r.rst();
    await c.sees("disconnected(ECONNRESET)");
    expect(await c.recv(9)).toBe("ECONNRESET");
    expect(await c.recv(9)).toBe("");
    expect(await c.tryPeername(16)).toBe("ENOTCONN");
    expect(await c.shutdown("SHUT_WR")).toBe("ENOTCONN");
  }),

  story("Q5", "the later names have no normal end", async (rig) => {
    const { c, a } = await rig.connected();
    for (const s of [c, a]) await s.watchAlias();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.sees("cantrecvmore(0)");
    expect(await a.shutdown("SHUT_RDWR")).toBe(0);
    await a.sees("cantsendmore(0)", "cantrecvmore(0)");
    await c.sees("cantsendmore(0)", "cantrecvmore(0)");
  }),

  story("S8.3", "room is told when no more than a tenth of the buffer waits, and not before", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    const sent = await rig.stop(c);
    const per = (await c.get(SO.LEVEL, SO.SNDBUF)) as number;
    expect(sent).toBeGreaterThanOrEqual(per);
    await c.none();
    expect(await c.send("x")).toBe("EAGAIN");
    r.acks = true;
    await r.ack();
    await c.sees("xmit(>0)");
    expect(c.lastRoom()).toBeGreaterThanOrEqual(per * 0.9);
    expect(c.lastRoom()).toBeLessThanOrEqual(per);
    expect(await c.send("x")).toBe(1);
    await c.none();
  }),

  story("S8.3", "a socket that was never stopped is told of no room, however much is acknowledged", async (rig) => {
    const { c, a } = await rig.connected();
    for (let i = 0; i < 5; i++) {
      expect(await c.send(new Uint8Array(2000))).toBe(2000);
      await rig.drain(a, 2000);
    }
    await c.none();
  }),

  story("S8.3", "stopped twice, told twice", async (rig) => {
    const { c, a } = await rig.connected();
    for (let i = 0; i < 2; i++) {
      const sent = await rig.stop(c);
      await rig.drain(a, sent);
      await c.sees("xmit(>0)");
    }
  }),

  story("S8.3", "raising SO_SNDBUF tells of room inside the call", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 8192)).toBe(0);
    await rig.stop(c);
    rig.log.length = 0;
    await rig.logged("setsockopt", c.set(SO.LEVEL, SO.SNDBUF, 1_048_576));
    expect(rig.log.filter((line) => !line.startsWith("A"))).toEqual(["C xmit(>0)", "setsockopt returned"]);
  }),

  story("S8.3", "a reset while sending is stopped: room, then the error, and EPIPE for who waits", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    await rig.stop(c);
    await c.blocking();
    const sending = c.send("x");
    await rig.still();
    await r.rst();
    await c.sees("xmit(>0)", "disconnected(ECONNRESET)");
    expect(await sending).toBe("EPIPE");
    expect(await c.recv(9)).toBe("ECONNRESET");
  }),

  story("S8.3", "own SHUT_WR while sending is stopped: xmit(0) alone, and EPIPE for who waits", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    await rig.stop(c);
    await c.blocking();
    const sending = c.send("x");
    await rig.still();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await sending).toBe("EPIPE");
    await c.sees("xmit(0)");
  }),

  story("S8.3", "a blocked reader is woken after recv was told, for data, for an end, and for a reset", async (rig) => {
    const { c, r } = await rig.toRaw();
    const order = async (event: string, happen: () => Promise<void>): Promise<string> => {
      rig.log.length = 0;
      const reading = rig.logged("recv", c.recv(64));
      await rig.still();
      await happen();
      const got = await reading;
      expect(rig.log).toEqual([`C ${event}`, "recv returned"]);
      return got;
    };
    expect(await order("recv(5)", () => r.data("hello"))).toBe("hello");
    expect(await order("disconnected(ECONNRESET)", () => r.rst())).toBe("ECONNRESET");
  }),

  story("S8.3", "events of one socket wait for its callback, and calls for what was told before them", async (rig) => {
    const { c, a } = await rig.connected();
    const gate = a.hold("recv(1)");
    expect(await c.send("1")).toBe(1);
    await gate.entered;
    expect(await c.send("22")).toBe(2);
    expect(await c.send("333")).toBe(3);
    await rig.still();
    expect(a.events).toEqual(["recv(1)"]);
    gate.open();
    await rig.still();
    expect(arrived(a.took())).toBe(6);
    expect(await a.recv(64)).toBe("122333");
  }),
];
