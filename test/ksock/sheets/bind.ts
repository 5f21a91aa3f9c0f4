import { expect } from "@jest/globals";
import * as C from "../../../services/ksock/constants.ts";
import { KSOCKET_NOSLEEP, KSOCKET_SLEEP } from "../../../services/ksock/constants.ts";
import { CRED } from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import { any, at, AF_INET, AF_INET6, FIRST_ANONYMOUS, hostOf, IPV6, lo, portOf, SO } from "../cases/words.ts";

/** An address whose family is another number. */
function ofFamily(address: Uint8Array, family: number): Uint8Array {
  const other = address.slice();
  other[0] = family;
  return other;
}

/** An address of another length. */
function ofLength(address: Uint8Array, length: number): Uint8Array {
  const other = new Uint8Array(length);
  other.set(address.subarray(0, length));
  return other;
}

/** A second socket at a port that a first one has. */
async function second(
  rig: Rig,
  first: readonly [string, number],
  then: readonly [string, number],
  kind: "tcp" | "udp" = "tcp",
) {
  const port = rig.port();
  const [s, t] = [await rig[kind](), await rig[kind]()];
  if (first[1] !== 0) expect(await s.set(SO.LEVEL, first[1], 1)).toBe(0);
  if (then[1] !== 0) expect(await t.set(SO.LEVEL, then[1], 1)).toBe(0);
  expect(await s.bind(at(first[0], port))).toBe(0);
  const end = await t.bind(at(then[0], port));
  for (const one of [s, t]) await one.close();
  return end;
}

const WILD = "0.0.0.0";
const LO = "127.0.0.1";
const NET = "10.0.0.1";

/** Sections 3.1 and 3.2, sentence by sentence. */
export const BIND: readonly Case[] = [
  story("3.1", "each triple of numbers is a pair that there is, or the grade of the best match", async (rig) => {
    const wrong: unknown[] = [];
    for (const domain of [0, 1, 2, 3, 26, 255, -1, 10])
      for (const type of [0, 1, 2, 5, 6, 3, -1, 0x100002])
        for (const protocol of [0, 6, 17, 99, 41, 1000, -1]) {
          const [error, s] = await rig.create(domain, type, protocol);
          const isFamily = domain === 2 || domain === 26;
          const isPair = (type === 2 && [0, 6].includes(protocol)) || (type === 1 && [0, 17].includes(protocol));
          const known = [0, 6, 17].includes(protocol);
          const wanted = !isFamily ? "EAFNOSUPPORT" : isPair ? 0 : known ? "EPROTOTYPE" : "EPROTONOSUPPORT";
          if (error !== wanted || (s === null) !== (error !== 0)) wrong.push([domain, type, protocol, error, wanted]);
        }
    expect(wrong).toEqual([]);
  }),

  story("3.1", "both flags of the later name make sockets; it has the family, type and protocol", async (rig) => {
    for (const flags of [KSOCKET_SLEEP, KSOCKET_NOSLEEP])
      for (const [domain, type, protocol] of [
        [AF_INET, C.SOCK_STREAM, 6],
        [AF_INET6, C.SOCK_DGRAM, 17],
      ] as const) {
        const [error, s] = await rig.k.ksocket_socket(domain, type, protocol, flags, CRED());
        expect(error).toBe(0);
        const got = [];
        for (const name of [SO.DOMAIN, SO.TYPE, SO.PROTOTYPE]) {
          const [, value] = await rig.k.ksock_getsockopt(s, SO.LEVEL, name, 4);
          got.push(value[0]);
        }
        expect(got).toEqual([domain, type, protocol]);
        expect(await rig.k.ksock_close(s)).toEqual([0, undefined]);
      }
  }),

  story("3.2", "lengths and families that a socket may be bound to, in the order of checks", async (rig) => {
    const v4 = lo(rig.port());
    const v6 = lo(rig.port(), AF_INET6);
    const s = await rig.tcp();
    const six = await rig.tcp(AF_INET6);
    const lengths = [2, 3, 8, 15, 17, 32];
    const got = [];
    for (const length of lengths) got.push(await s.bind(ofLength(v4, length)));
    expect(got).toEqual(lengths.map(() => "EINVAL"));
    const got6 = [];
    for (const length of [2, 16, 28, 31, 33]) got6.push(await six.bind(ofLength(v6, length)));
    expect(got6).toEqual(["EINVAL", "EINVAL", "EINVAL", "EINVAL", "EINVAL"]);
    expect([
      await six.bind(v4),
      await six.bind(ofLength(v4, 32)),
      await six.bind(ofFamily(v6, 1)),
      await s.bind(v6),
      await s.bind(ofLength(ofFamily(v4, 1), 15)),
      await s.bind(ofLength(ofFamily(v4, 0), 32)),
    ]).toEqual(Array.from({ length: 6 }, () => "EAFNOSUPPORT"));
    expect(hostOf(await s.sockname())).toBe("0.0.0.0");
    for (const family of [0, 1, AF_INET6, 77]) {
      const t = await rig.tcp();
      const port = rig.port();
      expect(await t.bind(ofFamily(lo(port), family))).toBe(0);
      expect(await t.sockname()).toEqual(lo(port));
    }
  }),

  story(
    "3.2",
    "an empty address is EINVAL; a wrong family of the right length binds a datagram socket too",
    async (rig) => {
      const [s, u] = [await rig.tcp(), await rig.udp()];
      expect([await s.bind(new Uint8Array(0)), await u.bind(new Uint8Array(0))]).toEqual(["EINVAL", "EINVAL"]);
      expect(await u.bind(ofFamily(lo(rig.port()), 0))).toBe(0);
    },
  ),

  story("3.2", "of two errors that apply the first of the table is told", async (rig) => {
    const s = await rig.tcp();
    expect(await s.bind(lo(rig.port()))).toBe(0);
    const { c, l, a } = await rig.connected();
    expect([
      await s.bind(lo(rig.port(), AF_INET6)), // family before state
      await s.bind(at("192.0.2.9", rig.port())), // state before the address
      await s.bind(lo(l.port)), // state before the port
      await c.bind(lo(rig.port(), AF_INET6)),
      await c.bind(at("192.0.2.9", 1)),
      await l.bind(lo(rig.port())),
      await a.bind(lo(rig.port())),
    ]).toEqual(["EAFNOSUPPORT", "EINVAL", "EINVAL", "EAFNOSUPPORT", "EINVAL", "EINVAL", "EINVAL"]);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect([await c.bind(lo(1, AF_INET6)), await c.bind(null), await c.bind(lo(rig.port()))]).toEqual([
      "EINVAL",
      "EINVAL",
      "EINVAL",
    ]);
  }),

  story("3.2", "an address that is not local is EADDRNOTAVAIL before its port is busy, mapped too", async (rig) => {
    const l = await rig.listener(1, WILD);
    const got = [];
    for (const host of ["192.0.2.9", "10.0.0.2", "8.8.8.8"]) {
      const [s, u] = [await rig.tcp(), await rig.udp()];
      const six = await rig.tcp(AF_INET6);
      got.push(await s.bind(at(host, l.port)), await u.bind(at(host, l.port)));
      got.push(await six.bind(at(host, rig.port(), AF_INET6)));
    }
    expect(got).toEqual(Array.from({ length: 9 }, () => "EADDRNOTAVAIL"));
  }),

  story("3.2", "a bind that failed leaves the socket as it was, and another may follow", async (rig) => {
    const l = await rig.listener();
    for (const kind of ["tcp", "udp"] as const) {
      const s = await rig[kind]();
      if (kind === "tcp") expect(await s.bind(lo(l.port))).toBe("EADDRINUSE");
      expect(await s.bind(at("192.0.2.9", 1))).toBe("EADDRNOTAVAIL");
      expect(portOf(await s.sockname())).toBe(0);
      const port = rig.port();
      expect(await s.bind(lo(port))).toBe(0);
      expect(await s.sockname()).toEqual(lo(port));
    }
  }),

  story(
    "3.2",
    "unbinding: below LISTEN 0, else EINVAL; the port is free at once, and the socket binds again",
    async (rig) => {
      const s = await rig.tcp();
      expect(await s.bind(null)).toBe(0);
      const port = rig.port();
      expect(await s.bind(lo(port))).toBe(0);
      expect(await s.bind(null)).toBe(0);
      expect(await s.sockname()).toEqual(any(0));
      const other = await rig.tcp();
      expect(await other.bind(lo(port))).toBe(0);
      expect(await s.bind(lo(rig.port()))).toBe(0);
      const { c, l, a } = await rig.connected();
      expect([await c.bind(null), await l.bind(null), await a.bind(null)]).toEqual(["EINVAL", "EINVAL", "EINVAL"]);
      expect(await s.listen(1)).toBe(0);
      expect(await s.bind(null)).toBe("EINVAL");
      const r = rig.raw();
      const d = await rig.tcp();
      await d.nonblocking();
      expect(await d.connect(at("10.0.0.99", r.port))).toBe("EINPROGRESS");
      expect([await d.bind(lo(rig.port())), await d.listen(1)]).toEqual(["EINVAL", "EINVAL"]);
      expect(await (await rig.tcp()).bindNull(16)).toBe("EFAULT");
    },
  ),

  story("3.2", "port 0 is an anonymous one for both kinds and both families, each time another", async (rig) => {
    const ports = new Set<string>();
    for (const family of [AF_INET, AF_INET6])
      for (const kind of ["tcp", "udp"] as const)
        for (const address of [lo(0, family), any(0, family)]) {
          const s = await rig[kind](family);
          expect(await s.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
          expect(await s.bind(address)).toBe(0);
          const name = await s.sockname();
          expect(name.length).toBe(family === AF_INET ? 16 : 32);
          expect(portOf(name)).toBeGreaterThanOrEqual(FIRST_ANONYMOUS);
          expect(hostOf(name)).toBe(hostOf(address));
          ports.add(`${kind} ${portOf(name)}`);
          expect(await s.bind(address)).toBe("EINVAL");
        }
    expect(ports.size).toBe(8);
  }),

  story("3.2", "ports of TCP: who conflicts with whom", async (rig) => {
    const { REUSEADDR, EXCLBIND } = SO;
    const got = {
      "same, nothing": await second(rig, [LO, 0], [LO, 0]),
      "same, reuse": await second(rig, [LO, 0], [LO, REUSEADDR]),
      "same, both reuse": await second(rig, [LO, REUSEADDR], [LO, REUSEADDR]),
      "wild then specific": await second(rig, [WILD, 0], [LO, 0]),
      "specific then wild": await second(rig, [LO, 0], [WILD, 0]),
      "wild then specific, reuse": await second(rig, [WILD, 0], [LO, REUSEADDR]),
      "specific then wild, reuse": await second(rig, [LO, 0], [WILD, REUSEADDR]),
      "only the first has reuse": await second(rig, [WILD, REUSEADDR], [LO, 0]),
      "wild and wild, reuse": await second(rig, [WILD, REUSEADDR], [WILD, REUSEADDR]),
      "two addresses": await second(rig, [LO, 0], [NET, 0]),
      "two addresses, exclusive": await second(rig, [LO, EXCLBIND], [NET, EXCLBIND]),
      "exclusive wild then specific, reuse": await second(rig, [WILD, EXCLBIND], [LO, REUSEADDR]),
      "wild then exclusive specific": await second(rig, [WILD, REUSEADDR], [LO, EXCLBIND]),
    };
    const busy = "EADDRINUSE";
    expect(Object.values(got)).toEqual([busy, busy, busy, busy, busy, 0, 0, busy, busy, 0, 0, busy, busy]);
  }),

  story(
    "3.2",
    "ports of UDP: with SO_REUSEADDR an explicit port may be had twice, but for exclusive ones",
    async (rig) => {
      const { REUSEADDR, EXCLBIND } = SO;
      const got = [
        await second(rig, [LO, 0], [LO, 0], "udp"),
        await second(rig, [LO, REUSEADDR], [LO, REUSEADDR], "udp"),
        await second(rig, [LO, 0], [LO, REUSEADDR], "udp"),
        await second(rig, [LO, REUSEADDR], [LO, 0], "udp"),
        await second(rig, [LO, EXCLBIND], [LO, REUSEADDR], "udp"),
        await second(rig, [LO, REUSEADDR], [LO, EXCLBIND], "udp"),
        await second(rig, [WILD, 0], [LO, REUSEADDR], "udp"),
        await second(rig, [LO, 0], [NET, 0], "udp"),
      ];
      const busy = "EADDRINUSE";
      expect(got).toEqual([busy, 0, 0, busy, busy, busy, 0, 0]);
    },
  ),

  story("3.2", "an established user of a port is in the way without SO_REUSEADDR, and with it not", async (rig) => {
    const { c, l, a } = await rig.connected();
    expect(await l.close()).toBe(0);
    const [plain, reuse] = [await rig.tcp(), await rig.tcp()];
    expect(await plain.bind(lo(l.port))).toBe("EADDRINUSE");
    expect(await reuse.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
    expect(await reuse.bind(lo(l.port))).toBe(0);
    expect(await reuse.listen(1)).toBe(0);
    expect(await c.send("still")).toBe(5);
    expect(await a.recv(9)).toBe("still");
  }),

  story(
    "3.2",
    "spaces of ports: TCP and UDP, IPv4 and explicit IPv6; a dual-stack wildcard is in both",
    async (rig) => {
      const port = rig.port();
      const [t, u] = [await rig.tcp(), await rig.udp()];
      expect([await t.bind(lo(port)), await u.bind(lo(port))]).toEqual([0, 0]);
      const [t6, u6] = [await rig.tcp(AF_INET6), await rig.udp(AF_INET6)];
      expect([await t6.bind(lo(port, AF_INET6)), await u6.bind(lo(port, AF_INET6))]).toEqual([0, 0]);
      const [m6, w6, only] = [await rig.tcp(AF_INET6), await rig.tcp(AF_INET6), await rig.tcp(AF_INET6)];
      expect(await m6.bind(at(LO, port, AF_INET6))).toBe("EADDRINUSE");
      const other = rig.port();
      const w = await rig.tcp();
      expect(await w.bind(any(other))).toBe(0);
      expect(await w6.bind(any(other, AF_INET6))).toBe("EADDRINUSE");
      expect(await only.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
      expect(await only.bind(any(other, AF_INET6))).toBe(0);
      const v6only = await rig.tcp(AF_INET6);
      expect(await v6only.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
      expect(await v6only.bind(at(LO, rig.port(), AF_INET6))).toBe("EADDRNOTAVAIL");
      const mapped = await rig.tcp(AF_INET6);
      const free = rig.port();
      expect(await mapped.bind(at(LO, free, AF_INET6))).toBe(0);
      expect(await mapped.sockname()).toEqual(at(LO, free, AF_INET6));
    },
  ),

  story("3.2", "listeners at 127.0.0.1 and at ::1 with one port: each gets its own clients", async (rig) => {
    const port = rig.port();
    const [four, six] = [await rig.tcp(), await rig.tcp(AF_INET6)];
    expect([await four.bind(lo(port)), await four.listen(3)]).toEqual([0, 0]);
    expect([await six.bind(lo(port, AF_INET6)), await six.listen(3)]).toEqual([0, 0]);
    const [c4, c6] = [await rig.tcp(), await rig.tcp(AF_INET6)];
    expect(await c4.connect(lo(port))).toBe(0);
    expect(await c6.connect(lo(port, AF_INET6))).toBe(0);
    expect((await four.accept()).from).toEqual(await c4.sockname());
    expect((await six.accept()).from).toEqual(await c6.sockname());
  }),

  story("3.2", "a privileged port is open to the primary names, and a pending error is not looked at", async (rig) => {
    for (const kind of ["tcp", "udp"] as const) {
      const s = await rig[kind]();
      expect(await s.bind(lo(1))).toBe(0);
      await s.close();
    }
  }),
];
