import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { lo, SO, unspecified } from "../cases/words.ts";

/** Section 3.8, sentence by sentence. */
export const SHUTDOWN: readonly Case[] = [
  story(
    "3.8",
    "who is not connected: ENOTCONN in each way, before the way is looked at, and nothing changes",
    async (rig) => {
      const [s, b, u, d] = [await rig.tcp(), await rig.tcp(), await rig.udp(), await rig.udp()];
      expect(await b.bind(lo(rig.port()))).toBe(0);
      expect([await d.connect(lo(rig.port())), await d.connect(unspecified)]).toEqual([0, 0]);
      const l = await rig.listener();
      const f = await rig.tcp();
      expect(await f.connect(lo(rig.port()))).toBe("ECONNREFUSED");
      const { c: reset, r } = await rig.toRaw();
      await r.rst();
      await reset.sees("disconnected(ECONNRESET)");
      for (const one of [s, b, u, d, l, f, reset])
        expect([
          await one.shutdown("SHUT_RD"),
          await one.shutdown("SHUT_WR"),
          await one.shutdown("SHUT_RDWR"),
          await one.shutdown(9),
        ]).toEqual(["ENOTCONN", "ENOTCONN", "ENOTCONN", "ENOTCONN"]);
      expect(await reset.get(SO.LEVEL, SO.ERROR)).toBe(131);
      const c = await rig.tcp();
      expect([await c.connect(lo(l.port)), await l.tryAccept()]).toEqual([0, 0]);
    },
  ),

  story("3.8", "a way that there is not is EINVAL, and nothing is shut", async (rig) => {
    const { c, a } = await rig.connected();
    const { x, y } = await rig.datagrams();
    for (const [s, t] of [
      [c, a],
      [x, y],
    ] as const) {
      for (const how of [-1, 3, 4, 0x7fff_ffff]) expect(await s.shutdown(how)).toBe("EINVAL");
      expect([await s.send("x"), await t.recv(9), await t.send("y"), await s.recv(9)]).toEqual([1, "x", 1, "y"]);
    }
  }),

  story(
    "3.8",
    "SHUT_WR: what was queued comes, then the end; again it is 0; what is refused after it and what is not",
    async (rig) => {
      const { c, a } = await rig.connected();
      const much = await rig.stop(c);
      expect([await c.shutdown("SHUT_WR"), await c.shutdown("SHUT_WR"), await c.shutdown("SHUT_RDWR")]).toEqual([
        0, 0, 0,
      ]);
      await rig.drain(a, much);
      expect(await a.recv(9)).toBe("");
      const other = await rig.connected();
      expect(await other.c.shutdown("SHUT_WR")).toBe(0);
      expect({
        peername: await other.c.tryPeername(16),
        short: await other.c.tryPeername(1),
        null: await other.c.tryPeername(null),
        option: await other.c.set(SO.LEVEL, SO.KEEPALIVE, 1),
        unknown: await other.c.set(SO.LEVEL, 12_345, 1),
        length: await other.c.setRaw(SO.LEVEL, SO.KEEPALIVE, null),
        get: await other.c.get(SO.LEVEL, SO.KEEPALIVE),
        bind: await other.c.bind(lo(9)),
        sockname: await other.c.trySockname(16),
        send: await other.c.send("x"),
        nothing: await other.c.send(""),
        nonblocking: await other.c.ioctl("FIONREAD"),
        peer: await other.a.tryPeername(16),
        back: await other.a.send("back"),
        recv: await other.c.recv(9),
      }).toEqual({
        peername: "EINVAL",
        short: "EINVAL",
        null: "EFAULT",
        option: "EINVAL",
        unknown: "EINVAL",
        length: "EINVAL",
        get: 0,
        bind: "EINVAL",
        sockname: 0,
        send: "EPIPE",
        nothing: "EPIPE",
        nonblocking: 0,
        peer: 0,
        back: 4,
        recv: "back",
      });
    },
  ),

  story(
    "3.8",
    "SHUT_RD: what is there and what comes is thrown away, the peer knows nothing, and may send much",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await a.send("unread")).toBe(6);
      await rig.still();
      expect([await c.ioctl("FIONREAD"), await c.shutdown("SHUT_RD"), await c.ioctl("FIONREAD")]).toEqual([6, 0, 0]);
      expect([
        await c.recv(9),
        await c.recv(9, "MSG_PEEK"),
        await c.recv(9, "MSG_DONTWAIT"),
        await c.recv(9, "MSG_WAITALL"),
        await c.recv(9, "MSG_OOB"),
      ]).toEqual(["", "", "", "", "EINVAL"]);
      c.took();
      for (let i = 0; i < 8; i++) expect(await a.send(new Uint8Array(1_000_000))).toBe(1_000_000);
      await c.none();
      expect([
        await c.recv(9),
        await c.ioctl("FIONREAD"),
        await c.tryPeername(16),
        await c.set(SO.LEVEL, SO.KEEPALIVE, 1),
        await c.send("on"),
        await c.shutdown("SHUT_RD"),
        await c.shutdown("SHUT_WR"),
        await a.recv(9),
        await a.recv(9),
      ]).toEqual(["", 0, 0, 0, 2, 0, 0, "on", ""]);
    },
  ),

  story("3.8", "SHUT_RDWR ends who receives and who sends, in a moment", async (rig) => {
    const { c } = await rig.connected();
    await rig.stop(c);
    await c.blocking();
    c.took();
    const waiting = [c.recv(9), c.recv(9, "MSG_WAITALL"), c.send("x")];
    await rig.still();
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
    expect(await Promise.all(waiting)).toEqual(["", "", "EPIPE"]);
    await c.sees("xmit(0)", "recv(0)");
  }),

  story("3.8", "after the peer's FIN it is connected still: which calls work", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect([
      await c.send("x"),
      await c.tryPeername(16),
      await c.set(SO.LEVEL, SO.KEEPALIVE, 1),
      await c.connect(lo(9)),
      await c.shutdown("SHUT_RD"),
      await c.shutdown("SHUT_WR"),
      await c.shutdown("SHUT_RDWR"),
    ]).toEqual([1, 0, 0, "EINVAL", 0, 0, 0]);
  }),

  story("3.8", "datagram sockets: each way, and who waits", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send("queued")).toBe(6);
    await rig.still();
    expect(await y.shutdown("SHUT_RD")).toBe(0);
    expect([await y.ioctl("FIONREAD"), await y.recv(9), await x.send("later")]).toEqual([0, "", 5]);
    await rig.still();
    expect(await y.recv(9)).toBe("");
    expect([await y.send("on"), await x.recv(9), await y.tryPeername(16)]).toEqual([2, "on", 0]);
    const receiving = x.recv(9);
    await rig.still();
    expect([
      await x.shutdown("SHUT_WR"),
      await x.send("x"),
      await x.sendto("x", lo(9)),
      await x.tryPeername(16),
    ]).toEqual([0, "EPIPE", "EPIPE", "EINVAL"]);
    expect([await y.send("still"), await receiving]).toEqual([5, "still"]);
    const ending = x.recv(9);
    await rig.still();
    expect([await x.shutdown("SHUT_RD"), await ending]).toEqual([0, ""]);
  }),
];
