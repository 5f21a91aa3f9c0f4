import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { AF_INET, AF_INET6, any, at, IP, lo, portOf, SO, SOCK_DGRAM, SOCK_STREAM, TCP } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** Where a kernel socket of illumos does what no socket of Linux does. Those that a row shows already carry its id there. */
export const DIFFERENCES: readonly Case[] = [
  story("D2", "a pair of type and protocol that does not fit: EPROTOTYPE, or EPROTONOSUPPORT", async (rig) => {
    const SOCK_RDM = 5;
    expect(await rig.create(AF_INET, SOCK_STREAM, 17)).toEqual(["EPROTOTYPE", null]);
    expect(await rig.create(AF_INET, SOCK_DGRAM, 6)).toEqual(["EPROTOTYPE", null]);
    expect(await rig.create(AF_INET, SOCK_RDM, 0)).toEqual(["EPROTOTYPE", null]);
    expect(await rig.create(AF_INET, SOCK_STREAM, 99)).toEqual(["EPROTONOSUPPORT", null]);
  }),

  story("D3", "bind of AF_INET takes an address of length 16 whatever family it says", async (rig) => {
    for (const family of [0, 77]) {
      const s = await rig.tcp();
      const port = rig.port();
      const address = lo(port);
      address[0] = family;
      expect(await s.bind(address)).toBe(0);
      const name = await s.sockname();
      expect([name[0], portOf(name)]).toEqual([AF_INET, port]);
    }
  }),

  story("D4 P15", "accept with a short length is EINVAL, and loses the connection", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    await c.watch();
    expect(await c.connect(lo(l.port))).toBe(0);
    expect(await l.tryAccept(15)).toBe("EINVAL");
    await c.until(/^(recv\(0\)|disconnected)/);
    await l.nonblocking();
    expect(await l.tryAccept()).toBe("EAGAIN");
  }),

  story("D5", "shutdown of a listener is ENOTCONN, and it listens on", async (rig) => {
    const l = await rig.listener();
    for (const how of [0, 1, 2]) expect(await l.shutdown(how)).toBe("ENOTCONN");
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    await l.accept();
  }),

  story("D6", "shutdown while connecting is ENOTCONN, and the attempt goes on", async (rig) => {
    const peer = rig.raw();
    const c = await rig.tcp();
    await c.nonblocking();
    await c.watch();
    expect(await c.connect(at(RAW_HOST, peer.port))).toBe("EINPROGRESS");
    await peer.syn();
    for (const how of [0, 1, 2]) expect(await c.shutdown(how)).toBe("ENOTCONN");
    await peer.accept();
    await c.sees("connected");
  }),

  story("D7 P9", "SHUT_RD throws queued data away; under linuxShutdownRead it stays readable", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("queued")).toBe(6);
    await c.until("recv(6)");
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    expect(await c.recv(64)).toBe("");
    const odd = await rig.oddConnected();
    expect(await odd.a.send("queued")).toBe(6);
    await odd.c.until("recv(6)");
    expect(await odd.c.shutdown("SHUT_RD")).toBe(0);
    expect(await odd.c.recv(64)).toBe("queued");
    expect(await odd.c.recv(64)).toBe("");
  }),

  story("D8", "what comes after SHUT_RD is swallowed and acknowledged", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    await r.data("swallowed");
    await r.gets(({ flags, ack }) => (flags & 16) !== 0 && ack === r.next(), "ACK of what is swallowed");
    expect(await c.recv(64)).toBe("");
    expect(await c.ioctl("FIONREAD")).toBe(0);
    expect(r.has(1)).toBe(false);
  }),

  story("D9 P8", "close with unread data is a FIN; under linuxCloseRst a reset", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.data("unread");
    await c.until("recv(6)");
    expect(await c.close()).toBe(0);
    await r.getsFin();
    expect(r.has(4)).toBe(false);
    const odd = await rig.oddConnected();
    expect(await odd.a.send("unread")).toBe(6);
    await odd.c.until("recv(6)");
    expect(await odd.c.close()).toBe(0);
    await odd.a.sees("disconnected(ECONNRESET)");
  }),

  story("D11", "a send on a socket that was never connected is ENOTCONN", async (rig) => {
    const fresh = await rig.tcp();
    expect(await fresh.send("x")).toBe("ENOTCONN");
    expect(await fresh.bind(lo(rig.port()))).toBe(0);
    expect(await fresh.send("x")).toBe("ENOTCONN");
    const l = await rig.listener();
    expect(await l.send("x")).toBe("ENOTCONN");
    const c = await rig.tcp();
    await c.nonblocking();
    expect(await c.connect(at(RAW_HOST, rig.port()))).toBe("EINPROGRESS");
    expect(await c.send("x")).toBe("ENOTCONN");
  }),

  story("D12", "after a reset every send is EPIPE, and ECONNRESET waits for a read or SO_ERROR", async (rig) => {
    for (const collect of ["recv", "option"]) {
      const { c, r } = await rig.toRaw();
      await r.rst();
      await c.until("disconnected(ECONNRESET)");
      for (let i = 0; i < 3; i++) expect(await c.send("x")).toBe("EPIPE");
      if (collect === "recv") expect(await c.recv(64)).toBe("ECONNRESET");
      else expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNRESET"));
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
      expect(await c.send("x")).toBe("EPIPE");
    }
  }),

  story("D13", "a reset after the peer's FIN: a read is ECONNRESET once, then 0", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.fin();
    await c.until("recv(0)");
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    expect(await c.recv(64)).toBe("ECONNRESET");
    expect(await c.recv(64)).toBe("");
  }),

  story("D14", "a blocked send whose peer resets is EPIPE, of 0 bytes, though some were sent", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    const sending = c.send(new Uint8Array(2_000_000));
    await rig.still();
    expect(r.text().length).toBeGreaterThan(0);
    await r.rst();
    expect(await sending).toBe("EPIPE");
  }),

  story(
    "D15",
    "a connection that is reset before accept: ECONNABORTED, and the next accept looks at the next",
    async (rig) => {
      const l = await rig.listener(5, "0.0.0.0");
      const r = rig.raw();
      await r.connect(l.port);
      await l.until("newconn");
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      await l.until("newconn", "newconn");
      await r.rst();
      await rig.still();
      expect(await l.tryAccept()).toBe("ECONNABORTED");
      const a = await l.accept();
      expect(await c.send("next")).toBe(4);
      expect(await a.recv(64)).toBe("next");
    },
  ),

  story("D16", "connect after a half-close, of either side, is EINVAL", async (rig) => {
    const { c, a, l } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await c.connect(lo(l.port))).toBe("EINVAL");
    expect(await a.connect(await a.peername())).toBe("EINVAL");
  }),

  story("D17", "no connection to oneself: EADDRNOTAVAIL", async (rig) => {
    const s = await rig.tcp();
    const own = lo(rig.port());
    expect(await s.bind(own)).toBe(0);
    expect(await s.connect(own)).toBe("EADDRNOTAVAIL");
  }),

  story(
    "D18",
    "connect to port 0 is EADDRNOTAVAIL, of 0.0.0.0 too; 0.0.0.0 with a port is the loopback address",
    async (rig) => {
      const c = await rig.tcp();
      expect(await c.connect(lo(0))).toBe("EADDRNOTAVAIL");
      expect(await c.connect(any(0))).toBe("EADDRNOTAVAIL");
      const l = await rig.listener();
      expect(await c.connect(any(l.port))).toBe(0);
    },
  ),

  story("D19 P14", "a second connect after a refusal is allowed, and the socket is as good as new", async (rig) => {
    const port = rig.port();
    const c = await rig.tcp();
    await c.watch();
    expect(await c.connect(lo(port))).toBe("ECONNREFUSED");
    expect(await c.send("x")).toBe("EPIPE");
    expect(await c.recv(64)).toBe("");
    const l = await rig.listener();
    expect(await c.connect(lo(l.port))).toBe(0);
    const a = await l.accept();
    expect(await c.send("again")).toBe(5);
    expect(await a.recv(64)).toBe("again");
    expect(await a.send("there")).toBe(5);
    expect(await c.recv(64)).toBe("there");
    await c.sees("disconnected(ECONNREFUSED)", "connected", "recv(5)");
  }),

  story("D20", "a read with MSG_PEEK tells the pending error and leaves it", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    for (let i = 0; i < 3; i++) expect(await c.recv(64, "MSG_PEEK")).toBe("ECONNRESET");
    expect(await c.recv(64)).toBe("ECONNRESET");
    expect(await c.recv(64, "MSG_PEEK")).toBe("");
  }),

  story(
    "D21 P13",
    "backlog b: b*3/2+1 connections wait, between 1 and 128; the next is pending, not refused",
    async (rig) => {
      for (const [backlog, queue] of [
        [-5, 1],
        [0, 1],
        [1, 2],
        [2, 4],
        [3, 5],
        [5, 8],
      ] as const) {
        const l = await rig.listener(backlog);
        const clients = [];
        for (let i = 0; i <= queue; i++) {
          const c = await rig.tcp();
          await c.nonblocking();
          await c.watch();
          expect(await c.connect(lo(l.port))).toBe("EINPROGRESS");
          clients.push(c);
          if (i < queue) await c.sees("connected");
        }
        await rig.still();
        expect(l.took()).toEqual(Array.from({ length: queue }, () => "newconn"));
        const last = clients.at(-1);
        await last?.none();
        await l.accept();
        await last?.sees("connected");
        for (const s of [...clients, l]) await s.close();
      }
    },
  ),

  story("D21 P13", "the queue is 128 at most", async (rig) => {
    const l = await rig.listener(1000);
    for (let i = 0; i < 128; i++) {
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
    }
    const one = await rig.tcp();
    await one.nonblocking();
    expect(await one.connect(lo(l.port))).toBe("EINPROGRESS");
    await rig.still();
    expect(await one.connect(lo(l.port))).toBe("EALREADY");
  }),

  story("D22", "sendto on a connected datagram socket is EISCONN, to its peer too", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.sendto("x", lo(rig.port()))).toBe("EISCONN");
    expect(await x.sendto("x", await y.sockname())).toBe("EISCONN");
  }),

  story("D23", "port 0: connect is EADDRNOTAVAIL, and what sendto sends goes nowhere", async (rig) => {
    const s = await rig.udp();
    expect(await s.connect(lo(0))).toBe("EADDRNOTAVAIL");
    expect(await s.sendto("nowhere", lo(0))).toBe(7);
  }),

  story("D24", "FIONREAD of a datagram socket is the sum of all that wait", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send("12345")).toBe(5);
    expect(await x.send("678")).toBe(3);
    await y.sees("recv(5)", "recv(3)");
    expect(await y.ioctl("FIONREAD")).toBe(8);
    expect(await y.recv(64)).toBe("12345");
    expect(await y.ioctl("FIONREAD")).toBe(3);
  }),

  story(
    "D27",
    "buffer sizes are as they were set, not doubled; above the maximum ENOBUFS; a receive buffer of 0 is ignored",
    async (rig) => {
      const s = await rig.tcp();
      const u = await rig.udp();
      expect(await s.set(SO.LEVEL, SO.SNDBUF, 70_000)).toBe(0);
      expect(await s.get(SO.LEVEL, SO.SNDBUF)).toBe(70_000);
      expect(await u.set(SO.LEVEL, SO.RCVBUF, 9000)).toBe(0);
      expect(await u.get(SO.LEVEL, SO.RCVBUF)).toBe(9000);
      expect(await u.set(SO.LEVEL, SO.RCVBUF, 0)).toBe(0);
      expect(await u.get(SO.LEVEL, SO.RCVBUF)).toBe(9000);
      for (const name of [SO.SNDBUF, SO.RCVBUF]) {
        expect(await s.set(SO.LEVEL, name, 1_048_577)).toBe("ENOBUFS");
        expect(await u.set(SO.LEVEL, name, 2_097_153)).toBe("ENOBUFS");
        expect(await u.set(SO.LEVEL, name, 2_097_152)).toBe(0);
      }
    },
  ),

  story(
    "D28",
    "an int option with a short buffer is EINVAL at SOL_SOCKET; the level of TCP copies what fits",
    async (rig) => {
      const s = await rig.tcp();
      for (const length of [0, 1, 3]) expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, length)).toBe("EINVAL");
      expect(await s.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
      expect(await s.getRaw(TCP.LEVEL, TCP.NODELAY, 1)).toEqual(new Uint8Array([1]));
      expect(await s.getRaw(TCP.LEVEL, TCP.NODELAY, 16)).toEqual(new Uint8Array([1, 0, 0, 0]));
    },
  ),

  story("D29", "a timeout with microseconds out of range, or below zero, is accepted", async (rig) => {
    const s = await rig.tcp();
    for (const [seconds, micros] of [
      [1, 2_000_000],
      [-1, 0],
      [0, -5],
    ] as const)
      expect(await s.setTimeval(SO.RCVTIMEO, seconds, micros)).toBe(0);
  }),

  story("D32", "an urgent byte at the mark stays until a later byte is read", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("x", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.recv(64, "MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await a.recv(1, "MSG_OOB|MSG_PEEK")).toBe("x");
    expect(await c.send("later")).toBe(5);
    await a.until("recv(5)");
    expect(await a.recv(1, "MSG_OOB|MSG_PEEK")).toBe("x");
    expect(await a.recv(64)).toBe("later");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
  }),

  story("D33", "a poll never says POLLERR: a pending error is POLLIN and POLLOUT", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    const revents = await c.poll("POLLIN|POLLOUT|POLLERR", 0);
    expect(revents).toContain("POLLIN");
    expect(revents).toContain("POLLOUT");
    expect(revents).not.toContain("POLLERR");
  }),

  story("D35", "in TIME-WAIT a shutdown is 0, once more and again", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await a.close()).toBe(0);
    await c.until("disconnected(0)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
  }),

  story("D36", "SO_BINDTODEVICE does not exist", async (rig) => {
    const s = await rig.tcp();
    expect(await s.setRaw(SO.LEVEL, 25, new TextEncoder().encode("eth0"))).toBe("ENOPROTOOPT");
    expect(await s.getRaw(SO.LEVEL, 25, 16)).toBe("ENOPROTOOPT");
  }),

  story(
    "D37 P12",
    "the numbers and layouts of illumos: sockaddr_in6 of 32 bytes, AF_INET6 26, SOCK_STREAM 2",
    async (rig) => {
      expect([AF_INET6, SOCK_STREAM, SOCK_DGRAM]).toEqual([26, 2, 1]);
      expect(rig.number("ECONNREFUSED")).toBe(146);
      const [error, s] = await rig.create(26, 2, 6);
      expect([error, s === null]).toEqual([0, false]);
      const six = await rig.tcp(AF_INET6);
      expect(await six.bind(lo(rig.port(), AF_INET6))).toBe(0);
      expect(await six.sockname()).toHaveLength(32);
      expect(await six.get(SO.LEVEL, SO.TYPE)).toBe(2);
      expect(await six.get(SO.LEVEL, SO.DOMAIN)).toBe(26);
      expect(await six.get(SO.LEVEL, SO.PROTOTYPE)).toBe(6);
      expect(await six.bind(lo(rig.port(), AF_INET6).subarray(0, 28))).toBe("EINVAL");
      const u = await rig.udp();
      expect(await u.get(SO.LEVEL, SO.TYPE)).toBe(1);
      expect(await u.get(IP.LEVEL, IP.TTL)).toBe(255);
    },
  ),
];
