import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { AF_INET6, IP, lo, SO, SOCK_DGRAM, SOCK_STREAM, TCP } from "./words.ts";

/** Where a kernel socket of illumos does what no socket of Linux does: data, queues, options. */
export const DIFFERENCES_DATA: readonly Case[] = [
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
