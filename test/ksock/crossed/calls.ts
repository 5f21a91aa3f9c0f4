import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, lo, SO } from "../cases/words.ts";
import { refused } from "./wrongs.ts";

/** Accept, listen, ioctl and shutdown, each with what has happened before. */
export const CALLS_CROSSED: readonly Case[] = [
  story(
    "S3.4",
    "accept: what is no listener is EINVAL before anything is waited for, with EFAULT first; NULL needs no length",
    async (rig) => {
      const { l, c } = await rig.connected();
      for (const s of [c, await rig.tcp()])
        expect([await s.tryAccept(null), await s.tryAccept(0), await s.tryAccept()]).toEqual([
          "EFAULT",
          "EINVAL",
          "EINVAL",
        ]);
      await l.nonblocking();
      expect([await l.tryAccept(null), await l.tryAccept(0), await l.tryAccept()]).toEqual([
        "EFAULT",
        "EAGAIN",
        "EAGAIN",
      ]);
      const before = await rig.tcp();
      expect(await before.connect(lo(l.port))).toBe(0);
      expect([await l.tryAccept(null), await l.tryAccept(16), await l.tryAccept()]).toEqual(["EFAULT", 0, "EAGAIN"]);
      const more = [];
      for (let i = 0; i < 5; i++) {
        const s = await rig.tcp();
        expect(await s.connect(lo(l.port))).toBe(0);
        more.push(s);
      }
      expect([
        await l.tryAccept(0),
        await l.tryAccept(15),
        await l.tryAccept(-1),
        await l.tryAccept(32),
        await l.tryAccept(1 << 20),
        await l.tryAccept(),
      ]).toEqual(["EINVAL", "EINVAL", "EINVAL", 0, 0, "EAGAIN"]);
      await rig.still();
      const alive = [];
      for (const s of more) alive.push(await s.recv(1, "MSG_DONTWAIT"));
      expect(alive.map((answer) => (answer === "EAGAIN" ? "alive" : "lost"))).toEqual([
        "lost",
        "lost",
        "lost",
        "alive",
        "alive",
      ]);
    },
  ),

  story(
    "S3.4 D15",
    "a queue with resets in it: each is ECONNABORTED once at its place, whatever the room for the address",
    async (rig) => {
      const l = await rig.listener();
      await l.nonblocking();
      const clients = [];
      for (let i = 0; i < 6; i++) {
        const s = await rig.tcp();
        expect(await s.connect(lo(l.port))).toBe(0);
        clients.push(s);
      }
      for (const i of [0, 2, 3]) {
        expect(await clients[i]?.setLinger(1, 0)).toBe(0);
        expect(await clients[i]?.close()).toBe(0);
      }
      await rig.still();
      expect([
        await l.tryAccept(),
        await l.tryAccept(16),
        await l.tryAccept(16),
        await l.tryAccept(),
        await l.tryAccept(),
        await l.tryAccept(16),
        await l.tryAccept(),
      ]).toEqual(["ECONNABORTED", 0, "ECONNABORTED", "ECONNABORTED", 0, 0, "EAGAIN"]);
      l.took();
      await l.none();
    },
  ),

  story(
    "S3.4",
    "accept of a peer that has sent, and closed, before: its data, then the end, and no event for either",
    async (rig) => {
      const l = await rig.listener();
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      expect(await c.send("early")).toBe(5);
      expect(await c.close()).toBe(0);
      await rig.still();
      const a = await l.accept();
      await a.watch();
      await a.none();
      expect([
        await a.ioctl("FIONREAD"),
        await a.recv(9),
        await a.recv(9),
        await a.get(SO.LEVEL, SO.ERROR),
        await a.tryPeername(16),
      ]).toEqual([5, "early", "", 0, 0]);
    },
  ),

  story(
    "S5",
    "an error that waits is taken by any allowed ioctl, which then is not done; forbidden ones leave it",
    async (rig) => {
      const s = await refused(rig);
      expect(await s.ioctl("FIONBIO", 0)).toBe("ECONNREFUSED");
      // It was not done: the socket is still non-blocking, and an attempt does not wait.
      const r = rig.raw();
      expect(await s.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
      for (const cmd of ["FIONREAD", "SIOCATMARK", "FIONBIO", 0x2000_7a01, "FIONREAD NULL"]) {
        const t = await refused(rig);
        for (const forbidden of [
          "FIOASYNC",
          "SIOCSPGRP",
          "SIOCGPGRP",
          "FIOSETOWN",
          "FIOGETOWN",
          "I_PUSH",
          0x53ff,
          0x5300,
        ])
          expect(await t.ioctl(forbidden, null)).toBe("EOPNOTSUPP");
        const [name, arg] = cmd === "FIONREAD NULL" ? (["FIONREAD", null] as const) : ([cmd, 0] as const);
        expect([await t.ioctl(name, arg), await t.get(SO.LEVEL, SO.ERROR)]).toEqual(["ECONNREFUSED", 0]);
      }
      // Not of STREAMS: other bits are set.
      expect(await s.ioctl(0x1_0000 | 0x5302)).toBe("EINVAL");
    },
  ),

  story("S2 P7", "NULL with a size is EFAULT, without one nothing; ENOTSOCK comes first", async (rig) => {
    const { c, a } = await rig.connected();
    expect([await c.sendNull(1), await c.sendNull(0), await c.recvNull(0)]).toEqual(["EFAULT", 0, ""]);
    expect(await a.send("x")).toBe(1);
    await rig.still();
    expect([await c.recvNull(1), await c.ioctl("FIONREAD"), await c.recv(1)]).toEqual(["EFAULT", 1, "x"]);
    expect(await c.close()).toBe(0);
    expect([await c.sendNull(1), await c.recvNull(1), await c.bindNull(16), await c.connectNull(16)]).toEqual([
      "ENOTSOCK",
      "ENOTSOCK",
      "ENOTSOCK",
      "ENOTSOCK",
    ]);
  }),

  story(
    "S3.3",
    "listen: any number, more than once, on what is bound or not; what waits already stays when the limit falls",
    async (rig) => {
      const l = await rig.listener(5);
      for (let i = 0; i < 4; i++) {
        const s = await rig.tcp();
        expect(await s.connect(lo(l.port))).toBe(0);
      }
      expect([await l.listen(0), await l.listen(-7)]).toEqual([0, 0]);
      await l.nonblocking();
      const late = await rig.tcp();
      await late.nonblocking();
      expect(await late.connect(lo(l.port))).toBe("EINPROGRESS");
      await rig.still();
      expect(await late.connect(lo(l.port))).toBe("EALREADY");
      expect([
        await l.tryAccept(),
        await l.tryAccept(),
        await l.tryAccept(),
        await l.tryAccept(),
        await l.tryAccept(),
      ]).toEqual([0, 0, 0, 0, "EAGAIN"]);
      await rig.sleep(60);
      expect(await late.connect(lo(l.port))).toBe("EISCONN");
      expect(await l.tryAccept()).toBe(0);
    },
  ),

  story("S3.8", "shutdown: each direction, before and after each other, and what is told in the call", async (rig) => {
    const found: Record<string, unknown> = {};
    for (const [name, hows] of Object.entries({
      "RD RD": [0, 0],
      "RD WR": [0, 1],
      "WR RD": [1, 0],
      "RDWR RDWR": [2, 2],
      "RDWR RD": [2, 0],
    })) {
      const { c } = await rig.connected();
      const errors = [];
      for (const how of hows) errors.push(await c.shutdown(how));
      await rig.still();
      found[name] = [errors, c.took()];
    }
    expect(found).toEqual({
      "RD RD": [
        [0, 0],
        ["recv(0)", "recv(0)"],
      ],
      "RD WR": [
        [0, 0],
        ["recv(0)", "xmit(0)"],
      ],
      "WR RD": [
        [0, 0],
        ["xmit(0)", "recv(0)"],
      ],
      "RDWR RDWR": [
        [0, 0],
        ["xmit(0)", "recv(0)", "xmit(0)", "recv(0)"],
      ],
      "RDWR RD": [
        [0, 0],
        ["xmit(0)", "recv(0)", "recv(0)"],
      ],
    });
  }),
];
