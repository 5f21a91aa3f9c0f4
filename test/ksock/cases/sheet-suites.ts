import { expect } from "@jest/globals";
import { longStory, story, type Case } from "./case.ts";
import { any, at, AF_INET, lo, portOf, SO, SOCK_STREAM, TCP } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** Further cases in the manner of the public suites, where the table has no row. */
export const SHEET_SUITES: readonly Case[] = [
  story("S13", "an invalid type is EPROTOTYPE, with the protocol of the family", async (rig) => {
    expect(await rig.create(AF_INET, 75, 0)).toEqual(["EPROTOTYPE", null]);
    expect(await rig.create(AF_INET, SOCK_STREAM | 0x8_0000, 0)).toEqual(["EPROTOTYPE", null]);
  }),

  story("S13", "a close frees the port of a listener, and of a datagram socket", async (rig) => {
    const port = rig.port();
    for (let i = 0; i < 3; i++) {
      const l = await rig.tcp();
      expect(await l.bind(lo(port))).toBe(0);
      expect(await l.listen(1)).toBe(0);
      const u = await rig.udp();
      expect(await u.bind(lo(port))).toBe(0);
      for (const s of [l, u]) expect(await s.close()).toBe(0);
    }
  }),

  story("S13", "who is closed second leaves no TIME-WAIT behind", async (rig) => {
    const { c, a, l } = await rig.connected();
    expect(await l.close()).toBe(0);
    expect(await c.close()).toBe(0);
    await a.until("recv(0)");
    expect(await a.close()).toBe(0);
    await rig.still();
    const again = await rig.tcp();
    expect(await again.bind(lo(l.port))).toBe(0);
    expect(await again.listen(1)).toBe(0);
  }),

  longStory("S13", "who is closed first is in TIME-WAIT: a bind is EADDRINUSE, but with SO_REUSEADDR", async (rig) => {
    const { c, a, l } = await rig.connected();
    expect(await l.close()).toBe(0);
    expect(await a.close()).toBe(0);
    await c.until("recv(0)");
    expect(await c.close()).toBe(0);
    await rig.still();
    const plain = await rig.tcp();
    expect(await plain.bind(lo(l.port))).toBe("EADDRINUSE");
    const reuses = await rig.tcp();
    expect(await reuses.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
    expect(await reuses.bind(lo(l.port))).toBe(0);
    expect(await reuses.close()).toBe(0);
    await rig.sleep(61);
    expect(await plain.bind(lo(l.port))).toBe(0);
  }),

  longStory("S13", "TCP_LINGER2 says how long FIN-WAIT-2 lasts after a close", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.set(TCP.LEVEL, TCP.LINGER2, 5)).toBe(0);
    expect(await c.close()).toBe(0);
    await r.getsFin();
    await rig.sleep(20);
    const before = r.seen.length;
    await r.fin();
    await rig.still();
    expect(r.seen.slice(before).some(({ flags }) => (flags & 4) !== 0)).toBe(true);
  }),

  story("S13", "a blocked send goes on when SO_SNDBUF is raised", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 10_000)).toBe(0);
    await rig.stop(c);
    await c.blocking();
    const sending = c.send(new Uint8Array(5000));
    await rig.still();
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 500_000)).toBe(0);
    expect(await sending).toBe(5000);
  }),

  story("S13", "a blocked send whose reader closes is EPIPE", async (rig) => {
    const { c, a } = await rig.connected();
    await rig.stop(c);
    await c.blocking();
    const sending = c.send(new Uint8Array(3_000_000));
    await rig.still();
    expect(await a.close()).toBe(0);
    expect(await sending).toBe("EPIPE");
    await c.until(/^disconnected\(ECONNRESET\)/);
  }),

  story("S13", "a blocking send of megabytes arrives whole, in order, while it is read", async (rig) => {
    const { c, a } = await rig.connected();
    const size = 3_000_000;
    const sending = c.send(Uint8Array.from({ length: size }, (_, i) => i % 251));
    let at = 0;
    while (at < size) {
      const part = await a.recvBytes(200_000);
      expect(part.every((byte, i) => byte === (at + i) % 251)).toBe(true);
      at += part.length;
    }
    expect(await sending).toBe(size);
    expect(at).toBe(size);
  }),

  story("S13", "a refused connect frees its port for others", async (rig) => {
    const port = rig.port();
    const c = await rig.tcp();
    expect(await c.bind(lo(port))).toBe(0);
    expect(await c.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    expect(await c.close()).toBe(0);
    const other = await rig.tcp();
    expect(await other.bind(lo(port))).toBe(0);
    expect(await other.listen(1)).toBe(0);
  }),

  story("S13", "a non-blocking connect whose peer closes at once is connected, and at its end", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    await c.nonblocking();
    await c.watch();
    expect(await c.connect(lo(l.port))).toBe("EINPROGRESS");
    const a = await l.accept();
    expect(await a.close()).toBe(0);
    await c.sees("connected", "recv(0)");
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(await c.recv(64)).toBe("");
    expect(await c.connect(lo(l.port))).toBe("EINVAL");
  }),

  story(
    "S13",
    "urgent bytes one after the other: only the last is urgent, and the older ones are dropped",
    async (rig) => {
      const { c, a } = await rig.connected();
      for (const text of ["hello", "wor", "ld"]) expect(await c.send(text, "MSG_OOB")).toBe(text.length);
      await a.until("exception", "exception", "exception");
      expect(await a.recv(1, "MSG_OOB")).toBe("d");
      expect(await a.ioctl("FIONREAD")).toBe(7);
      expect(await a.recv(64, "MSG_WAITALL|MSG_DONTWAIT")).toBe("hellwol");
      expect(await a.ioctl("SIOCATMARK")).toBe(1);
    },
  ),

  story("S13", "inline, older urgent bytes stay where they are", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    for (const text of ["ab", "cd"]) expect(await c.send(text, "MSG_OOB")).toBe(2);
    await a.until("exception", "exception");
    expect(await a.recv(64)).toBe("abc");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(64)).toBe("d");
  }),

  story("S13", "urgent data and data after it: an urgent byte that is read late is still there", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("hello", "MSG_OOB")).toBe(5);
    expect(await c.send("world")).toBe(5);
    await a.until("exception", "recv(5)");
    expect(await a.recv(64)).toBe("hell");
    expect(await a.recv(1, "MSG_OOB")).toBe("o");
    expect(await a.recv(64)).toBe("world");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
  }),

  story("S13", "MSG_PEEK with MSG_OOB, and peeks at the stream, leave everything as it is", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("hello", "MSG_OOB")).toBe(5);
    await a.until("exception");
    expect(await a.recv(64, "MSG_PEEK")).toBe("hell");
    expect(await a.recv(1, "MSG_OOB|MSG_PEEK")).toBe("o");
    expect(await a.recv(64, "MSG_PEEK")).toBe("hell");
    expect(await a.recv(64)).toBe("hell");
    expect(await a.recv(1, "MSG_OOB")).toBe("o");
  }),

  story(
    "S13",
    "SHUT_RDWR of one end: the other reads the end of file, and its sends draw nothing but silence",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.shutdown("SHUT_RDWR")).toBe(0);
      await a.until("recv(0)");
      expect(await a.recv(64)).toBe("");
      expect(await a.send("swallowed")).toBe(9);
      await rig.still();
      expect(await a.send("again")).toBe(5);
      expect(await a.get(SO.LEVEL, SO.ERROR)).toBe(0);
    },
  ),

  story("S13", "a shutdown of each half by itself is a shutdown of both", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("recv(0)", "xmit(0)");
    expect(await c.recv(64)).toBe("");
    expect(await c.send("x")).toBe("EPIPE");
    await a.until("recv(0)");
  }),

  story(
    "S13",
    "a linger of 0 with unread data is a reset, too; a linger that was turned off again is none",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      await r.data("unread");
      await c.until("recv(6)");
      expect(await c.setLinger(1, 0)).toBe(0);
      expect(await c.close()).toBe(0);
      await r.getsRst();
      const other = await rig.toRaw();
      expect(await other.c.setLinger(1, 0)).toBe(0);
      expect(await other.c.setLinger(0, 0)).toBe(0);
      expect(await other.c.close()).toBe(0);
      await other.r.getsFin();
      expect(other.r.has(4)).toBe(false);
    },
  ),

  story("S13", "a wildcard listener and one at an address: the more special one gets the connection", async (rig) => {
    const special = await rig.listener();
    const wild = await rig.tcp();
    expect(await wild.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
    expect(await wild.bind(any(special.port))).toBe(0);
    expect(await wild.listen(1)).toBe(0);
    const c = await rig.tcp();
    expect(await c.connect(lo(special.port))).toBe(0);
    await special.until("newconn");
    const d = await rig.tcp();
    expect(await d.connect(at("10.0.0.1", special.port))).toBe(0);
    await wild.nonblocking();
    expect(portOf((await wild.accept()).from)).toBe(portOf(await d.sockname()));
  }),

  story("S13", "data that was queued before a local SHUT_WR arrives before the end of file", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.window = 100;
    await r.ack();
    expect(await c.send("x".repeat(1000))).toBe(1000);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    r.window = 0xffff;
    await r.ack();
    await r.getsFin();
    await rig.still();
    expect(r.text()).toBe("x".repeat(1000));
  }),

  story(
    "S13",
    "a reset that is not in the window is no reset, one beside its beginning draws a challenge",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      await r.rstAt(-1000);
      await c.none();
      const before = r.seen.length;
      await r.rstAt(10);
      await r.gets((segment) => r.seen.indexOf(segment) >= before && segment.flags === 16, "challenge ACK");
      await c.none();
      expect(await c.send("alive")).toBe(5);
      await r.rst();
      await c.sees("disconnected(ECONNRESET)");
    },
  ),

  story("S13", "connecting to a host that answers late: EALREADY until it does", async (rig) => {
    const peer = rig.raw();
    const c = await rig.tcp();
    await c.nonblocking();
    await c.watch();
    expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EINPROGRESS");
    await peer.syn();
    for (let i = 0; i < 3; i++) {
      await rig.still();
      expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EALREADY");
      expect(await c.recv(64)).toBe("ENOTCONN");
    }
    await peer.synAck();
    await c.sees("connected");
    expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EISCONN");
  }),

  story("S13", "a datagram socket: connect, disconnect and connect again, and its filter each time", async (rig) => {
    const y = await rig.udp();
    expect(await y.bind(lo(rig.port()))).toBe(0);
    const [x, z] = [await rig.udp(), await rig.udp()];
    for (const s of [x, z]) expect(await s.bind(lo(rig.port()))).toBe(0);
    const both = async (): Promise<string[]> => {
      expect(await x.sendto("x", await y.sockname())).toBe(1);
      expect(await z.sendto("z", await y.sockname())).toBe(1);
      await rig.still();
      const read = [await y.recv(9, "MSG_DONTWAIT"), await y.recv(9, "MSG_DONTWAIT")];
      return read.filter((text) => text !== "EAGAIN");
    };
    expect(await both()).toEqual(["x", "z"]);
    expect(await y.connect(await x.sockname())).toBe(0);
    expect(await both()).toEqual(["x"]);
    expect(await y.connect(new Uint8Array(16))).toBe(0);
    expect(await both()).toEqual(["x", "z"]);
    expect(await y.connect(await z.sockname())).toBe(0);
    expect(await both()).toEqual(["z"]);
  }),
];
