import { expect } from "@jest/globals";
import { CRED, MSG_OOB, type nmsghdr } from "../../../services/ksock/index.ts";
import { errnoName } from "../../../services/ksock/errno.ts";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, AF_INET6, lo, portOf, SO, unspecified } from "../cases/words.ts";

const text = (data: string): Uint8Array => new TextEncoder().encode(data);

/** What sendmsg answers, in words. */
async function sendmsg(rig: Rig, s: Sock, msg: nmsghdr, flags = 0): Promise<number | string> {
  const [error, count] = await rig.k.ksocket_sendmsg(s.handle, msg, flags, CRED());
  if (error !== 0) expect(count).toBe(0);
  return error === 0 ? count : errnoName(error);
}

/** A datagram socket with a port. */
async function bound(rig: Rig, family = 2): Promise<Sock> {
  const u = await rig.udp(family);
  u.port = rig.port();
  expect(await u.bind(lo(u.port, family))).toBe(0);
  return u;
}

/** Section 3.6, sentence by sentence. */
export const SEND: readonly Case[] = [
  story("3.6", "who is not connected: ENOTCONN for each size and flag, and a name does not help", async (rig) => {
    const s = await rig.tcp();
    const l = await rig.listener();
    const p = await rig.tcp();
    await p.nonblocking();
    expect(await p.connect(at(RAW_HOST, rig.raw().port))).toBe("EINPROGRESS");
    for (const one of [s, l, p])
      expect([
        await one.send("x"),
        await one.send("x", "MSG_OOB"),
        await one.send("x", "MSG_DONTWAIT"),
        await one.sendto("x", lo(l.port)),
        await one.send(""),
        await sendmsg(rig, one, { msg_iov: [text("a")], msg_name: lo(l.port) }),
      ]).toEqual(Array.from({ length: 6 }, () => "ENOTCONN"));
  }),

  story("3.6", "nothing, in no buffer, and more than the buffer has", async (rig) => {
    const { c, a } = await rig.connected();
    const { x, y } = await rig.datagrams();
    expect([await c.send(""), await c.send("", "MSG_OOB"), await c.sendNull(0), await c.sendNull(5)]).toEqual([
      0,
      0,
      0,
      "EFAULT",
    ]);
    await a.none();
    expect([await x.sendNull(5), await x.send("")]).toEqual(["EFAULT", 0]);
    await y.sees("recv(-1)");
    expect([await y.recv(9), await y.recv(9, "MSG_DONTWAIT")]).toEqual(["", "EAGAIN"]);
    expect(await sendmsg(rig, c, { msg_iov: [] })).toBe(0);
    expect(await sendmsg(rig, x, { msg_iov: [] })).toBe(0);
    await y.sees("recv(-1)");
  }),

  story("3.6", "can't send comes before everything else: EPIPE for each way to send, and each size", async (rig) => {
    const { c } = await rig.connected();
    const { x } = await rig.datagrams();
    const reset = await rig.toRaw();
    await reset.r.rst();
    await reset.c.sees("disconnected(ECONNRESET)");
    expect([await c.shutdown("SHUT_WR"), await x.shutdown("SHUT_WR")]).toEqual([0, 0]);
    for (const s of [c, x, reset.c])
      expect([
        await s.send("x"),
        await s.send(""),
        await s.send("x", "MSG_OOB"),
        await s.send("x", "MSG_DONTWAIT|MSG_NOSIGNAL"),
        await s.sendto("x", lo(9)),
        await s.send(new Uint8Array(70_000)),
        await sendmsg(rig, s, { msg_iov: [text("a")], msg_control: new Uint8Array(16) }),
      ]).toEqual(Array.from({ length: 7 }, () => "EPIPE"));
    expect([await reset.c.get(SO.LEVEL, SO.ERROR), await reset.c.send("x")]).toEqual([131, "EPIPE"]);
  }),

  story("3.6", "EPIPE of a datagram socket leaves the pending error where it is", async (rig) => {
    const u = await rig.udp();
    expect(await u.connect(lo(rig.port()))).toBe(0);
    expect(await u.send("x")).toBe(1);
    await rig.still();
    expect(await u.shutdown("SHUT_WR")).toBe(0);
    expect([await u.send("x"), await u.send("x"), await u.recv(1)]).toEqual(["EPIPE", "EPIPE", "ECONNREFUSED"]);
  }),

  story("3.6", "a name is ignored on a connection, whatever it is", async (rig) => {
    const { c, a } = await rig.connected();
    expect([
      await c.sendto("a", lo(9)),
      await c.sendto("b", lo(0)),
      await c.sendto("c", at("192.0.2.1", 7)),
      await c.sendto("d", lo(9, AF_INET6)),
      await sendmsg(rig, c, { msg_iov: [text("e"), text(""), text("fg")], msg_name: lo(9) }),
    ]).toEqual([1, 1, 1, 1, 3]);
    expect(await a.recv(64)).toBe("abcdefg");
  }),

  story("3.6", "what has no meaning for a send is not refused", async (rig) => {
    const { c, a } = await rig.connected();
    const { x, y } = await rig.datagrams();
    for (const [s, t] of [
      [c, a],
      [x, y],
    ] as const)
      for (const flags of [
        "MSG_PEEK|MSG_WAITALL",
        "MSG_DONTROUTE",
        "MSG_EOR",
        "MSG_NOSIGNAL",
        "MSG_TRUNC|MSG_CTRUNC",
      ]) {
        expect(await s.send("x", flags)).toBe(1);
        expect(await t.recv(9)).toBe("x");
      }
    for (const bit of [0x400, 0x1000, 0x4000_0000]) {
      expect(await rig.k.ksock_send(c.handle, text("y"), 1, bit)).toEqual([0, 1]);
      expect(await a.recv(9)).toBe("y");
    }
  }),

  story(
    "3.6",
    "ancillary data on TCP is EOPNOTSUPP, and so is MSG_OOB on UDP, before an address is looked at",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await sendmsg(rig, c, { msg_iov: [text("x")], msg_control: new Uint8Array(16) })).toBe("EOPNOTSUPP");
      await a.none();
      const u = await rig.udp();
      const [error, count] = await rig.k.ksocket_sendto(u.handle, text("x"), 1, MSG_OOB, lo(9), 16, CRED());
      expect([errnoName(error), count]).toEqual(["EOPNOTSUPP", 0]);
      expect(await u.send("x", "MSG_OOB")).toBe("EOPNOTSUPP");
    },
  ),

  story("3.6", "addresses of datagrams", async (rig) => {
    const u = await rig.udp();
    const { x, y } = await rig.datagrams();
    expect({
      none: await u.send("x"),
      nothing: await u.send(""),
      null: await u.sendtoNull("x", 0),
      nullWithLength: await u.sendtoNull("x", 16),
      short: await u.sendto("x", lo(9).subarray(0, 8)),
      long: await rig.k.ksocket_sendto(u.handle, text("x"), 1, 0, lo(9), 32, CRED()).then(([e]) => errnoName(e)),
      family: await u.sendto("x", lo(9, AF_INET6)),
      unspecified: await u.sendto("x", unspecified),
      unbound: portOf(await u.sockname()),
      connected: await x.sendto("x", lo(9)),
      same: await x.sendto("x", await y.sockname()),
      plain: await x.sendtoNull("x", 0),
      noRoute: await u.sendto("x", at("192.0.2.1", 9)),
      toPort0: await u.sendto("x", lo(0)),
      whole: await u.sendto(new Uint8Array(65_507), lo(9)),
      tooMuch: await u.sendto(new Uint8Array(65_508), lo(9)),
      tooMuchConnected: await x.send(new Uint8Array(65_508)),
    }).toEqual({
      none: "EDESTADDRREQ",
      nothing: "EDESTADDRREQ",
      null: "EDESTADDRREQ",
      nullWithLength: "EFAULT",
      short: "EINVAL",
      long: "EINVAL",
      family: "EAFNOSUPPORT",
      unspecified: "EAFNOSUPPORT",
      unbound: 0,
      connected: "EISCONN",
      same: "EISCONN",
      plain: 1,
      noRoute: "ENETUNREACH",
      toPort0: 1,
      whole: 65_507,
      tooMuch: "EMSGSIZE",
      tooMuchConnected: "EMSGSIZE",
    });
    expect(portOf(await u.sockname())).toBeGreaterThanOrEqual(32_768);
  }),

  story(
    "3.6",
    "the parts of a message go as one, in their order, and of a large one as much as there is room",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      expect(await sendmsg(rig, x, { msg_iov: [text("ab"), text(""), text("c")] })).toBe(3);
      expect(await y.recv(9)).toBe("abc");
      const u = await bound(rig);
      const v = await rig.udp();
      expect(await sendmsg(rig, v, { msg_iov: [text("to"), text("you")], msg_name: lo(u.port) })).toBe(5);
      const got = await u.recvfrom(64);
      expect([got.data, got.addr, got.addrlen]).toEqual(["toyou", lo(portOf(await v.sockname())), 16]);
      const { c } = await rig.connected();
      await c.nonblocking();
      const parts = Array.from({ length: 4 }, () => new Uint8Array(1_000_000));
      const sent = await sendmsg(rig, c, { msg_iov: parts });
      expect(sent).toBeGreaterThan(0);
      expect(sent).toBeLessThan(4_000_000);
      expect(await sendmsg(rig, c, { msg_iov: parts })).toBe("EAGAIN");
    },
  ),

  story("3.6", "urgent data is not subject to flow control", async (rig) => {
    const { c } = await rig.connected();
    await rig.stop(c);
    expect([await c.send("x"), await c.send("x", "MSG_DONTWAIT"), await c.send("ab", "MSG_OOB")]).toEqual([
      "EAGAIN",
      "EAGAIN",
      2,
    ]);
  }),

  story(
    "3.6",
    "what is taken may go beyond SO_SNDBUF by a chunk, and an idle connection takes one at least",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      r.acks = false;
      await c.nonblocking();
      expect(await c.set(SO.LEVEL, SO.SNDBUF, 4096)).toBe(0);
      let total = 0;
      let end: number | string = 0;
      for (let i = 0; i < 1000 && typeof end === "number"; i++) {
        total += end;
        end = await c.send(new Uint8Array(1000));
      }
      expect(end).toBe("EAGAIN");
      expect(total).toBeGreaterThanOrEqual(4096);
      expect(total).toBeLessThanOrEqual(4096 + 14_600);
    },
  ),

  story("3.6", "after the peer's FIN sending goes on", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect([await c.send("on"), await c.send("!", "MSG_OOB"), await a.recv(9)]).toEqual([2, 1, "on"]);
  }),
];
