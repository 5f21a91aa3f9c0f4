import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { at, lo, portOf, SO } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** Accepting and connecting. */
export const ROWS_CONNECTIONS: readonly Case[] = [
  story("C030", "accept: not listening EINVAL, a datagram socket EOPNOTSUPP, a short length EINVAL", async (rig) => {
    const fresh = await rig.tcp();
    expect(await fresh.tryAccept()).toBe("EINVAL");
    expect(await fresh.bind(lo(rig.port()))).toBe(0);
    expect(await fresh.tryAccept()).toBe("EINVAL");
    const { c, l } = await rig.connected();
    expect(await c.tryAccept()).toBe("EINVAL");
    expect(await (await rig.udp()).tryAccept()).toBe("EOPNOTSUPP");
    const other = await rig.tcp();
    expect(await other.connect(lo(l.port))).toBe(0);
    expect(await l.tryAccept(1)).toBe("EINVAL");
  }),

  story("C031", "what a non-blocking listener accepts is blocking", async (rig) => {
    const l = await rig.listener();
    await l.nonblocking();
    expect(await l.tryAccept()).toBe("EAGAIN");
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    await l.until("newconn");
    const a = await l.accept();
    const reading = a.recv(64);
    await rig.still();
    expect(await c.send("late")).toBe(4);
    expect(await reading).toBe("late");
  }),

  story("C032", "accept with room for 18 bytes answers 16, the client's name", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    const a = await l.accept(18);
    expect(a.from).toHaveLength(16);
    expect(a.from).toEqual(await c.sockname());
  }),

  story("C036", "a listener tells one connection once; accept takes it, and then would block", async (rig) => {
    const l = await rig.listener();
    await l.nonblocking();
    await l.none();
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    await l.sees("newconn");
    await l.accept();
    expect(await l.tryAccept()).toBe("EAGAIN");
    await l.none();
  }),

  story("C037", "a blocked accept returns when the handshake is done, after newconn", async (rig) => {
    const l = await rig.listener();
    const accepting = l.accept().then((a) => {
      rig.log.push("accept returned");
      return a;
    });
    await rig.still();
    expect(rig.log).toEqual([]);
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    const a = await accepting;
    expect(rig.log).toEqual(["L newconn", "accept returned"]);
    expect(await c.send("x")).toBe(1);
    expect(await a.recv(9)).toBe("x");
  }),

  story("C038", "connect with the length 3 is EINVAL", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port).subarray(0, 3))).toBe("EINVAL");
    expect(await c.connect(lo(l.port).subarray(0, 15))).toBe("EINVAL");
    expect(await c.connect(lo(l.port))).toBe(0);
  }),

  story("C039", "nobody listens: ECONNREFUSED, and disconnected(ECONNREFUSED)", async (rig) => {
    const c = await rig.tcp();
    await c.watch();
    expect(await c.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    await c.sees("disconnected(ECONNREFUSED)");
  }),

  story("C040", "connect on either end of a connection is EISCONN", async (rig) => {
    const { c, l, a } = await rig.connected();
    expect(await c.connect(lo(l.port))).toBe("EISCONN");
    expect(await a.connect(await c.sockname())).toBe("EISCONN");
    expect(await c.connect(lo(rig.port()))).toBe("EISCONN");
  }),

  story("C041", "a non-blocking connect: EINPROGRESS, connected, and SO_ERROR is 0", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    await c.nonblocking();
    await c.watch();
    expect(await c.connect(lo(l.port))).toBe("EINPROGRESS");
    await c.sees("connected");
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(await c.send("writable")).toBe(8);
  }),

  story(
    "C042",
    "a whole life: under way, connected, 4 bytes, peeked twice, end of file, a reply over the other half",
    async (rig) => {
      const l = await rig.listener();
      const c = await rig.tcp();
      await c.nonblocking();
      const peer = rig.raw();
      expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EINPROGRESS");
      expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EALREADY");
      await peer.accept();
      await rig.still();
      expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EISCONN");

      const d = await rig.tcp();
      expect(await d.connect(lo(l.port))).toBe(0);
      const a = await l.accept();
      expect(await d.send("test")).toBe(4);
      expect(await a.recv(4, "MSG_PEEK")).toBe("test");
      expect(await a.recv(4, "MSG_PEEK")).toBe("test");
      expect(await a.recv(4)).toBe("test");
      expect(await d.shutdown("SHUT_WR")).toBe(0);
      expect(await a.recv(4)).toBe("");
      expect(await a.recv(4)).toBe("");
      expect(await a.send("half")).toBe(4);
      expect(await a.close()).toBe(0);
      expect(await d.recv(64)).toBe("half");
      expect(await d.recv(64)).toBe("");
      expect(await d.recv(64)).toBe("");
    },
  ),

  story(
    "C043",
    "a non-blocking connect without a listener: SO_ERROR tells it once, then the end of file",
    async (rig) => {
      const c = await rig.tcp();
      await c.nonblocking();
      await c.watch();
      expect(await c.connect(lo(rig.port()))).toBe("EINPROGRESS");
      await c.sees("disconnected(ECONNREFUSED)");
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNREFUSED"));
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
      expect(await c.recv(64)).toBe("");
    },
  ),

  story("C049", "a connect that races a listen ends in success or refusal", async (rig) => {
    for (let i = 0; i < 10; i++) {
      const port = rig.port();
      const l = await rig.tcp();
      expect(await l.bind(lo(port))).toBe(0);
      const c = await rig.tcp();
      const both = i % 2 === 0 ? [l.listen(5), c.connect(lo(port))] : [c.connect(lo(port)), l.listen(5)];
      const ends = await Promise.all(both);
      expect([0, "ECONNREFUSED"]).toContain(ends[i % 2 === 0 ? 1 : 0]);
      expect(ends[i % 2 === 0 ? 0 : 1]).toBe(0);
    }
  }),

  story(
    "C052",
    "close while connecting: the socket is gone, without an event, and the peer sees a reset",
    async (rig) => {
      const peer = rig.raw();
      const c = await rig.tcp();
      await c.nonblocking();
      await c.watch();
      expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EINPROGRESS");
      await peer.syn();
      expect(await c.close()).toBe(0);
      await peer.getsRst();
      await c.none();
      expect(await c.send("x")).toBe("ENOTSOCK");
      // A SYN ACK that comes late is answered by a reset too.
      const before = peer.seen.length;
      await peer.synAck();
      await rig.still();
      expect(peer.seen.slice(before).map(({ flags }) => flags & 4)).toEqual([4]);
      expect(portOf(lo(peer.port))).toBe(peer.port);
    },
  ),
];
