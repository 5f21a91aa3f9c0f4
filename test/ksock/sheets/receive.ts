import { expect } from "@jest/globals";
import { CRED, MSG_PEEK } from "../../../services/ksock/index.ts";
import { errnoName } from "../../../services/ksock/errno.ts";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { at, AF_INET6, IP, lo, SO } from "../cases/words.ts";

/** A datagram socket with a port. */
async function bound(rig: Rig, family = 2): Promise<Sock> {
  const u = await rig.udp(family);
  u.port = rig.port();
  expect(await u.bind(lo(u.port, family))).toBe(0);
  return u;
}

/** Section 3.7, sentence by sentence. */
export const RECEIVE: readonly Case[] = [
  story("3.7", "who is not connected: ENOTCONN, also for nothing, and before what flags say", async (rig) => {
    const s = await rig.tcp();
    const b = await rig.tcp();
    expect(await b.bind(lo(rig.port()))).toBe(0);
    const l = await rig.listener();
    for (const one of [s, b, l])
      expect([
        await one.recv(1),
        await one.recv(0),
        await one.recv(1, "MSG_OOB"),
        await one.recv(1, "MSG_PEEK|MSG_DONTWAIT"),
        await one.recv(1, "MSG_WAITALL"),
      ]).toEqual(Array.from({ length: 5 }, () => "ENOTCONN"));
    const [error, got] = await rig.k.ksocket_recvmsg(s.handle, { msg_iov: [4] }, 0, CRED());
    expect([errnoName(error), got.recvd, got.msg_name.length]).toEqual(["ENOTCONN", 0, 0]);
  }),

  story("3.7", "datagram sockets need neither a peer nor a name to wait or to be asked", async (rig) => {
    const u = await rig.udp();
    expect([
      await u.recv(9, "MSG_DONTWAIT"),
      await u.recv(9, "MSG_OOB"),
      await u.recv(0),
      await u.recv(0, "MSG_DONTWAIT"),
      await u.recv(0, "MSG_PEEK"),
    ]).toEqual(["EAGAIN", "EOPNOTSUPP", "", "", ""]);
  }),

  story("3.7", "a stream of bytes without boundaries, as much as is there and as there is room for", async (rig) => {
    const { c, a } = await rig.connected();
    for (const part of ["ab", "cde", "f"]) expect(await a.send(part)).toBe(part.length);
    await rig.still();
    expect(await c.ioctl("FIONREAD")).toBe(6);
    expect([
      await c.recv(0),
      await c.recv(1),
      await c.recv(3),
      await c.ioctl("FIONREAD"),
      await c.recv(64),
      await c.recv(0),
      await c.recv(0, "MSG_DONTWAIT"),
      await c.recv(1, "MSG_DONTWAIT"),
    ]).toEqual(["", "a", "bcd", 2, "ef", "", "", "EAGAIN"]);
  }),

  story("3.7", "flags of a receive: those that count, those that do not, and together", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("abcdef")).toBe(6);
    await rig.still();
    expect([
      await c.recv(3, "MSG_PEEK"),
      await c.recv(64, "MSG_PEEK|MSG_WAITALL"),
      await c.recv(64, "MSG_PEEK|MSG_DONTWAIT|MSG_TRUNC"),
      await c.recv(2, "MSG_TRUNC|MSG_DONTROUTE|MSG_EOR|MSG_NOSIGNAL|MSG_CTRUNC|MSG_XPG4_2"),
      await c.recv(64, "MSG_WAITALL|MSG_DONTWAIT"),
      await c.recv(64, "MSG_WAITALL|MSG_DONTWAIT"),
      await c.recv(64, "MSG_PEEK|MSG_DONTWAIT"),
      await c.recv(0, "MSG_WAITALL"),
      await c.recv(64, "MSG_OOB"),
      await c.recv(64, "MSG_OOB|MSG_PEEK"),
    ]).toEqual(["abc", "abcdef", "abcdef", "ab", "cdef", "EAGAIN", "EAGAIN", "", "EINVAL", "EINVAL"]);
    await c.nonblocking();
    expect(await a.send("gh")).toBe(2);
    await rig.still();
    expect([await c.recv(64, "MSG_WAITALL"), await c.recv(64, "MSG_WAITALL")]).toEqual(["gh", "EAGAIN"]);
  }),

  story("3.7", "a peek waits as a receive does, and MSG_WAITALL with it does not wait for all", async (rig) => {
    const { c, a } = await rig.connected();
    const peeking = c.recv(9, "MSG_PEEK|MSG_WAITALL");
    await rig.still();
    expect(await a.send("abc")).toBe(3);
    expect([await peeking, await c.recv(9)]).toEqual(["abc", "abc"]);
    await c.timeout(SO.RCVTIMEO, 1);
    expect([await c.recv(9, "MSG_PEEK"), await c.recv(9, "MSG_WAITALL")]).toEqual(["EAGAIN", "EAGAIN"]);
  }),

  story("3.7", "the end is for ever, for each flag, and whoever waits", async (rig) => {
    const { c, a } = await rig.connected();
    expect([await a.send("last"), await a.shutdown("SHUT_WR")]).toEqual([4, 0]);
    await rig.still();
    await c.nonblocking();
    expect([
      await c.recv(9, "MSG_WAITALL"),
      await c.recv(9),
      await c.recv(9, "MSG_PEEK"),
      await c.recv(9, "MSG_WAITALL"),
      await c.recv(0),
      await c.recv(9, "MSG_DONTWAIT"),
      await c.ioctl("FIONREAD"),
      (await c.ioctl("FIONBIO", 0)) === "EINVAL",
      await c.recv(9),
      await c.recv(9, "MSG_OOB"),
    ]).toEqual(["last", "", "", "", "", "", 0, false, "", "EINVAL"]);
  }),

  story("3.7", "no buffer: EFAULT, and the data stays; room for nothing needs none", async (rig) => {
    const { c, a } = await rig.connected();
    const { x, y } = await rig.datagrams();
    expect([await a.send("abc"), await x.send("abc")]).toEqual([3, 3]);
    await rig.still();
    expect([await c.recvNull(9), await y.recvNull(9), await c.recvNull(0)]).toEqual(["EFAULT", "EFAULT", ""]);
    expect([await c.recv(9), await y.recv(9)]).toEqual(["abc", "abc"]);
  }),

  story(
    "3.7",
    "datagrams: one for each call, whole or cut, kept by a peek, used up by room for nothing",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      for (const data of ["one", "", "three", "four", "five"]) expect(await x.send(data)).toBe(data.length);
      await rig.still();
      expect([
        await y.ioctl("FIONREAD"),
        await y.recv(2, "MSG_PEEK"),
        await y.recv(9, "MSG_WAITALL"),
        await y.recv(9),
        await y.recv(2),
        await y.recv(0),
        await y.ioctl("FIONREAD"),
        await y.recv(0, "MSG_PEEK"),
        await y.recv(9, "MSG_PEEK|MSG_DONTWAIT"),
        await y.recv(9),
        await y.recv(9, "MSG_DONTWAIT"),
      ]).toEqual([16, "on", "one", "", "th", "", 4, "", "five", "five", "EAGAIN"]);
    },
  ),

  story(
    "3.7",
    "recvmsg says what was cut: MSG_TRUNC with a peek, with no room, and not where all was there",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      for (const data of ["abcdef", "ghi", "jk", ""]) expect(await x.send(data)).toBe(data.length);
      await rig.still();
      const [, peeked] = await rig.k.ksocket_recvmsg(y.handle, { msg_iov: [2, 2] }, MSG_PEEK, CRED());
      expect([peeked.recvd, peeked.msg_flags, peeked.msg_iov.map((part) => part.length)]).toEqual([4, 0x20, [2, 2]]);
      expect(await y.recvmsg(6)).toEqual({ data: "abcdef", flags: "", control: [] });
      expect(await y.recvmsg(0)).toEqual({ data: "", flags: "MSG_TRUNC", control: [] });
      expect(await y.recvmsg(1)).toEqual({ data: "j", flags: "MSG_TRUNC", control: [] });
      expect(await y.recvmsg(9)).toEqual({ data: "", flags: "", control: [] });
      const { c, a } = await rig.connected();
      expect(await a.send("abcdef")).toBe(6);
      await rig.still();
      expect(await c.recvmsg(2)).toEqual({ data: "ab", flags: "", control: [] });
      const [error, rest] = await rig.k.ksocket_recvmsg(
        c.handle,
        { msg_iov: [1, 0, 2, 64], msg_namelen: 32 },
        0,
        CRED(),
      );
      expect([
        error,
        rest.recvd,
        rest.msg_iov.map((part) => new TextDecoder().decode(part)),
        rest.msg_name.length,
      ]).toEqual([0, 4, ["c", "", "de", "f"], 0]);
    },
  ),

  story("3.7", "ancillary data that has no room is cut, and says so", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect([await y.set(IP.LEVEL, IP.RECVTTL, 1), await x.set(IP.LEVEL, IP.TTL, 9)]).toEqual([0, 0]);
    for (let i = 0; i < 2; i++) expect(await x.send("x")).toBe(1);
    await rig.still();
    expect(await y.recvmsg(9, 4)).toEqual({ data: "x", flags: "MSG_CTRUNC", control: [] });
    const got = await y.recvmsg(9, 256);
    expect([got.flags, got.control.map(({ level, data }) => [level, data[0]])]).toEqual(["", [[0, 9]]]);
  }),

  story(
    "3.7",
    "who sent: the whole length is told, whatever room there was; on a connection there is no name",
    async (rig) => {
      const u = await bound(rig);
      const v = await bound(rig);
      for (let i = 0; i < 5; i++) expect(await v.sendto("x", lo(u.port))).toBe(1);
      await rig.still();
      const got = [];
      for (const room of [32, 16, 8, 0]) {
        const { data, addr, addrlen } = await u.recvfrom(9, room);
        got.push([data, addr.length, addrlen]);
      }
      expect(got).toEqual([
        ["x", 16, 16],
        ["x", 16, 16],
        ["x", 8, 16],
        ["x", 0, 0],
      ]);
      const [, none] = await rig.k.ksocket_recvfrom(u.handle, 9, 0, null, CRED());
      expect([none.msg.length, none.name.length, none.namelen]).toEqual([1, 0, 0]);
      const { c, a } = await rig.connected();
      expect(await a.send("ab")).toBe(2);
      const { data, addr, addrlen } = await c.recvfrom(9, 32);
      expect([data, addr.length, addrlen]).toEqual(["ab", 0, 0]);
      const six = await rig.udp(AF_INET6);
      const port = rig.port();
      expect(await six.bind(at("0.0.0.0", port, AF_INET6).fill(0, 8))).toBe(0);
      expect(await v.sendto("x", lo(port))).toBe(1);
      const from = await six.recvfrom(9, 32);
      expect([from.addr, from.addrlen]).toEqual([at("127.0.0.1", v.port, AF_INET6), 32]);
    },
  ),

  story("3.7", "a timeout is of each call, begins anew, and an event does not lengthen it", async (rig) => {
    const { c, a } = await rig.connected();
    const { y } = await rig.datagrams();
    const got: unknown[] = [];
    for (const s of [c, y]) {
      await s.timeout(SO.RCVTIMEO, 1.5);
      for (const flags of ["", "MSG_PEEK", "MSG_WAITALL"]) {
        const from = rig.seconds();
        got.push(await s.recv(9, flags), Math.round((rig.seconds() - from) * 2) / 2);
      }
      await s.timeout(SO.RCVTIMEO, 0);
    }
    expect(got).toEqual(Array.from({ length: 6 }, () => ["EAGAIN", 1.5]).flat());
    const waiting = c.recv(9);
    await rig.sleep(30);
    expect(await a.send("late")).toBe(4);
    expect(await waiting).toBe("late");
  }),
];
