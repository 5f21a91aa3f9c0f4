import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { any, at, AF_INET6, IPV6, lo, portOf, SO } from "../cases/words.ts";

const MEGA = 1_000_000;

/** Sections 2, 3.2, 3.3, 3.7 and 9 again: what is larger than a piece, and what takes long. */
export const LARGE: readonly Case[] = [
  story(
    "2",
    "MSG_WAITALL for more than the buffer holds: all of it, or as much as there was at an end or a timeout",
    async (rig) => {
      const { c, a } = await rig.connected();
      const all = c.recvBytes(3 * MEGA, "MSG_WAITALL");
      expect(await a.send(new Uint8Array(3 * MEGA + 5).fill(7))).toBe(3 * MEGA + 5);
      expect((await all).length).toBe(3 * MEGA);
      expect((await c.recvBytes(9)).length).toBe(5);
      await c.timeout(SO.RCVTIMEO, 2);
      const some = c.recvBytes(3 * MEGA, "MSG_WAITALL");
      expect(await a.send(new Uint8Array(2 * MEGA))).toBe(2 * MEGA);
      expect((await some).length).toBe(2 * MEGA);
      const rest = c.recvBytes(3 * MEGA, "MSG_WAITALL");
      expect(await a.send(new Uint8Array(2 * MEGA))).toBe(2 * MEGA);
      expect(await a.close()).toBe(0);
      expect((await rest).length).toBe(2 * MEGA);
      expect((await c.recvBytes(3 * MEGA, "MSG_WAITALL")).length).toBe(0);
    },
  ),

  story("2", "a reset undoes what a large MSG_WAITALL took in pieces, and a large send, too", async (rig) => {
    const { c, a } = await rig.connected();
    const receiving = c.recv(4 * MEGA, "MSG_WAITALL");
    expect(await a.send(new Uint8Array(2 * MEGA))).toBe(2 * MEGA);
    await rig.still();
    expect([await a.setLinger(1, 0), await a.close()]).toEqual([0, 0]);
    expect([await receiving, await c.recv(9), await c.send("x")]).toEqual(["ECONNRESET", "", "EPIPE"]);
    const other = await rig.connected();
    const sending = other.c.send(new Uint8Array(4 * MEGA));
    await rig.drain(other.a, MEGA);
    expect([await other.a.setLinger(1, 0), await other.a.close()]).toEqual([0, 0]);
    expect([await sending, await other.c.recv(9), await other.c.recv(9)]).toEqual(["EPIPE", "ECONNRESET", ""]);
  }),

  story("3.7", "a large receive without waiting takes what is there, once", async (rig) => {
    const { c, a } = await rig.connected();
    await c.nonblocking();
    expect(await a.send(new Uint8Array(600_000))).toBe(600_000);
    await rig.still();
    expect((await c.recvBytes(3 * MEGA, "MSG_PEEK")).length).toBeGreaterThan(0);
    expect((await c.recvBytes(3 * MEGA, "MSG_WAITALL")).length).toBe(600_000);
    expect(await c.recv(3 * MEGA, "MSG_WAITALL")).toBe("EAGAIN");
  }),

  longStory("3.3", "a full queue: the client tries for three minutes, and has ETIMEDOUT then", async (rig) => {
    const l = await rig.listener(0);
    expect(await (await rig.tcp()).connect(lo(l.port))).toBe(0);
    const from = rig.seconds();
    expect(await (await rig.tcp()).connect(lo(l.port))).toBe("ETIMEDOUT");
    expect(Math.abs(rig.seconds() - from - 180)).toBeLessThan(5);
    expect(await l.tryAccept()).toBe(0);
    await l.nonblocking();
    expect(await l.tryAccept()).toBe("EAGAIN");
  }),

  longStory(
    "9",
    "while a close lingers the socket is gone for all, its events are off, and it waits not longer than it was told",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      r.acks = false;
      expect([await c.setLinger(1, 20), await c.send("x")]).toEqual([0, 1]);
      const from = rig.seconds();
      const closing = c.close();
      await rig.sleep(1);
      expect([await c.close(), await c.send("y"), await c.tryPeername(16), await c.tryHold()]).toEqual([
        "ENOTSOCK",
        "ENOTSOCK",
        "ENOTSOCK",
        "ENOTSOCK",
      ]);
      expect(await closing).toBe(0);
      expect(Math.round(rig.seconds() - from)).toBe(20);
      await c.none();
    },
  ),

  story("9", "who was reset or refused closes with 0, as does who lingers in vain", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.setLinger(1, 9)).toBe(0);
    await r.rst();
    await c.sees("disconnected(ECONNRESET)");
    const from = rig.seconds();
    expect(await c.close()).toBe(0);
    expect(rig.seconds() - from).toBeLessThan(1);
    const f = await rig.tcp();
    expect([await f.setLinger(1, 9), await f.connect(lo(rig.port())), await f.close()]).toEqual([0, "ECONNREFUSED", 0]);
    const l = await rig.listener();
    expect([await l.setLinger(1, 9), await l.close()]).toEqual([0, 0]);
    expect(rig.seconds() - from).toBeLessThan(2);
  }),

  story(
    "9",
    "a datagram socket that closes: its port is free, and who is connected to it learns of it",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      const port = portOf(await y.sockname());
      const receiving = y.recv(9);
      await rig.still();
      expect([await y.close(), await receiving]).toEqual([0, "EINTR"]);
      expect(await x.send("x")).toBe(1);
      await rig.still();
      expect([await x.send("y"), await x.send("z")]).toEqual(["ECONNREFUSED", 1]);
      expect(await (await rig.udp()).bind(lo(port))).toBe(0);
    },
  ),

  story("9", "a listener that closes resets who is half-way, and its waiting accept is EINTR", async (rig) => {
    const l = await rig.listener(3, "10.0.0.1");
    const [r, half] = [rig.raw(), rig.raw()];
    await half.halfOpen(l.port);
    const accepting = l.tryAccept();
    await rig.still();
    expect([await l.close(), await accepting]).toEqual([0, "EINTR"]);
    await half.getsRst();
    const s = await rig.tcp();
    expect(await s.bind(at("10.0.0.1", l.port))).toBe(0);
    r.stop();
  }),

  story(
    "3.2",
    "datagram sockets of both families: a wildcard of IPv6 has both, with IPV6_V6ONLY its own, mapped ones IPv4's",
    async (rig) => {
      const port = rig.port();
      const dual = await rig.udp(AF_INET6);
      expect(await dual.bind(any(port, AF_INET6))).toBe(0);
      expect(await (await rig.udp()).bind(lo(port))).toBe("EADDRINUSE");
      const [four, six] = [await rig.udp(), await rig.udp(AF_INET6)];
      expect([await four.sendto("four", lo(port)), await six.sendto("six", lo(port, AF_INET6))]).toEqual([4, 3]);
      const from4 = await dual.recvfrom(9);
      expect([from4.data, from4.addr]).toEqual(["four", at("127.0.0.1", portOf(await four.sockname()), AF_INET6)]);
      const from6 = await dual.recvfrom(9);
      expect([from6.data, from6.addr]).toEqual(["six", lo(portOf(await six.sockname()), AF_INET6)]);
      expect([await dual.sendto("back", from4.addr), await dual.sendto("back", from6.addr)]).toEqual([4, 4]);
      expect([await four.recv(9), await six.recv(9)]).toEqual(["back", "back"]);

      const other = rig.port();
      const only = await rig.udp(AF_INET6);
      expect(await only.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
      expect(await only.bind(any(other, AF_INET6))).toBe(0);
      expect(await only.sockname()).toEqual(any(other, AF_INET6));
      const wild = await rig.udp();
      expect(await wild.bind(any(other))).toBe(0);
      expect([await four.sendto("to four", lo(other)), await six.sendto("to six", lo(other, AF_INET6))]).toEqual([
        7, 6,
      ]);
      expect([await wild.recv(9), await only.recv(9)]).toEqual(["to four", "to six"]);
      expect([await only.recv(9, "MSG_DONTWAIT"), await wild.recv(9, "MSG_DONTWAIT")]).toEqual(["EAGAIN", "EAGAIN"]);
      expect(await only.sendto("x", at("127.0.0.1", other, AF_INET6))).toBe("EADDRNOTAVAIL");
      expect(await only.connect(await six.sockname().then((name) => lo(portOf(name), AF_INET6)))).toBe(0);
      expect(await only.sockname()).toEqual(lo(other, AF_INET6));
    },
  ),

  story("3.5", "a listener of IPv6 over the network, and clients of both families", async (rig) => {
    const l = await rig.tcp(AF_INET6);
    const port = rig.port();
    expect([await l.bind(any(port, AF_INET6)), await l.listen(4)]).toEqual([0, 0]);
    const r = rig.raw();
    await r.connect(port);
    const a = await l.accept();
    expect(a.from).toEqual(at(RAW_HOST, r.port, AF_INET6));
    expect(await a.sockname()).toEqual(at("10.0.0.1", port, AF_INET6));
    await r.data("hello");
    expect(await a.recv(9)).toBe("hello");
    const [c4, c6, m6] = [await rig.tcp(), await rig.tcp(AF_INET6), await rig.tcp(AF_INET6)];
    expect([
      await c4.connect(lo(port)),
      await c6.connect(lo(port, AF_INET6)),
      await m6.connect(at("127.0.0.1", port, AF_INET6)),
    ]).toEqual([0, 0, 0]);
    const names = [await l.accept(), await l.accept(), await l.accept()].map(({ from }) => from);
    expect(names).toEqual([
      at("127.0.0.1", portOf(await c4.sockname()), AF_INET6),
      await c6.sockname(),
      await m6.sockname(),
    ]);
    expect(await m6.sockname()).toEqual(at("127.0.0.1", portOf(await m6.sockname()), AF_INET6));
  }),
];
