import { expect } from "@jest/globals";
import { longStory, story, type Case } from "./case.ts";
import { at, lo, SO } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** The traces of facts 8.5: callbacks everywhere, C the client, L the listener, A what it accepted. */
export const TRACES: readonly Case[] = [
  story(
    "T1 P18",
    "a blocking connect and an accept: newconn of the listener, then connected of the client",
    async (rig) => {
      const l = await rig.listener();
      const c = await rig.tcp();
      c.name = "C";
      await c.watch();
      expect(await c.connect(lo(l.port))).toBe(0);
      await l.until("newconn");
      expect(rig.log).toEqual(["L newconn", "C connected"]);
      await l.accept();
      await rig.still();
      expect(rig.log).toEqual(["L newconn", "C connected"]);
    },
  ),

  story(
    "T2 P16",
    "a non-blocking connect to an open port is EINPROGRESS, EALREADY, connected, EISCONN",
    async (rig) => {
      const l = await rig.listener();
      const c = await rig.tcp();
      await c.nonblocking();
      await c.watch();
      // Whichever of the two comes first.
      const both = await Promise.all([c.connect(lo(l.port)), c.connect(lo(l.port))]);
      expect(both).toContain("EINPROGRESS");
      expect(both.some((end) => end === "EALREADY" || end === "EISCONN")).toBe(true);
      await c.sees("connected");
      expect(await c.connect(lo(l.port))).toBe("EISCONN");
      await l.sees("newconn");
      await rig.still();
      await c.none();
    },
  ),

  story("T3", "connect to a closed port: disconnected(ECONNREFUSED), and the errno, once", async (rig) => {
    const c = await rig.tcp();
    await c.watch();
    expect(await c.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    await c.sees("disconnected(ECONNREFUSED)");
    const n = await rig.tcp();
    await n.nonblocking();
    await n.watch();
    expect(await n.connect(lo(rig.port()))).toBe("EINPROGRESS");
    await n.sees("disconnected(ECONNREFUSED)");
    expect(await n.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNREFUSED"));
    expect(await n.get(SO.LEVEL, SO.ERROR)).toBe(0);
  }),

  longStory(
    "T4 P17",
    "connect to a black hole: ETIMEDOUT, and disconnected(ETIMEDOUT), after three minutes",
    async (rig) => {
      const c = await rig.tcp();
      await c.watch();
      const from = rig.seconds();
      expect(await c.connect(at(RAW_HOST, rig.port()))).toBe("ETIMEDOUT");
      const took = rig.seconds() - from;
      expect(took).toBeGreaterThanOrEqual(180);
      expect(took).toBeLessThan(200);
      await c.sees("disconnected(ETIMEDOUT)");
    },
  ),

  story("T5", "ten bytes are recv(10)", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("0123456789")).toBe(10);
    await c.sees("recv(10)");
    expect(await c.recv(64)).toBe("0123456789");
    await a.none();
  }),

  story("T6", "ten and ten are recv(10) twice, newdata(10) and newdata(20), and one read of 20", async (rig) => {
    const { c, a } = await rig.connected();
    const alias = await rig.connected();
    await alias.c.watchAlias();
    for (let i = 0; i < 2; i++) {
      expect(await a.send("0123456789")).toBe(10);
      expect(await alias.a.send("0123456789")).toBe(10);
    }
    await c.sees("recv(10)", "recv(10)");
    await alias.c.sees("newdata(10)", "newdata(20)");
    expect(await c.recv(64)).toHaveLength(20);
    expect(await alias.c.recv(64)).toHaveLength(20);
  }),

  story(
    "T7 Q3",
    "who sent until it would block sees xmit once when the peer drains, with how much fits",
    async (rig) => {
      const { c, a } = await rig.connected();
      const sent = await rig.stop(c);
      expect(c.took()).toEqual([]);
      await rig.drain(a, sent);
      await c.until("xmit(>0)");
      await rig.still();
      expect(c.took()).toEqual(["xmit(>0)"]);
      const room = c.lastRoom();
      expect(room).toBeGreaterThanOrEqual(1);
      expect(room).toBeLessThanOrEqual(Number(await c.get(SO.LEVEL, SO.SNDBUF)));
      expect(await c.send("goes on")).toBe(7);
    },
  ),

  story("T8", "SHUT_WR: xmit(0) here, recv(0) there after the data, and the other half goes on", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("data")).toBe(4);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)");
    await a.sees("recv(4)", "recv(0)");
    expect(await c.send("x")).toBe("EPIPE");
    expect(await a.recv(64)).toBe("data");
    expect(await a.recv(64)).toBe("");
    expect(await a.send("still")).toBe(5);
    expect(await c.recv(64)).toBe("still");
  }),

  story("T9", "and then the other end shuts down, or closes: recv(0), disconnected(0)", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    a.took();
    c.took();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await c.sees("recv(0)", "disconnected(0)");
    await a.sees("xmit(0)", "disconnected(0)");
    const other = await rig.connected();
    expect(await other.c.shutdown("SHUT_WR")).toBe(0);
    await other.a.until("recv(0)");
    other.a.took();
    other.c.took();
    expect(await other.a.close()).toBe(0);
    await other.c.sees("recv(0)", "disconnected(0)");
    await other.a.none();
  }),

  story(
    "T10",
    "a peer that aborts: queued data, ECONNRESET once, then the end of file; EPIPE; ENOTCONN",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await a.send("queued")).toBe(6);
      await c.sees("recv(6)");
      expect(await a.setLinger(1, 0)).toBe(0);
      expect(await a.close()).toBe(0);
      await c.sees("disconnected(ECONNRESET)");
      await a.none();
      expect(await c.send("x")).toBe("EPIPE");
      expect(await c.tryPeername(16)).toBe("ENOTCONN");
      expect(await c.recv(64)).toBe("queued");
      expect(await c.recv(64)).toBe("ECONNRESET");
      expect(await c.recv(64)).toBe("");
      expect(await c.recv(64)).toBe("");
      expect(await c.send("x")).toBe("EPIPE");
    },
  ),

  story("T11", "a close with unread data is a FIN; what the peer sends then draws a reset", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("unread")).toBe(6);
    await c.sees("recv(6)");
    expect(await c.close()).toBe(0);
    await a.sees("recv(0)");
    expect(await a.send("later")).toBe(5);
    await a.sees("disconnected(ECONNRESET)");
    await c.none();
  }),

  story("T12", "a listener that closes resets who was not accepted", async (rig) => {
    const l = await rig.listener(5);
    const clients = [await rig.tcp(), await rig.tcp()];
    for (const c of clients) {
      await c.watch();
      expect(await c.connect(lo(l.port))).toBe(0);
    }
    await l.sees("newconn", "newconn");
    for (const c of clients) c.took();
    expect(await l.close()).toBe(0);
    for (const c of clients) await c.sees("disconnected(ECONNRESET)");
    await l.none();
  }),

  story("T13", "urgent data: an exception, the byte, and the mark", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("x", "MSG_OOB")).toBe(1);
    await c.sees("exception");
    expect(c.lastException()).toBe(1);
    expect(await c.recv(1, "MSG_OOB")).toBe("x");
    expect(await c.ioctl("SIOCATMARK")).toBe(1);
  }),

  story(
    "T14",
    "SHUT_RD with data queued: recv(0) in the call, and the data is gone; the peer is not told",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await a.send("thrown away")).toBe(11);
      await c.sees("recv(11)");
      rig.log.length = 0;
      await rig.logged("shutdown", c.shutdown("SHUT_RD"));
      expect(rig.log).toEqual(["C recv(0)", "shutdown returned"]);
      c.took();
      expect(await c.recv(64)).toBe("");
      expect(await c.ioctl("FIONREAD")).toBe(0);
      expect(await a.send("swallowed")).toBe(9);
      await rig.still();
      expect(await c.recv(64)).toBe("");
      await c.none();
      await a.none();
    },
  ),

  story(
    "T15 T15b",
    "a datagram socket is connected in the call; an empty datagram is recv(-1) and 0 bytes",
    async (rig) => {
      const s = await rig.udp();
      await s.watch();
      expect(await s.connect(lo(rig.port()))).toBe(0);
      expect(s.took()).toEqual(["connected"]);
      const { x, y } = await rig.datagrams();
      expect(await x.send("")).toBe(0);
      await y.sees("recv(-1)");
      await y.nonblocking();
      expect(await y.recv(64)).toBe("");
      expect(await y.recv(64)).toBe("EAGAIN");
    },
  ),

  story("T16 Q11", "sends to a closed port: 0, ECONNREFUSED once, 0, and no event", async (rig) => {
    const s = await rig.udp();
    expect(await s.connect(lo(rig.port()))).toBe(0);
    await s.watch();
    expect(await s.send("first")).toBe(5);
    await rig.still();
    expect(await s.send("not sent")).toBe("ECONNREFUSED");
    await rig.still();
    expect(await s.send("third")).toBe(5);
    await s.none();
  }),
];
