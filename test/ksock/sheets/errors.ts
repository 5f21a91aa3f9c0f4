import { expect } from "@jest/globals";
import { CRED, FIONBIO, FIONREAD, SIOCSPGRP } from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { AF_INET6, lo, portOf, SO } from "../cases/words.ts";

/** A datagram socket that sent to a port that nobody has, and does not know it yet. */
async function refused(rig: Rig): Promise<Sock> {
  const u = await rig.udp();
  expect(await u.connect(lo(rig.port()))).toBe(0);
  expect(await u.send("x")).toBe(1);
  await rig.still();
  return u;
}

/** Sections 0.1 and 2, what holds for all calls and pending errors, sentence by sentence. */
export const ERRORS: readonly Case[] = [
  story("2", "what is closed is no socket for any call, and no call has a value", async (rig) => {
    for (const kind of ["tcp", "udp"] as const) {
      const s = await rig[kind]();
      expect(await s.close()).toBe(0);
      expect(await rig.everyCall(s.handle)).toEqual(["ENOTSOCK"]);
    }
    for (const handle of rig.foreignHandles()) expect(await rig.everyCall(handle)).toEqual(["ENOTSOCK"]);
  }),

  story("2", "no socket comes before every other error, and before arguments that are NULL", async (rig) => {
    const { k } = rig;
    const cr = CRED();
    const s = await rig.tcp();
    await s.close();
    const h = s.handle;
    const errors = [
      k.ksock_bind(h, null, 16),
      k.ksock_bind(h, new Uint8Array(3)),
      k.ksock_accept(h, { addrlen: null }),
      k.ksock_connect(h, null, 16),
      k.ksock_send(h, null, 9, 0),
      k.ksocket_sendto(h, null, 9, 0, null, 16, cr),
      k.ksock_recv(h, { msg: null, msgsize: 9 }, 0),
      k.ksock_shutdown(h, 77),
      k.ksock_setsockopt(h, 1, 2, null),
      k.ksock_getsockopt(h, SO.LEVEL, SO.TYPE, null),
      k.ksock_getpeername(h, { addrlen: null }),
      k.ksock_getsockname(h, { addr: null, addrlen: 9 }),
      k.ksock_ioctl(h, SIOCSPGRP, null),
      k.ksock_ioctl(h, FIONBIO, null),
      k.ksocket_setcallbacks(h, null, {}, cr),
      k.ksocket_spoll(h, 0, 0, cr, null),
    ];
    const numbers = (await Promise.all(errors)).map(([error]) => error);
    expect(numbers).toEqual(numbers.map(() => 95));
  }),

  story("2", "FIONBIO is on for any number but 0, also on sockets that listen, and goes off again", async (rig) => {
    const l = await rig.listener();
    const { c } = await rig.connected();
    for (const on of [1, 2, -1, 0x7fff_ffff]) {
      expect([await l.ioctl("FIONBIO", on), await c.ioctl("FIONBIO", on)]).toEqual([on, on]);
      expect([await l.tryAccept(), await c.recv(1)]).toEqual(["EAGAIN", "EAGAIN"]);
      expect([await l.ioctl("FIONBIO", 0), await c.ioctl("FIONBIO", 0)]).toEqual([0, 0]);
      await c.timeout(SO.RCVTIMEO, 2);
      const from = rig.seconds();
      expect(await c.recv(1)).toBe("EAGAIN");
      expect(Math.round(rig.seconds() - from)).toBe(2);
    }
  }),

  story("2", "FIONBIO wakes nobody who waits, and MSG_DONTWAIT is for one call", async (rig) => {
    const { c, l, a } = await rig.connected();
    const order: string[] = [];
    const receiving = c.recv(9).then((got) => order.push(got));
    const accepting = l.tryAccept().then((end) => order.push(String(end)));
    await rig.still();
    await c.nonblocking();
    await l.nonblocking();
    await rig.still();
    expect(order).toEqual([]);
    expect(await a.send("data")).toBe(4);
    await receiving;
    const d = await rig.tcp();
    expect(await d.connect(lo(l.port))).toBe(0);
    await accepting;
    expect(order).toEqual(["data", "0"]);
    expect(await a.recv(1, "MSG_DONTWAIT")).toBe("EAGAIN");
    const later = a.recv(9);
    await rig.still();
    expect(await c.send("later")).toBe(5);
    expect(await later).toBe("later");
  }),

  story("2", "a pending error is given to the first who may have it, and then it is gone", async (rig) => {
    const takers: readonly [string, (u: Sock) => Promise<unknown>, unknown][] = [
      ["connect", (u) => u.connect(lo(9)), "ECONNREFUSED"],
      ["connect to nothing", (u) => u.connect(null), "ECONNREFUSED"],
      ["connect to port 0", (u) => u.connect(lo(0)), "ECONNREFUSED"],
      ["send", (u) => u.send("y"), "ECONNREFUSED"],
      ["send nothing", (u) => u.send(""), "ECONNREFUSED"],
      ["send too much", (u) => u.send(new Uint8Array(70_000)), "ECONNREFUSED"],
      ["send urgent", (u) => u.send("y", "MSG_OOB"), "ECONNREFUSED"],
      ["sendto", (u) => u.sendto("y", lo(9)), "ECONNREFUSED"],
      ["recv", (u) => u.recv(9), "ECONNREFUSED"],
      ["recv without waiting", (u) => u.recv(9, "MSG_DONTWAIT"), "ECONNREFUSED"],
      ["FIONREAD", (u) => u.ioctl("FIONREAD"), "ECONNREFUSED"],
      ["SIOCATMARK", (u) => u.ioctl("SIOCATMARK"), "ECONNREFUSED"],
      ["an unknown ioctl", (u) => u.ioctl(12_345), "ECONNREFUSED"],
      ["SO_ERROR", (u) => u.get(SO.LEVEL, SO.ERROR), rig.number("ECONNREFUSED")],
    ];
    const got: unknown[] = [];
    for (const [what, take] of takers) {
      const u = await refused(rig);
      got.push([what, await take(u), await u.get(SO.LEVEL, SO.ERROR)]);
    }
    expect(got).toEqual(takers.map(([what, , end]) => [what, end, 0]));
  }),

  story("2", "a pending error is kept by whoever may not have it", async (rig) => {
    const u = await refused(rig);
    const port = portOf(await u.sockname());
    expect({
      bind: await u.bind(lo(9)),
      listen: await u.listen(1),
      accept: await u.tryAccept(),
      sockname: await u.trySockname(16),
      peername: await u.tryPeername(16),
      option: await u.set(SO.LEVEL, SO.KEEPALIVE, 1),
      readOnly: await u.set(SO.LEVEL, SO.ERROR, 0),
      other: await u.get(SO.LEVEL, SO.TYPE),
      peek: await u.recv(9, "MSG_PEEK"),
      peekNow: await u.recv(9, "MSG_PEEK|MSG_DONTWAIT"),
      urgent: await u.recv(9, "MSG_OOB"),
      forbidden: await u.ioctl("I_PUSH"),
      callbacks: await u.unwatch(),
      hold: await u.tryHold(),
      rele: await u.tryRele(),
    }).toEqual({
      bind: "EINVAL",
      listen: "EOPNOTSUPP",
      accept: "EOPNOTSUPP",
      sockname: 0,
      peername: 0,
      option: 0,
      readOnly: "ENOPROTOOPT",
      other: 1,
      peek: "ECONNREFUSED",
      peekNow: "ECONNREFUSED",
      urgent: "EOPNOTSUPP",
      forbidden: "EOPNOTSUPP",
      callbacks: 0,
      hold: 0,
      rele: 0,
    });
    expect(portOf(await u.sockname())).toBe(port);
    expect(await u.shutdown("SHUT_RD")).toBe(0);
    expect([await u.get(SO.LEVEL, SO.ERROR), await u.get(SO.LEVEL, SO.ERROR)]).toEqual([146, 0]);
  }),

  story("2", "an ioctl that finds a pending error does nothing else", async (rig) => {
    const u = await refused(rig);
    expect(await u.ioctl("FIONBIO", 1)).toBe("ECONNREFUSED");
    await u.timeout(SO.RCVTIMEO, 1);
    const from = rig.seconds();
    expect(await u.recv(1)).toBe("EAGAIN");
    expect(Math.round(rig.seconds() - from)).toBe(1);
    const v = await refused(rig);
    expect(await rig.k.ksock_ioctl(v.handle, FIONREAD, null)).toEqual([146, 0]);
    expect(await rig.k.ksock_ioctl(v.handle, FIONREAD, null)).toEqual([14, 0]);
  }),

  story("2", "data comes before the error, the error before the end, and the end before EWOULDBLOCK", async (rig) => {
    const { c, r } = await rig.toRaw();
    await c.nonblocking();
    await r.data("queued");
    await r.rst();
    await c.sees("recv(6)", "disconnected(ECONNRESET)");
    expect([
      await c.recv(3),
      await c.recv(9, "MSG_PEEK"),
      await c.recv(9),
      await c.recv(9, "MSG_PEEK"),
      await c.recv(9),
      await c.recv(9),
      await c.recv(9, "MSG_PEEK"),
      await c.recv(9, "MSG_WAITALL"),
      await c.send("x"),
    ]).toEqual(["que", "ued", "ued", "ECONNRESET", "ECONNRESET", "", "", "", "EPIPE"]);
    const u = await rig.udp();
    const from = await rig.udp();
    expect([await u.bind(lo(rig.port())), await from.bind(lo(rig.port()))]).toEqual([0, 0]);
    expect(await from.sendto("before", await u.sockname())).toBe(6);
    expect(await u.connect(await from.sockname())).toBe(0);
    await from.close();
    expect(await u.send("x")).toBe(1);
    await rig.still();
    expect([await u.recv(9), await u.recv(9), await u.recv(9, "MSG_DONTWAIT")]).toEqual([
      "before",
      "ECONNREFUSED",
      "EAGAIN",
    ]);
  }),

  story(
    "2",
    "addresses have the lengths of illumos, and their families and ports where illumos has them",
    async (rig) => {
      const s = await rig.tcp();
      expect(await s.bind(lo(0x1234))).toBe(0);
      expect([...(await s.sockname())]).toEqual([2, 0, 0x12, 0x34, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
      const six = await rig.tcp(AF_INET6);
      expect(await six.bind(lo(0x1235, AF_INET6))).toBe(0);
      const name = await six.sockname();
      expect(name.length).toBe(32);
      expect([...name.subarray(0, 4), name[23]]).toEqual([26, 0, 0x12, 0x35, 1]);
      expect(name.reduce((sum, byte) => sum + byte, 0)).toBe(26 + 0x12 + 0x35 + 1);
    },
  ),
];
