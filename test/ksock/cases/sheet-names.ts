import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { AF_INET, AF_INET6, any, at, lo, IPV6, portOf, SO, SOCK_DGRAM, SOCK_STREAM } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** What `bind` answers a second socket, by what both said before. */
const CONFLICTS: readonly {
  readonly kind: "tcp" | "udp";
  readonly first: "lo" | "any";
  readonly second: "lo" | "any";
  /** What the first and the second have on. */
  readonly has: readonly ["" | "reuse" | "excl", "" | "reuse" | "excl"];
  readonly listens?: true;
  readonly end: 0 | "EADDRINUSE";
}[] = [
  { kind: "tcp", first: "lo", second: "lo", has: ["", ""], end: "EADDRINUSE" },
  { kind: "tcp", first: "any", second: "lo", has: ["", ""], end: "EADDRINUSE" },
  { kind: "tcp", first: "lo", second: "any", has: ["", ""], end: "EADDRINUSE" },
  { kind: "tcp", first: "any", second: "lo", has: ["", "reuse"], end: 0 },
  { kind: "tcp", first: "lo", second: "any", has: ["", "reuse"], end: 0 },
  { kind: "tcp", first: "lo", second: "lo", has: ["reuse", "reuse"], end: "EADDRINUSE" },
  { kind: "tcp", first: "lo", second: "lo", has: ["reuse", "reuse"], listens: true, end: "EADDRINUSE" },
  { kind: "tcp", first: "any", second: "lo", has: ["excl", "reuse"], end: "EADDRINUSE" },
  { kind: "tcp", first: "any", second: "lo", has: ["reuse", "excl"], end: "EADDRINUSE" },
  { kind: "udp", first: "lo", second: "lo", has: ["", ""], end: "EADDRINUSE" },
  { kind: "udp", first: "any", second: "lo", has: ["", ""], end: "EADDRINUSE" },
  { kind: "udp", first: "lo", second: "lo", has: ["reuse", "reuse"], end: 0 },
  { kind: "udp", first: "any", second: "lo", has: ["reuse", "reuse"], end: 0 },
  { kind: "udp", first: "lo", second: "lo", has: ["excl", "reuse"], end: "EADDRINUSE" },
];

/** Sections 3.1 to 3.3, and 3.10. */
export const SHEET_NAMES: readonly Case[] = [
  story("S3.1", "every pair of type and protocol of both families is a socket", async (rig) => {
    for (const family of [AF_INET, AF_INET6])
      for (const [type, protocol] of [
        [SOCK_STREAM, 0],
        [SOCK_STREAM, 6],
        [SOCK_DGRAM, 0],
        [SOCK_DGRAM, 17],
      ] as const) {
        const [error, s] = await rig.create(family, type, protocol);
        expect([error, s === null]).toEqual([0, false]);
      }
  }),

  story(
    "S3.1",
    "what is no pair: EPROTOTYPE where the family knows the protocol, else EPROTONOSUPPORT; else EAFNOSUPPORT",
    async (rig) => {
      const [AF_UNIX, AF_NCA] = [1, 28];
      for (const [domain, type, protocol, errno] of [
        [AF_UNIX, SOCK_STREAM, 0, "EAFNOSUPPORT"],
        [AF_NCA, SOCK_STREAM, 0, "EAFNOSUPPORT"],
        [-1, SOCK_STREAM, 0, "EAFNOSUPPORT"],
        [10, SOCK_STREAM, 0, "EAFNOSUPPORT"],
        [AF_INET6, SOCK_STREAM, 17, "EPROTOTYPE"],
        [AF_INET6, SOCK_DGRAM, 6, "EPROTOTYPE"],
        [AF_INET, 5, 17, "EPROTOTYPE"],
        [AF_INET, 6, 0, "EPROTOTYPE"],
        [AF_INET6, SOCK_DGRAM, 99, "EPROTONOSUPPORT"],
        [AF_INET, 99, 99, "EPROTONOSUPPORT"],
        [AF_INET, SOCK_STREAM, 255, "EPROTONOSUPPORT"],
      ] as const)
        expect([domain, type, protocol, await rig.create(domain, type, protocol)]).toEqual([
          domain,
          type,
          protocol,
          [errno, null],
        ]);
    },
  ),

  story("S3.2", "bind: family and length, of AF_INET and of AF_INET6", async (rig) => {
    const four = await rig.tcp();
    // Another family and another length.
    expect(await four.bind(lo(rig.port(), AF_INET6))).toBe("EAFNOSUPPORT");
    expect(await four.bind(new Uint8Array(2))).toBe("EAFNOSUPPORT");
    const six = await rig.tcp(AF_INET6);
    expect(await six.bind(lo(rig.port()))).toBe("EAFNOSUPPORT");
    const disguised = lo(rig.port(), AF_INET6);
    disguised[0] = AF_INET;
    expect(await six.bind(disguised)).toBe("EAFNOSUPPORT");
    for (const length of [8, 16, 28, 31]) {
      const cut = lo(rig.port(), AF_INET6).subarray(0, length);
      expect(await six.bind(cut)).toBe("EINVAL");
    }
    expect(await six.bind(lo(rig.port(), AF_INET6))).toBe(0);
  }),

  story("S3.2", "bind: bound, connected and listening sockets are EINVAL", async (rig) => {
    const { c, l, a } = await rig.connected();
    for (const s of [c, l, a]) expect(await s.bind(lo(rig.port()))).toBe("EINVAL");
    const u = await rig.udp();
    expect(await u.connect(lo(rig.port()))).toBe(0);
    expect(await u.bind(lo(rig.port()))).toBe("EINVAL");
    const connecting = await rig.tcp();
    await connecting.nonblocking();
    expect(await connecting.connect(at(RAW_HOST, rig.port()))).toBe("EINPROGRESS");
    expect(await connecting.bind(lo(rig.port()))).toBe("EINVAL");
  }),

  story("S3.2", "bind: NULL unbinds what does not listen", async (rig) => {
    const s = await rig.tcp();
    expect(await s.bind(null)).toBe(0);
    const port = rig.port();
    expect(await s.bind(lo(port))).toBe(0);
    expect(await s.bind(null)).toBe(0);
    expect(portOf(await s.sockname())).toBe(0);
    const other = await rig.tcp();
    expect(await other.bind(lo(port))).toBe(0);
    expect(await s.bind(lo(rig.port()))).toBe(0);
    const l = await rig.listener();
    expect(await l.bind(null)).toBe("EINVAL");
  }),

  story("S3.2", "bind: ports below 1024 are everybody's, for modules are the kernel", async (rig) => {
    const s = await rig.tcp();
    expect(await s.bind(lo(77))).toBe(0);
    const u = await rig.udp();
    expect(await u.bind(lo(77))).toBe(0);
  }),

  story("S3.2", "bind: TCP and UDP have port spaces of their own", async (rig) => {
    const port = rig.port();
    const [s, u] = [await rig.tcp(), await rig.udp()];
    expect(await s.bind(lo(port))).toBe(0);
    expect(await u.bind(lo(port))).toBe(0);
  }),

  ...CONFLICTS.map(({ kind, first, second, has, listens, end }) =>
    story(
      "S3.2",
      `bind of ${kind}: ${first} with ${has[0] || "nothing"}${listens === true ? ", listening" : ""}, then ${second} with ${has[1] || "nothing"}: ${end}`,
      async (rig) => {
        const port = rig.port();
        const made = [await rig[kind](), await rig[kind]()] as const;
        for (const [i, s] of made.entries()) {
          if (has[i] === "reuse") expect(await s.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
          if (has[i] === "excl") expect(await s.set(SO.LEVEL, SO.EXCLBIND, 1)).toBe(0);
        }
        const address = { lo, any };
        expect(await made[0].bind(address[first](port))).toBe(0);
        if (listens === true) expect(await made[0].listen(1)).toBe(0);
        expect(await made[1].bind(address[second](port))).toBe(end);
      },
    ),
  ),

  story("S3.2", "bind: with SO_REUSEADDR a port that only connections use is free", async (rig) => {
    const { c, l } = await rig.connected();
    expect(await l.close()).toBe(0);
    const plain = await rig.tcp();
    expect(await plain.bind(lo(l.port))).toBe("EADDRINUSE");
    expect(await plain.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
    expect(await plain.bind(lo(l.port))).toBe(0);
    expect(await plain.listen(1)).toBe(0);
    expect(await c.send("still there")).toBe(11);
  }),

  story("S3.3", "listen: connecting, connected and closing sockets are EINVAL", async (rig) => {
    const connecting = await rig.tcp();
    await connecting.nonblocking();
    expect(await connecting.connect(at(RAW_HOST, rig.port()))).toBe("EINPROGRESS");
    expect(await connecting.listen(1)).toBe("EINVAL");
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    for (const s of [c, a]) expect(await s.listen(1)).toBe("EINVAL");
  }),

  story("S3.3", "listen once more changes the limit, and keeps who waits", async (rig) => {
    const l = await rig.listener(2);
    const clients = [];
    for (let i = 0; i < 4; i++) {
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      clients.push(c);
    }
    expect(await l.listen(0)).toBe(0);
    const late = await rig.tcp();
    await late.nonblocking();
    expect(await late.connect(lo(l.port))).toBe("EINPROGRESS");
    await rig.still();
    expect(await late.connect(lo(l.port))).toBe("EALREADY");
    for (const c of clients) expect((await l.accept()).from).toEqual(await c.sockname());
    await late.watch();
    await late.until("connected");
    expect(await l.listen(10)).toBe(0);
  }),

  story("S3.10", "getsockname of every state", async (rig) => {
    const { c, a, l } = await rig.connected();
    for (const [s, port] of [
      [l, l.port],
      [a, l.port],
    ] as const)
      expect(await s.sockname()).toEqual(lo(port));
    expect(portOf(await c.sockname())).toBe(portOf(await a.peername()));
    const chosen = await rig.toRaw();
    const name = await chosen.c.sockname();
    expect([...name.subarray(4, 8)]).toEqual([10, 0, 0, 1]);
    // A reset unbinds it.
    await chosen.r.rst();
    await chosen.c.until("disconnected(ECONNRESET)");
    expect([...(await chosen.c.sockname()).subarray(2, 8)]).toEqual([0, 0, 0, 0, 0, 0]);
  }),

  story("S3.10", "getpeername of every state", async (rig) => {
    const u = await rig.udp();
    const connecting = await rig.tcp();
    await connecting.nonblocking();
    expect(await connecting.connect(at(RAW_HOST, rig.port()))).toBe("EINPROGRESS");
    const failed = await rig.tcp();
    expect(await failed.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    for (const s of [u, connecting, failed, await rig.listener()]) expect(await s.tryPeername(16)).toBe("ENOTCONN");
    const { c, a } = await rig.connected();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await c.until("recv(0)");
    expect(await c.tryPeername(16)).toBe(0);
    expect(await a.tryPeername(16)).toBe("EINVAL");
    const six = await rig.tcp(AF_INET6);
    const listener = await rig.tcp(AF_INET6);
    const port = rig.port();
    expect(await listener.bind(lo(port, AF_INET6))).toBe(0);
    expect(await listener.listen(1)).toBe(0);
    expect(await six.connect(lo(port, AF_INET6))).toBe(0);
    expect(await six.tryPeername(31)).toBe("EINVAL");
    expect(await six.peername()).toEqual(lo(port, AF_INET6));
  }),

  story("S3.10", "NULL with a length of 0 is a name that is too short, with another length EFAULT", async (rig) => {
    const { c } = await rig.connected();
    for (const length of [1, 16, 32]) {
      expect(await c.trySockname(length, true)).toBe("EFAULT");
      expect(await c.tryPeername(length, true)).toBe("EFAULT");
    }
    expect(await c.trySockname(null, true)).toBe("EFAULT");
  }),

  story("S3.2", "an AF_INET6 socket speaks ::, ::1 and mapped addresses, and nothing else", async (rig) => {
    const elsewhere = lo(rig.port(), AF_INET6);
    elsewhere.set([0x20, 0x01, 0x0d, 0xb8], 8);
    const s = await rig.tcp(AF_INET6);
    expect(await s.bind(elsewhere)).toBe("EADDRNOTAVAIL");
    expect(await s.connect(elsewhere)).toBe("ENETUNREACH");
    const l = await rig.listener();
    const mapped = await rig.tcp(AF_INET6);
    expect(await mapped.connect(at("127.0.0.1", l.port, AF_INET6))).toBe(0);
    const a = await l.accept();
    expect(await mapped.send("through")).toBe(7);
    expect(await a.recv(64)).toBe("through");
    const only = await rig.tcp(AF_INET6);
    expect(await only.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
    expect(await only.connect(lo(l.port))).toBe("EAFNOSUPPORT");
  }),
];
