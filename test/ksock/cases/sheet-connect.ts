import { expect } from "@jest/globals";
import { longStory, story, type Case } from "./case.ts";
import { AF_INET6, at, lo, portOf, SO, unspecified } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** An address of the network that nobody has. */
const NOBODY = "10.0.0.77";

/** Sections 3.4 and 3.5. */
export const SHEET_CONNECT: readonly Case[] = [
  story(
    "S3.4",
    "an address without a length is EFAULT before anything waits; without an address the length does not matter",
    async (rig) => {
      const l = await rig.listener();
      expect(await l.tryAccept(null)).toBe("EFAULT");
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      expect(await l.tryAccept(null)).toBe("EFAULT");
      const [error, { ns, addr }] = await rig.k.ksock_accept(l.handle, null);
      expect([error, ns === null, addr.length]).toEqual([0, false, 0]);
      if (ns !== null) await rig.k.ksock_close(ns);
    },
  ),

  story("S3.4", "connections are accepted in the order in which their handshakes ended", async (rig) => {
    const l = await rig.listener(10);
    const names = [];
    for (let i = 0; i < 6; i++) {
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      names.push(await c.sockname());
    }
    for (const name of names) expect((await l.accept()).from).toEqual(name);
  }),

  story("S3.4", "a connection whose peer sent data and a FIN before is accepted, with both", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    expect(await c.send("before")).toBe(6);
    expect(await c.close()).toBe(0);
    await rig.still();
    const a = await l.accept();
    expect(await a.recv(64)).toBe("before");
    expect(await a.recv(64)).toBe("");
    expect(await a.tryPeername(16)).toBe(0);
  }),

  story("S3.4", "the local address is the one that the client dialled", async (rig) => {
    const l = await rig.tcp();
    expect(await l.bind(at("0.0.0.0", rig.port()))).toBe(0);
    expect(await l.listen(1)).toBe(0);
    const c = await rig.tcp();
    const port = portOf(await l.sockname());
    expect(await c.connect(at("127.0.0.1", port))).toBe(0);
    expect(await (await l.accept()).sockname()).toEqual(at("127.0.0.1", port));
    const d = await rig.tcp();
    expect(await d.connect(at("10.0.0.1", port))).toBe(0);
    expect(await (await l.accept()).sockname()).toEqual(at("10.0.0.1", port));
  }),

  story(
    "S3.4",
    "an accepted socket has no connected event, and what came before its callbacks is not told",
    async (rig) => {
      const { l, a, r } = await rig.fromRaw();
      await a.none();
      await r.data("now");
      await a.sees("recv(3)");
      await l.until("newconn");
    },
  ),

  story("S3.5", "NULL, AF_UNSPEC, wrong lengths and families", async (rig) => {
    const s = await rig.tcp();
    expect(await s.connect(null)).toBe("EINVAL");
    expect(await s.connect(unspecified)).toBe("EINVAL");
    expect(await s.connectNull(16)).toBe("EFAULT");
    expect(await s.connect(lo(rig.port()).subarray(0, 8))).toBe("EINVAL");
    expect(await s.connect(lo(rig.port(), AF_INET6))).toBe("EAFNOSUPPORT");
    const six = await rig.tcp(AF_INET6);
    expect(await six.connect(lo(rig.port(), AF_INET6).subarray(0, 28))).toBe("EINVAL");
  }),

  story("S3.5", "a pending error comes before everything else, and is cleared", async (rig) => {
    const s = await rig.tcp();
    await s.nonblocking();
    await s.watch();
    expect(await s.connect(lo(rig.port()))).toBe("EINPROGRESS");
    await s.until("disconnected(ECONNREFUSED)");
    expect(await s.connect(lo(0))).toBe("ECONNREFUSED");
    expect(await s.connect(lo(0))).toBe("EADDRNOTAVAIL");
  }),

  story("S3.5", "connect of a listener is EOPNOTSUPP", async (rig) => {
    const l = await rig.listener();
    expect(await l.connect(lo(rig.port()))).toBe("EOPNOTSUPP");
  }),

  story("S3.5", "a port that is bound to the same peer already: EADDRINUSE", async (rig) => {
    const l = await rig.listener();
    const port = rig.port();
    for (const end of [0, "EADDRINUSE"]) {
      const c = await rig.tcp();
      // Only where one does not listen or is just bound may two have a port.
      expect(await c.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
      expect(await c.bind(lo(port))).toBe(0);
      expect(await c.connect(lo(l.port))).toBe(end);
    }
  }),

  story("S3.5", "no route: ENETUNREACH, at once", async (rig) => {
    const s = await rig.tcp();
    expect(await s.connect(at("192.0.2.1", 80))).toBe("ENETUNREACH");
    const u = await rig.udp();
    expect(await u.connect(at("192.0.2.1", 80))).toBe("ENETUNREACH");
    expect(await u.sendto("x", at("192.0.2.1", 80))).toBe("ENETUNREACH");
  }),

  longStory(
    "S3.5",
    "a neighbour that does not answer: EHOSTUNREACH or ETIMEDOUT, and the event says the same",
    async (rig) => {
      const s = await rig.tcp();
      await s.watch();
      const end = await s.connect(at(NOBODY, 80));
      expect(["EHOSTUNREACH", "ETIMEDOUT"]).toContain(end);
      await s.sees(`disconnected(${end})`);
    },
  ),

  story("S3.5", "a reset in answer to the SYN is ECONNREFUSED, from another node too", async (rig) => {
    const peer = rig.raw();
    const c = await rig.tcp();
    await c.watch();
    const [end] = await Promise.all([c.connect(at(RAW_HOST, peer.port)), peer.refuse()]);
    expect(end).toBe("ECONNREFUSED");
    await c.sees("disconnected(ECONNREFUSED)");
    const far = await rig.tcp();
    expect(await far.connect(at("10.0.0.2", rig.port()))).toBe("ECONNREFUSED");
  }),

  story("S3.5", "an ICMP port unreachable in answer to the SYN is ECONNREFUSED", async (rig) => {
    const peer = rig.raw();
    const c = await rig.tcp();
    await c.watch();
    const connecting = c.connect(at(RAW_HOST, peer.port));
    await peer.syn();
    await rig.unreachable(peer.port, 3);
    expect(await connecting).toBe("ECONNREFUSED");
    await c.sees("disconnected(ECONNREFUSED)");
  }),

  story("S3.5", "over the network: two nodes connect, and newconn and connected come", async (rig) => {
    const l = await rig.tcp();
    const port = rig.port();
    expect(await l.bind(at("10.0.0.1", port))).toBe(0);
    expect(await l.listen(1)).toBe(0);
    await l.watch();
    const c = await rig.farTcp();
    await c.watch();
    expect(await c.connect(at("10.0.0.1", port))).toBe(0);
    await c.sees("connected");
    await l.sees("newconn");
    const a = await l.accept();
    expect(await c.send("from beta")).toBe(9);
    expect(await a.recv(64)).toBe("from beta");
    expect(await a.close()).toBe(0);
    await c.sees("recv(0)");
  }),

  story("S3.5", "after a failure a send is EPIPE, and a read the error, once", async (rig) => {
    const s = await rig.tcp();
    await s.nonblocking();
    await s.watch();
    expect(await s.connect(lo(rig.port()))).toBe("EINPROGRESS");
    await s.until("disconnected(ECONNREFUSED)");
    expect(await s.send("x")).toBe("EPIPE");
    expect(await s.recv(64)).toBe("ECONNREFUSED");
    expect(await s.recv(64)).toBe("");
    expect(await s.send("x")).toBe("EPIPE");
  }),

  story("S3.5", "a blocking connect returns its error once: nothing stays pending", async (rig) => {
    const s = await rig.tcp();
    expect(await s.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(await s.recv(64)).toBe("");
  }),

  story("S3.5", "two ends that connect to each other at the same time are one connection", async (rig) => {
    const r = rig.raw();
    const c = await rig.tcp();
    await c.watch();
    const connecting = c.connect(at(RAW_HOST, r.port));
    await r.crossedSyn();
    expect(await connecting).toBe(0);
    await c.sees("connected");
    await r.data("crossed");
    await c.sees("recv(7)");
    expect(await c.recv(64)).toBe("crossed");
  }),
];
