import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { any, at, AF_INET6, hostOf, lo, portOf, SO, unspecified } from "../cases/words.ts";

/** Sentences of sections 2, 3 and 9 that meet: two calls at once, two marks on one socket, two reasons for one answer. */
export const TOGETHER: readonly Case[] = [
  story(
    "2",
    "data and a reset were there before: a plain receive has the data, MSG_WAITALL for more the error",
    async (rig) => {
      for (const [size, flags, ...ends] of [
        [9, "", "abc", "ECONNRESET", ""],
        [3, "MSG_WAITALL", "abc", "ECONNRESET", ""],
        [9, "MSG_WAITALL", "ECONNRESET", "", ""],
        [9, "MSG_WAITALL|MSG_PEEK", "abc", "abc", "ECONNRESET"],
      ] as const) {
        const { c, r } = await rig.toRaw();
        await r.data("abc");
        await r.rst();
        await c.sees("recv(3)", "disconnected(ECONNRESET)");
        expect([await c.recv(size, flags), await c.recv(9), await c.recv(9)]).toEqual(ends);
      }
    },
  ),

  story("2", "who peeks while the reset comes is told, and so is the next", async (rig) => {
    const { c, r } = await rig.toRaw();
    const peeking = c.recv(9, "MSG_PEEK");
    await rig.still();
    await r.rst();
    expect([await peeking, await c.recv(9, "MSG_PEEK"), await c.recv(9), await c.recv(9)]).toEqual([
      "ECONNRESET",
      "ECONNRESET",
      "ECONNRESET",
      "",
    ]);
  }),

  story("2", "two who send much at once: each byte comes, and each has all taken", async (rig) => {
    const { c, a } = await rig.connected();
    const size = 700_000;
    const sending = [c.send(new Uint8Array(size).fill(1)), c.send(new Uint8Array(size).fill(2))];
    const got = await a.recvBytes(2 * size, "MSG_WAITALL");
    expect(await Promise.all(sending)).toEqual([size, size]);
    expect([got.filter((byte) => byte === 1).length, got.filter((byte) => byte === 2).length]).toEqual([size, size]);
  }),

  story("2", "one sends and one receives on one socket, and neither waits for the other", async (rig) => {
    const { c, a } = await rig.connected();
    const receiving = c.recv(9);
    await rig.still();
    expect([await c.send("out"), await a.recv(9), await a.send("in")]).toEqual([3, "out", 2]);
    expect(await receiving).toBe("in");
    await rig.stop(c);
    await c.blocking();
    const sending = c.send("x");
    await rig.still();
    expect([await a.send("while"), await c.recv(9)]).toEqual([5, "while"]);
    expect([await c.close(), await sending]).toEqual([0, "EINTR"]);
  }),

  story("3.8", "who waits for data has the end by each way to shut, and who comes later too", async (rig) => {
    for (const how of ["SHUT_RD", "SHUT_RDWR"] as const) {
      const { c, a } = await rig.connected();
      const waiting = [c.recv(9), c.recv(9, "MSG_PEEK")];
      await rig.still();
      expect(await c.shutdown(how)).toBe(0);
      expect([...(await Promise.all(waiting)), await c.recv(9), await a.recv(9, "MSG_DONTWAIT")]).toEqual([
        "",
        "",
        "",
        how === "SHUT_RD" ? "EAGAIN" : "",
      ]);
    }
  }),

  story("3.8", "a reset after the end and after SHUT_RD: the error is told once", async (rig) => {
    const ended = await rig.toRaw();
    await ended.r.fin();
    await ended.c.sees("recv(0)");
    expect(await ended.c.recv(9)).toBe("");
    await ended.r.rst();
    await ended.c.sees("disconnected(ECONNRESET)");
    expect([await ended.c.recv(9), await ended.c.recv(9), await ended.c.send("x")]).toEqual([
      "ECONNRESET",
      "",
      "EPIPE",
    ]);
    const shut = await rig.toRaw();
    expect(await shut.c.shutdown("SHUT_RD")).toBe(0);
    await shut.r.rst();
    await shut.c.sees("recv(0)", "disconnected(ECONNRESET)");
    expect([await shut.c.get(SO.LEVEL, SO.ERROR), await shut.c.recv(9)]).toEqual([131, ""]);
  }),

  story("3.8", "both have ended: what the side that ended first may do until and after its TIME_WAIT", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    for (const s of [c, a])
      expect([
        await s.recv(9),
        await s.send("x"),
        await s.connect(lo(9)),
        await s.listen(1),
        await s.bind(lo(9)),
        await s.tryPeername(16),
        await s.trySockname(16),
        await s.set(SO.LEVEL, SO.KEEPALIVE, 1),
        await s.get(SO.LEVEL, SO.ERROR),
      ]).toEqual(["", "EPIPE", "EINVAL", "EINVAL", "EINVAL", "EINVAL", 0, "EINVAL", 0]);
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
  }),

  story(
    "9",
    "under a reference an attempt goes on in the background after its caller was woken, and ends with the last one",
    async (rig) => {
      const r = rig.raw();
      const c = await rig.tcp();
      await c.watch();
      expect(await c.tryHold()).toBe(0);
      const connecting = c.connect(at(RAW_HOST, r.port));
      await r.syn();
      const closing = c.close();
      expect(await connecting).toBe("EINTR");
      await r.synAck();
      await rig.still();
      expect(r.has(1)).toBe(false);
      expect([await c.tryRele(), await closing]).toEqual([0, 0]);
      await r.getsFin();
      await c.none();
    },
  ),

  story("9", "who lingers stops when the peer resets, and when it has acknowledged all", async (rig) => {
    for (const end of ["reset", "acknowledged"] as const) {
      const { c, r } = await rig.toRaw();
      r.acks = false;
      expect([await c.setLinger(1, 30), await c.send("x")]).toEqual([0, 1]);
      const from = rig.seconds();
      const closing = c.close();
      await rig.sleep(2);
      if (end === "reset") await r.rst();
      else {
        r.acks = true;
        await r.ack();
      }
      expect(await closing).toBe(0);
      expect(rig.seconds() - from).toBeLessThan(12);
    }
  }),

  story("3.2", "two listeners of one port, one at an address and one at all: who is nearer is asked", async (rig) => {
    const port = rig.port();
    const [near, all] = [await rig.tcp(), await rig.tcp()];
    for (const s of [near, all]) expect(await s.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
    expect([await near.bind(lo(port)), await near.listen(2)]).toEqual([0, 0]);
    expect([await all.bind(any(port)), await all.listen(2)]).toEqual([0, 0]);
    const [c, d] = [await rig.tcp(), await rig.tcp()];
    expect([await c.connect(lo(port)), await d.connect(at("10.0.0.1", port))]).toEqual([0, 0]);
    expect((await near.accept()).from).toEqual(await c.sockname());
    expect((await all.accept()).from).toEqual(await d.sockname());
  }),

  story("3.2", "what is no address of one host cannot be bound or connected to by TCP", async (rig) => {
    const got = [];
    for (const host of ["255.255.255.255", "224.0.0.1", "10.0.0.255"]) {
      const [s, t] = [await rig.tcp(), await rig.tcp()];
      got.push(await s.bind(at(host, rig.port())), await t.connect(at(host, 9)));
    }
    expect(got).toEqual(got.map(() => "EADDRNOTAVAIL"));
  }),

  story(
    "3.2",
    "names of sockets that have none, of each kind and family, and what an implicit bind gives",
    async (rig) => {
      for (const family of [2, AF_INET6])
        for (const kind of ["tcp", "udp"] as const) {
          const s = await rig[kind](family);
          expect(await s.sockname()).toEqual(any(0, family));
          expect([await s.tryPeername(32), await s.bind(null), await s.bind(any(0, family))]).toEqual([
            "ENOTCONN",
            0,
            0,
          ]);
        }
      const u = await rig.udp();
      expect(await u.sendto("x", lo(rig.port()))).toBe(1);
      const name = await u.sockname();
      expect([hostOf(name), portOf(name) >= 32_768]).toEqual(["0.0.0.0", true]);
      expect(await u.bind(lo(rig.port()))).toBe("EINVAL");
      expect(await u.connect(lo(rig.port()))).toBe(0);
      expect(await u.sockname()).toEqual(lo(portOf(name)));
      expect(await u.connect(unspecified)).toBe(0);
      expect(await u.sockname()).toEqual(name);
    },
  ),

  story(
    "3.5",
    "IPv6: an attempt that failed leaves no name of the other kind, and mapped nobody is the loopback",
    async (rig) => {
      const l = await rig.listener();
      const s = await rig.tcp(AF_INET6);
      expect(await s.connect(at("127.0.0.1", rig.port(), AF_INET6))).toBe("ECONNREFUSED");
      expect(await s.sockname()).toEqual(any(0, AF_INET6));
      expect(await s.connect(at("0.0.0.0", l.port, AF_INET6))).toBe(0);
      expect(await s.peername()).toEqual(at("127.0.0.1", l.port, AF_INET6));
      const six = await rig.tcp(AF_INET6);
      expect([await six.bind(lo(rig.port(), AF_INET6)), await six.listen(1)]).toEqual([0, 0]);
      const port = portOf(await six.sockname());
      expect(await (await rig.tcp()).connect(lo(port))).toBe("ECONNREFUSED");
      expect(await (await rig.tcp(AF_INET6)).connect(at("127.0.0.1", port, AF_INET6))).toBe("ECONNREFUSED");
      const mine = await rig.tcp(AF_INET6);
      expect(await mine.bind(any(0, AF_INET6))).toBe(0);
      expect(await mine.connect(lo(portOf(await mine.sockname()), AF_INET6))).toBe("EADDRNOTAVAIL");
    },
  ),

  longStory("6", "half-open connections do not count for the queue of those that are complete", async (rig) => {
    const l = await rig.listener(0, "10.0.0.1");
    const half = [rig.raw(), rig.raw(), rig.raw()];
    for (const r of half) await r.halfOpen(l.port);
    const r = rig.raw();
    await r.connect(l.port);
    expect(portOf((await l.accept()).from)).toBe(r.port);
  }),

  story("3.4", "a connection that was reset had data: accept says ECONNABORTED all the same", async (rig) => {
    const l = await rig.listener(2, "10.0.0.1");
    const r = rig.raw();
    await r.connect(l.port);
    await r.data("lost");
    await r.rst();
    await rig.still();
    await l.nonblocking();
    expect([await l.tryAccept(), await l.tryAccept()]).toEqual(["ECONNABORTED", "EAGAIN"]);
  }),

  story("3.7", "no room and no data but an error: TCP and UDP tell it, data or not", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.data("abc");
    await r.rst();
    await c.sees("recv(3)", "disconnected(ECONNRESET)");
    expect([await c.recv(0), await c.recv(0), await c.recv(9), await c.recv(9)]).toEqual(["ECONNRESET", "", "abc", ""]);
  }),
];
