import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { any, at, AF_INET6, IP, IPV6, lo, portOf, SO, TCP } from "../cases/words.ts";

const LO = "127.0.0.1";

/** Section 3.4, sentence by sentence. */
export const ACCEPT: readonly Case[] = [
  story("3.4", "an address without a length is EFAULT on any socket, but not on none", async (rig) => {
    const { c, l } = await rig.connected();
    const [s, u] = [await rig.tcp(), await rig.udp()];
    await l.nonblocking();
    expect([
      await s.tryAccept(null),
      await u.tryAccept(null),
      await c.tryAccept(null),
      await l.tryAccept(null),
      await rig.k.ksock_accept(null, { addrlen: null }).then(([error]) => error),
    ]).toEqual(["EFAULT", "EFAULT", "EFAULT", "EFAULT", 95]);
  }),

  story(
    "3.4",
    "what does not listen: EINVAL, and EOPNOTSUPP where there is nothing to accept, before the length",
    async (rig) => {
      const { c, a } = await rig.connected();
      const [s, b, u] = [await rig.tcp(), await rig.tcp(), await rig.udp()];
      await b.bind(lo(rig.port()));
      const p = await rig.tcp();
      await p.nonblocking();
      expect(await p.connect(at(RAW_HOST, rig.raw().port))).toBe("EINPROGRESS");
      const got = [];
      for (const one of [s, b, c, a, p, u]) got.push(await one.tryAccept(), await one.tryAccept(1));
      expect(got).toEqual([...Array.from({ length: 10 }, () => "EINVAL"), "EOPNOTSUPP", "EOPNOTSUPP"]);
      expect(await a.shutdown("SHUT_RDWR")).toBe(0);
      expect(await a.tryAccept()).toBe("EINVAL");
    },
  ),

  story("3.4", "the length is looked at when there is a connection, which it costs", async (rig) => {
    const l = await rig.listener();
    await l.nonblocking();
    expect(await l.tryAccept(1)).toBe("EAGAIN");
    for (const length of [0, 1, 15]) {
      const c = await rig.tcp();
      await c.watch();
      expect(await c.connect(lo(l.port))).toBe(0);
      expect(await l.tryAccept(length)).toBe("EINVAL");
      await rig.still();
      expect(await l.tryAccept()).toBe("EAGAIN");
      const end = await c.recv(9);
      expect(["", "ECONNRESET"]).toContain(end);
    }
    const six = await rig.tcp(AF_INET6);
    expect(await six.listen(4)).toBe(0);
    await six.nonblocking();
    for (const [length, end] of [
      [16, "EINVAL"],
      [31, "EINVAL"],
      [32, 0],
      [128, 0],
    ] as const) {
      const c = await rig.tcp();
      expect(await c.connect(lo(portOf(await six.sockname())))).toBe(0);
      expect(await six.tryAccept(length)).toBe(end);
    }
  }),

  story("3.4", "an address that is NULL has a length that does not matter", async (rig) => {
    const { l } = await rig.connected();
    for (const addrlen of [0, 1, -1, null]) {
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      const [error, { ns, addr }] = await rig.k.ksock_accept(l.handle, { addr: null, addrlen });
      expect([error, ns === null, addr.length]).toEqual([0, false, 0]);
      await rig.k.ksock_close(ns);
    }
  }),

  story("3.4", "connections that were reset: each is ECONNABORTED once, in its place", async (rig) => {
    const l = await rig.listener(9, "10.0.0.1");
    const [r1, r2, r3] = [rig.raw(), rig.raw(), rig.raw()];
    for (const r of [r1, r2, r3]) await r.connect(l.port);
    await r1.rst();
    await r3.rst();
    await rig.still();
    await l.nonblocking();
    expect(await l.tryAccept()).toBe("ECONNABORTED");
    expect(portOf((await l.accept()).from)).toBe(r2.port);
    expect(await l.tryAccept(1)).toBe("ECONNABORTED");
    expect([await l.tryAccept(), await l.get(SO.LEVEL, SO.ERROR)]).toEqual(["EAGAIN", 0]);
  }),

  story("3.4", "everything that the sheet says is inherited, and what is not", async (rig) => {
    const l = await rig.tcp();
    const flags = [SO.DEBUG, SO.REUSEADDR, SO.KEEPALIVE, SO.DONTROUTE, SO.BROADCAST, SO.USELOOPBACK, SO.OOBINLINE];
    for (const flag of flags) expect(await l.set(SO.LEVEL, flag, 5)).toBe(0);
    expect(await l.setLinger(1, 7)).toBe(0);
    await l.timeout(SO.RCVTIMEO, 3);
    await l.timeout(SO.SNDTIMEO, 4.5);
    for (const [level, name, value] of [
      [SO.LEVEL, SO.SNDBUF, 20_000],
      [TCP.LEVEL, TCP.NODELAY, 1],
      [IP.LEVEL, IP.TTL, 33],
      [IP.LEVEL, IP.TOS, 16],
    ] as const)
      expect(await l.set(level, name, value)).toBe(0);
    expect(await l.set(SO.LEVEL, SO.RCVBUF, 14_600)).toBe(0);
    const rcvbuf = await l.get(SO.LEVEL, SO.RCVBUF);
    expect(await l.listen(2)).toBe(0);
    await l.nonblocking();
    await l.watch();
    const c = await rig.tcp();
    expect(await c.connect(lo(portOf(await l.sockname())))).toBe(0);
    await l.until("newconn");
    const a = await l.accept();
    const got = [];
    for (const flag of flags) got.push(await a.get(SO.LEVEL, flag));
    expect(got).toEqual([1, 4, 8, 0x10, 0x20, 0x40, 0x100]);
    expect([...(await a.linger()), await a.timeoutOf(SO.RCVTIMEO), await a.timeoutOf(SO.SNDTIMEO)]).toEqual([
      0x80, 7, 3, 4.5,
    ]);
    expect([
      await a.get(SO.LEVEL, SO.SNDBUF),
      await a.get(TCP.LEVEL, TCP.NODELAY),
      await a.get(IP.LEVEL, IP.TTL),
      await a.get(IP.LEVEL, IP.TOS),
      await a.get(SO.LEVEL, SO.ACCEPTCONN),
      await a.get(SO.LEVEL, SO.ERROR),
      await a.get(SO.LEVEL, SO.TYPE),
    ]).toEqual([20_000, 1, 33, 16, 0, 0, 2]);
    expect(await a.get(SO.LEVEL, SO.RCVBUF)).toBe(rcvbuf);
    const from = rig.seconds();
    expect(await a.recv(1)).toBe("EAGAIN"); // blocking again, and bounded by the timeout that it inherited
    expect(Math.round(rig.seconds() - from)).toBe(3);
    expect(await a.setLinger(0, 0)).toBe(0);
  }),

  longStory("3.4", "the timeouts bound neither accept nor connect", async (rig) => {
    const l = await rig.listener();
    await l.timeout(SO.RCVTIMEO, 1);
    await l.timeout(SO.SNDTIMEO, 1);
    const accepting = l.tryAccept();
    await rig.sleep(10);
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    expect(await accepting).toBe(0);
    const r = rig.raw();
    const d = await rig.tcp();
    await d.timeout(SO.RCVTIMEO, 1);
    await d.timeout(SO.SNDTIMEO, 1);
    const connecting = d.connect(at(RAW_HOST, r.port));
    await r.syn();
    await rig.sleep(30);
    await r.synAck();
    expect(await connecting).toBe(0);
  }),

  story("3.4", "several wait: each connection wakes one, in the order in which they came", async (rig) => {
    const l = await rig.listener();
    const order: number[] = [];
    const waiting: Promise<unknown>[] = [];
    for (let i = 0; i < 3; i++) {
      waiting.push(
        l.tryAccept().then((end) => {
          order.push(i);
          return end;
        }),
      );
      await rig.still();
    }
    for (let i = 0; i < 2; i++) {
      expect(await (await rig.tcp()).connect(lo(l.port))).toBe(0);
      await rig.still();
    }
    expect(order).toEqual([0, 1]);
    expect(await l.close()).toBe(0);
    expect(await Promise.all(waiting)).toEqual([0, 0, "EINTR"]);
  }),

  story("3.4", "a dual-stack listener shows IPv4 clients by mapped addresses", async (rig) => {
    const l = await rig.tcp(AF_INET6);
    const port = rig.port();
    expect([await l.bind(any(port, AF_INET6)), await l.listen(1)]).toEqual([0, 0]);
    const c = await rig.tcp();
    expect(await c.connect(lo(port))).toBe(0);
    const a = await l.accept();
    expect(a.from).toEqual(at(LO, portOf(await c.sockname()), AF_INET6));
    expect([await a.sockname(), await a.peername()]).toEqual([at(LO, port, AF_INET6), a.from]);
    const only = await rig.tcp(AF_INET6);
    const other = rig.port();
    expect(await only.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
    expect([await only.bind(any(other, AF_INET6)), await only.listen(1)]).toEqual([0, 0]);
    expect(await (await rig.tcp()).connect(lo(other))).toBe("ECONNREFUSED");
    expect(await (await rig.tcp(AF_INET6)).connect(lo(other, AF_INET6))).toBe(0);
  }),
];
