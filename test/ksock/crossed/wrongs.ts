import { expect } from "@jest/globals";
import * as K from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { AF_INET6, any, at, lo, portOf, SO, unspecified } from "../cases/words.ts";

/** A non-blocking attempt that was refused, and whose error nobody has taken. */
export async function refused(rig: Rig): Promise<Sock> {
  const s = await rig.tcp();
  await s.nonblocking();
  expect(await s.connect(lo(rig.port()))).toBe("EINPROGRESS");
  await rig.still();
  return s;
}

async function connecting(rig: Rig): Promise<Sock> {
  const r = rig.raw();
  const s = await rig.tcp();
  await s.nonblocking();
  expect(await s.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
  await r.syn();
  return s;
}

/** Of two wrongs at once, the one that the sheet lists first. */
export const WRONGS_CROSSED: readonly Case[] = [
  story("S3.1", "a socket that cannot be: graded by what the best row of the table has in common", async (rig) => {
    const rows: readonly (readonly [number, number, number, string | 0])[] = [
      [K.AF_INET, K.SOCK_STREAM, 0, 0],
      [K.AF_INET, K.SOCK_STREAM, 6, 0],
      [K.AF_INET, K.SOCK_DGRAM, 0, 0],
      [K.AF_INET, K.SOCK_DGRAM, 17, 0],
      [K.AF_INET6, K.SOCK_STREAM, 6, 0],
      [K.AF_INET6, K.SOCK_DGRAM, 17, 0],
      [K.AF_INET6, K.SOCK_STREAM, 17, "EPROTOTYPE"],
      [K.AF_INET6, K.SOCK_DGRAM, 6, "EPROTOTYPE"],
      [K.AF_INET, K.SOCK_RDM, 0, "EPROTOTYPE"],
      [K.AF_INET, K.SOCK_RDM, 6, "EPROTOTYPE"],
      [K.AF_INET, K.SOCK_RDM, 17, "EPROTOTYPE"],
      [K.AF_INET, K.SOCK_RDM, 99, "EPROTONOSUPPORT"],
      [K.AF_INET, 0, 0, "EPROTOTYPE"],
      [K.AF_INET, 99, 6, "EPROTOTYPE"],
      [K.AF_INET, -1, 0, "EPROTOTYPE"],
      [K.AF_INET, K.SOCK_STREAM, 99, "EPROTONOSUPPORT"],
      [K.AF_INET, K.SOCK_STREAM, -1, "EPROTONOSUPPORT"],
      [K.AF_INET6, K.SOCK_DGRAM, 99, "EPROTONOSUPPORT"],
      [K.AF_UNSPEC, K.SOCK_STREAM, 0, "EAFNOSUPPORT"],
      [K.AF_UNSPEC, 99, 99, "EAFNOSUPPORT"],
      [K.AF_UNIX, K.SOCK_STREAM, 0, "EAFNOSUPPORT"],
      [28, K.SOCK_STREAM, 0, "EAFNOSUPPORT"],
      [10, K.SOCK_STREAM, 6, "EAFNOSUPPORT"],
      [-1, K.SOCK_STREAM, 0, "EAFNOSUPPORT"],
    ];
    const found = [];
    for (const [domain, type, protocol] of rows) {
      const [error, s] = await rig.create(domain, type, protocol);
      expect(s === null).toBe(error !== 0);
      found.push([domain, type, protocol, error]);
    }
    expect(found).toEqual(rows);
  }),

  story("S3.2", "bind: after SHUT_WR EINVAL, then the address's shape, then the state, then the port", async (rig) => {
    const busy = await rig.listener();
    const s = await rig.tcp();
    expect([
      await s.bind(lo(busy.port).subarray(0, 15)),
      await s.bind(new Uint8Array(32).fill(2, 0, 1)),
      await s.bind(at("10.9.9.9", busy.port)),
      await s.bind(lo(busy.port)),
      await s.bind(new Uint8Array(0)),
      await s.bind(new Uint8Array(1)),
    ]).toEqual(["EINVAL", "EINVAL", "EADDRNOTAVAIL", "EADDRINUSE", "EINVAL", "EINVAL"]);
    expect(portOf(await s.sockname())).toBe(0);
    expect(await s.bind(lo(rig.port()))).toBe(0);
    expect([
      await s.bind(lo(busy.port)),
      await s.bind(at("10.9.9.9", 1)),
      await s.bind(new Uint8Array(32).fill(3)),
    ]).toEqual(["EINVAL", "EINVAL", "EAFNOSUPPORT"]);
    const six = await rig.tcp(AF_INET6);
    const [short, long] = [lo(1, AF_INET6).subarray(0, 31), new Uint8Array([...lo(1, AF_INET6), 0])];
    expect([
      await six.bind(short),
      await six.bind(long),
      await six.bind(lo(1, AF_INET6).subarray(0, 28)),
      await six.bind(lo(1)),
      await six.bind(new Uint8Array(32)),
    ]).toEqual(["EINVAL", "EINVAL", "EINVAL", "EAFNOSUPPORT", "EAFNOSUPPORT"]);
    expect(await six.bind(any(0, AF_INET6))).toBe(0);
    expect([await six.bind(lo(1)), await six.bind(short)]).toEqual(["EAFNOSUPPORT", "EINVAL"]);
  }),

  story(
    "S3.2 D3",
    "bind of AF_INET takes any family in 16 bytes, for datagrams too, and reads it as AF_INET",
    async (rig) => {
      for (const s of [await rig.tcp(), await rig.udp()]) {
        const port = rig.port();
        const address = lo(port);
        address[0] = 77;
        expect(await s.bind(address)).toBe(0);
        expect(await s.sockname()).toEqual(lo(port));
        expect(await s.bind(new Uint8Array(32).fill(77))).toBe("EAFNOSUPPORT");
      }
    },
  ),

  story(
    "S3.2",
    "unbind: below a listener 0 and the port is free, above it EINVAL, with a length EFAULT",
    async (rig) => {
      const port = rig.port();
      const [s, t] = [await rig.tcp(), await rig.tcp()];
      expect([
        await s.bind(lo(port)),
        await t.bind(lo(port)),
        await s.bindNull(16),
        await s.bindNull(0),
        await t.bind(lo(port)),
      ]).toEqual([0, "EADDRINUSE", "EFAULT", 0, 0]);
      expect([await s.bindNull(0), await s.bind(lo(port)), await s.bind(lo(rig.port()))]).toEqual([0, "EADDRINUSE", 0]);
      expect([await t.listen(1), await t.bindNull(0), await t.get(SO.LEVEL, SO.ACCEPTCONN)]).toEqual([0, "EINVAL", 2]);
      const { c } = await rig.connected();
      expect(await c.bindNull(0)).toBe("EINVAL");
    },
  ),

  story("S3.2", "ports of TCP: the crosses of SO_REUSEADDR, SO_EXCLBIND, wildcard and specific", async (rig) => {
    const make = async (...options: number[]): Promise<Sock> => {
      const s = await rig.tcp();
      for (const option of options) expect(await s.set(SO.LEVEL, option, 1)).toBe(0);
      return s;
    };
    const tries = async (
      first: readonly number[],
      a: (p: number) => Uint8Array,
      second: readonly number[],
      b: (p: number) => Uint8Array,
    ): Promise<unknown> => {
      const p = rig.port();
      const x = await make(...first);
      expect(await x.bind(a(p))).toBe(0);
      return (await make(...second)).bind(b(p));
    };
    const { REUSEADDR: R, EXCLBIND: X } = SO;
    const eth = (p: number): Uint8Array => at("10.0.0.1", p);
    expect([
      await tries([], lo, [], any),
      await tries([], any, [], lo),
      await tries([], lo, [], eth),
      await tries([], any, [R], lo),
      await tries([], lo, [R], any),
      await tries([R], lo, [], any),
      await tries([R], lo, [R], lo),
      await tries([R], any, [R], any),
      await tries([X], lo, [R], any),
      await tries([X], any, [R], lo),
      await tries([], lo, [X, R], any),
      await tries([X], lo, [X], eth),
    ]).toEqual([
      "EADDRINUSE",
      "EADDRINUSE",
      0,
      0,
      0,
      "EADDRINUSE",
      "EADDRINUSE",
      "EADDRINUSE",
      "EADDRINUSE",
      "EADDRINUSE",
      "EADDRINUSE",
      0,
    ]);
  }),

  story(
    "S3.2 S9",
    "a port of a connection whose listener is gone: only with SO_REUSEADDR, and connecting there goes to the new listener",
    async (rig) => {
      const { l, c, a } = await rig.connected();
      expect(await l.close()).toBe(0);
      const [plain, reuse] = [await rig.tcp(), await rig.tcp()];
      expect(await reuse.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
      expect([
        await plain.bind(lo(l.port)),
        await plain.bind(any(l.port)),
        await reuse.bind(lo(l.port)),
        await reuse.listen(1),
      ]).toEqual(["EADDRINUSE", "EADDRINUSE", 0, 0]);
      const other = await rig.tcp();
      expect(await other.connect(lo(l.port))).toBe(0);
      expect(await reuse.tryAccept()).toBe(0);
      expect([await c.send("still"), await a.recv(9)]).toEqual([5, "still"]);
    },
  ),

  story(
    "S9 D35",
    "TIME-WAIT: shutdown again is 0, the port is free with SO_REUSEADDR only, and after 60 s without",
    async (rig) => {
      const { l, c, a } = await rig.connected();
      expect(await a.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      expect([await a.shutdown("SHUT_WR"), await a.shutdown("SHUT_RD"), await a.shutdown("SHUT_RDWR")]).toEqual([
        0, 0, 0,
      ]);
      for (const s of [a, l, c]) expect(await s.close()).toBe(0);
      const [plain, reuse] = [await rig.tcp(), await rig.tcp()];
      expect(await reuse.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
      expect([await plain.bind(lo(l.port)), await reuse.bind(lo(l.port)), await reuse.bindNull(0)]).toEqual([
        "EADDRINUSE",
        0,
        0,
      ]);
      await rig.sleep(61);
      expect(await plain.bind(lo(l.port))).toBe(0);
    },
  ),

  story("S3.5", "connect: a waiting error, then the address, then the state", async (rig) => {
    const fresh = await refused(rig);
    expect([await fresh.connect(new Uint8Array(3)), await fresh.connect(new Uint8Array(3))]).toEqual([
      "ECONNREFUSED",
      "EINVAL",
    ]);
    const l = await rig.listener();
    const { c } = await rig.connected();
    const going = await connecting(rig);
    const wrong = (family: number): Uint8Array => {
      const address = lo(9);
      address[0] = family;
      return address;
    };
    for (const s of [l, c, going, await rig.tcp()])
      expect([
        await s.connect(new Uint8Array(3)),
        await s.connect(wrong(77)),
        await s.connect(lo(0)),
        await s.connect(lo(9).subarray(0, 15)),
        await s.connect(unspecified),
        await s.connectNull(0),
        await s.connectNull(16),
      ]).toEqual([
        expect.stringMatching(/EINVAL|EAFNOSUPPORT/),
        "EAFNOSUPPORT",
        "EADDRNOTAVAIL",
        "EINVAL",
        "EINVAL",
        "EINVAL",
        "EFAULT",
      ]);
    expect([await l.connect(lo(9)), await c.connect(lo(9)), await going.connect(lo(9))]).toEqual([
      "EOPNOTSUPP",
      "EISCONN",
      "EALREADY",
    ]);
  }),

  story("S3.5", "what a reset leaves waiting is told by connect, before its address is looked at", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.setLinger(1, 0)).toBe(0);
    expect(await a.close()).toBe(0);
    await rig.still();
    expect(await c.connect(new Uint8Array(1))).toBe("ECONNRESET");
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect([await c.send("x"), await c.recv(1)]).toEqual(["EPIPE", ""]);
  }),

  story("S3.5", "the same local port to the same peer twice is EADDRINUSE, to another peer 0", async (rig) => {
    const [one, two] = [await rig.listener(), await rig.listener()];
    const port = rig.port();
    const make = async (): Promise<Sock> => {
      const s = await rig.tcp();
      expect(await s.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
      expect(await s.bind(lo(port))).toBe(0);
      return s;
    };
    const x = await make();
    expect(await x.connect(lo(one.port))).toBe(0);
    const y = await make();
    expect(await y.connect(lo(one.port))).toBe("EADDRINUSE");
    expect(await y.connect(lo(two.port))).toBe(0);
    expect([await y.connect(lo(two.port)), await x.connect(lo(two.port))]).toEqual(["EISCONN", "EISCONN"]);
  }),

  story(
    "S3.5 D17 D18",
    "no connection to oneself, nor to port 0 of any address; 0.0.0.0 with a port is the own host",
    async (rig) => {
      const l = await rig.listener();
      const s = await rig.tcp();
      const port = rig.port();
      expect(await s.bind(lo(port))).toBe(0);
      expect([
        await s.connect(lo(port)),
        await s.connect(any(0)),
        await s.connect(at(RAW_HOST, 0)),
        await s.connect(any(l.port)),
      ]).toEqual(["EADDRNOTAVAIL", "EADDRNOTAVAIL", "EADDRNOTAVAIL", 0]);
      expect(await s.peername()).toEqual(lo(l.port));
    },
  ),
];
