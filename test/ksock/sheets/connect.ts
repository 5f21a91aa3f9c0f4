import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { any, at, AF_INET6, FIRST_ANONYMOUS, hostOf, IPV6, lo, portOf, SO, unspecified } from "../cases/words.ts";

const LO = "127.0.0.1";

/** An address of another length. */
function ofLength(address: Uint8Array, length: number): Uint8Array {
  const other = new Uint8Array(length);
  other.set(address.subarray(0, length));
  return other;
}

/** Section 3.5, sentence by sentence. */
export const CONNECT: readonly Case[] = [
  story("3.5", "addresses are looked at before the state, on sockets in each state", async (rig) => {
    const { c, l } = await rig.connected();
    const p = await rig.tcp();
    await p.nonblocking();
    expect(await p.connect(at(RAW_HOST, rig.raw().port))).toBe("EINPROGRESS");
    const s = await rig.tcp();
    for (const one of [s, c, l, p]) {
      const got = [await one.connect(null), await one.connect(unspecified)];
      for (const length of [2, 3, 15, 17, 32]) got.push(await one.connect(ofLength(lo(9), length)));
      expect(got).toEqual(got.map(() => "EINVAL"));
      expect([await one.connect(lo(9, AF_INET6)), await one.connect(lo(0)), await one.connectNull(16)]).toEqual([
        "EAFNOSUPPORT",
        "EADDRNOTAVAIL",
        "EFAULT",
      ]);
    }
    expect([await s.connect(any(0)), await c.connect(lo(9)), await l.connect(lo(9)), await p.connect(lo(9))]).toEqual([
      "EADDRNOTAVAIL",
      "EISCONN",
      "EOPNOTSUPP",
      "EALREADY",
    ]);
    expect(portOf(await s.sockname())).toBe(0);
    const six = await rig.tcp(AF_INET6);
    expect([
      await six.connect(lo(9)),
      await six.connect(lo(0, AF_INET6)),
      await six.connect(ofLength(lo(9, AF_INET6), 16)),
      await six.connect(null),
    ]).toEqual(["EAFNOSUPPORT", "EADDRNOTAVAIL", "EINVAL", "EINVAL"]);
  }),

  story("3.5", "connect in each state that a connection comes to", async (rig) => {
    const { c, l, a } = await rig.connected();
    const to = lo(l.port);
    expect([await c.connect(to), await a.connect(to)]).toEqual(["EISCONN", "EISCONN"]);
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    expect(await c.connect(to)).toBe("EISCONN");
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect([await c.connect(to), await a.connect(to)]).toEqual(["EINVAL", "EINVAL"]);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect([await c.connect(to), await a.connect(to)]).toEqual(["EINVAL", "EINVAL"]);
  }),

  story(
    "3.5",
    "a second call while the first waits is EALREADY, blocking or not, and the first goes on",
    async (rig) => {
      const r = rig.raw();
      const c = await rig.tcp();
      await c.watch();
      const first = c.connect(at(RAW_HOST, r.port));
      await r.syn();
      expect([await c.connect(at(RAW_HOST, r.port)), await c.connect(lo(9))]).toEqual(["EALREADY", "EALREADY"]);
      await c.nonblocking();
      expect([await c.connect(lo(9)), await c.get(SO.LEVEL, SO.ERROR)]).toEqual(["EALREADY", 0]);
      await r.synAck();
      expect(await first).toBe(0);
      await c.sees("connected");
      expect(await c.connect(lo(9))).toBe("EISCONN");
    },
  ),

  story("3.5", "while it connects: what every call says", async (rig) => {
    const r = rig.raw();
    const c = await rig.tcp();
    await c.nonblocking();
    expect(await c.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
    await r.syn();
    expect({
      bind: await c.bind(lo(9)),
      unbind: await c.bind(null),
      listen: await c.listen(1),
      accept: await c.tryAccept(),
      send: await c.send("x"),
      recv: await c.recv(1),
      nothing: await c.recv(0),
      peer: await c.tryPeername(16),
      shutdown: await c.shutdown("SHUT_RDWR"),
      wrong: await c.shutdown(9),
      waiting: await c.ioctl("FIONREAD"),
      mark: await c.ioctl("SIOCATMARK"),
      error: await c.get(SO.LEVEL, SO.ERROR),
      keep: await c.set(SO.LEVEL, SO.KEEPALIVE, 1),
      urgent: await c.recv(1, "MSG_OOB"),
    }).toEqual({
      bind: "EINVAL",
      unbind: "EINVAL",
      listen: "EINVAL",
      accept: "EINVAL",
      send: "ENOTCONN",
      recv: "ENOTCONN",
      nothing: "ENOTCONN",
      peer: "ENOTCONN",
      shutdown: "ENOTCONN",
      wrong: "ENOTCONN",
      waiting: 0,
      mark: 0,
      error: 0,
      keep: 0,
      urgent: "ENOTCONN",
    });
  }),

  story(
    "3.5",
    "no socket connects to itself, by its address, the loopback or nobody's; then it may connect elsewhere",
    async (rig) => {
      const l = await rig.listener();
      for (const [mine, to] of [
        [lo, lo],
        [any, lo],
        [any, any],
      ] as const) {
        const port = rig.port();
        const s = await rig.tcp();
        expect(await s.bind(mine(port))).toBe(0);
        expect(await s.connect(to(port))).toBe("EADDRNOTAVAIL");
        expect(portOf(await s.sockname())).toBe(port);
        expect(await s.connect(lo(l.port))).toBe(0);
        expect(await s.sockname()).toEqual(lo(port));
      }
      const net = await rig.tcp();
      const port = rig.port();
      expect(await net.bind(at("10.0.0.1", port))).toBe(0);
      expect(await net.connect(at("10.0.0.1", port))).toBe("EADDRNOTAVAIL");
    },
  ),

  story("3.5", "0.0.0.0 and :: with a port are the loopback address, and the names say so", async (rig) => {
    for (const family of [2, AF_INET6]) {
      const l = await rig.tcp(family);
      expect(await l.listen(1)).toBe(0);
      const port = portOf(await l.sockname());
      const c = await rig.tcp(family);
      expect(await c.connect(any(port, family))).toBe(0);
      expect(await c.peername()).toEqual(lo(port, family));
      expect(hostOf(await c.sockname())).toBe(hostOf(lo(1, family)));
      expect(portOf(await c.sockname())).toBeGreaterThanOrEqual(FIRST_ANONYMOUS);
    }
  }),

  story("3.5", "mapped and plain addresses do not mix", async (rig) => {
    const l = await rig.listener();
    const only = await rig.tcp(AF_INET6);
    expect(await only.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
    const plain = await rig.tcp(AF_INET6);
    expect(await plain.bind(lo(rig.port(), AF_INET6))).toBe(0);
    const mapped = await rig.tcp(AF_INET6);
    expect(await mapped.bind(at(LO, rig.port(), AF_INET6))).toBe(0);
    expect([
      await only.connect(at(LO, l.port, AF_INET6)),
      await plain.connect(at(LO, l.port, AF_INET6)),
      await mapped.connect(lo(l.port, AF_INET6)),
      await mapped.connect(at(LO, l.port, AF_INET6)),
    ]).toEqual(["EADDRNOTAVAIL", "EADDRNOTAVAIL", "EADDRNOTAVAIL", 0]);
    expect(await mapped.peername()).toEqual(at(LO, l.port, AF_INET6));
    const c = await rig.tcp(AF_INET6);
    expect(await c.connect(lo(l.port, AF_INET6))).toBe("ECONNREFUSED");
  }),

  story("3.5", "a pending error comes before a NULL address, a wrong length, a family and a state", async (rig) => {
    for (const address of [null, lo(9).subarray(0, 3), lo(9, AF_INET6), lo(0)]) {
      const s = await rig.tcp();
      await s.nonblocking();
      await s.watch();
      expect(await s.connect(lo(rig.port()))).toBe("EINPROGRESS");
      await s.until("disconnected(ECONNREFUSED)");
      expect([await s.connect(address), await s.get(SO.LEVEL, SO.ERROR)]).toEqual(["ECONNREFUSED", 0]);
    }
    const { c, r } = await rig.toRaw();
    await r.rst();
    await c.sees("disconnected(ECONNRESET)");
    expect([await c.connect(null), await c.connect(null)]).toEqual(["ECONNRESET", "EINVAL"]);
  }),

  story("3.5", "after a failure nobody asked about: which calls look at the error, and which do not", async (rig) => {
    const s = await rig.tcp();
    await s.nonblocking();
    await s.watch();
    expect(await s.connect(lo(rig.port()))).toBe("EINPROGRESS");
    await s.until("disconnected(ECONNREFUSED)");
    expect([
      await s.tryAccept(),
      await s.shutdown("SHUT_WR"),
      await s.trySockname(16),
      await s.tryPeername(16),
      await s.send("x"),
      await s.recv(1, "MSG_PEEK"),
      await s.recv(0, "MSG_PEEK"),
      await s.ioctl("FIOASYNC"),
      await s.get(SO.LEVEL, SO.KEEPALIVE),
    ]).toEqual(["EINVAL", "ENOTCONN", 0, "ENOTCONN", "EPIPE", "ECONNREFUSED", "ECONNREFUSED", "EOPNOTSUPP", 0]);
    expect([await s.recv(0), await s.recv(0), await s.recv(1), await s.get(SO.LEVEL, SO.ERROR)]).toEqual([
      "ECONNREFUSED",
      "",
      "",
      0,
    ]);
  }),

  story("3.5", "after a failure a second connect begins anew, blocking or not, and clears the marks", async (rig) => {
    const l = await rig.listener();
    for (const wait of [true, false]) {
      const s = await rig.tcp();
      expect(await s.connect(lo(rig.port()))).toBe("ECONNREFUSED");
      await s.watch();
      if (!wait) await s.nonblocking();
      expect(await s.connect(lo(l.port))).toBe(wait ? 0 : "EINPROGRESS");
      await s.sees("connected");
      const a = await l.accept();
      expect(await s.send("again")).toBe(5);
      expect(await a.recv(9)).toBe("again");
      expect(await a.send("yes")).toBe(3);
      await s.sees("recv(3)");
      expect([await s.recv(9), await s.tryPeername(16), await s.shutdown("SHUT_WR")]).toEqual(["yes", 0, 0]);
    }
  }),

  longStory("3.5", "nobody answers: ETIMEDOUT after three minutes, whether it waits or not", async (rig) => {
    for (const wait of [true, false]) {
      const r = rig.raw();
      const s = await rig.tcp();
      await s.watch();
      if (!wait) await s.nonblocking();
      const from = rig.seconds();
      const first = s.connect(at(RAW_HOST, r.port));
      if (!wait) expect(await first).toBe("EINPROGRESS");
      else expect(await first).toBe("ETIMEDOUT");
      if (!wait) {
        while (s.events.length === 0) await rig.sleep(1);
        expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(145);
      }
      expect(Math.abs(rig.seconds() - from - 180)).toBeLessThan(5);
      await s.sees("disconnected(ETIMEDOUT)");
    }
  }),

  story("3.5", "a close ends who waits to connect, with EINTR, and the peer sees a reset", async (rig) => {
    const r = rig.raw();
    const c = await rig.tcp();
    await c.watch();
    const connecting = c.connect(at(RAW_HOST, r.port));
    await r.syn();
    expect(await c.close()).toBe(0);
    expect(await connecting).toBe("EINTR");
    await r.getsRst();
    await c.none();
  }),
];
