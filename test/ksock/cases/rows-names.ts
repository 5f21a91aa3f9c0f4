import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { AF_INET, AF_INET6, any, at, FIRST_ANONYMOUS, hostOf, lo, portOf, SO, SOCK_STREAM } from "./sock.ts";

/** Creating, binding, names, listening. */
export const ROWS_NAMES: readonly Case[] = [
  story("C001", "a family that does not exist: EAFNOSUPPORT, and there is no socket", async (rig) => {
    expect(await rig.create(0, SOCK_STREAM, 0)).toEqual(["EAFNOSUPPORT", null]);
    expect(await rig.create(77, SOCK_STREAM, 0)).toEqual(["EAFNOSUPPORT", null]);
  }),

  story("C004", "bind with the length 3 is EINVAL", async (rig) => {
    const s = await rig.tcp();
    expect(await s.bind(lo(rig.port()).subarray(0, 3))).toBe("EINVAL");
    expect(await s.bind(lo(rig.port()).subarray(0, 15))).toBe("EINVAL");
    const long = new Uint8Array(17);
    long.set(lo(rig.port()));
    expect(await s.bind(long)).toBe("EINVAL");
    expect(await s.bind(lo(rig.port()))).toBe(0);
  }),

  story("C005", "bind to port 0 takes an anonymous port", async (rig) => {
    for (const s of [await rig.tcp(), await rig.udp()]) {
      expect(await s.bind(lo(0))).toBe(0);
      const port = portOf(await s.sockname());
      expect(port).toBeGreaterThanOrEqual(FIRST_ANONYMOUS);
      expect(port).toBeLessThanOrEqual(65_535);
    }
  }),

  story("C006", "an address that is not local is EADDRNOTAVAIL", async (rig) => {
    for (const s of [await rig.tcp(), await rig.udp()]) {
      expect(await s.bind(at("192.0.2.77", rig.port()))).toBe("EADDRNOTAVAIL");
      expect(await s.bind(lo(rig.port()))).toBe(0);
    }
  }),

  story("C008", "TCP over both families: bind, listen, connect, accept, and two messages", async (rig) => {
    for (const family of [AF_INET, AF_INET6]) {
      for (const address of [lo, any]) {
        const port = rig.port();
        const l = await rig.tcp(family);
        expect(await l.bind(address(port, family))).toBe(0);
        expect(await l.listen(1)).toBe(0);
        const c = await rig.tcp(family);
        expect(await c.connect(lo(port, family))).toBe(0);
        const a = await l.accept();
        expect(await c.send("ping")).toBe(4);
        expect(await a.recv(64)).toBe("ping");
        expect(await a.send("pong")).toBe(4);
        expect(await c.recv(64)).toBe("pong");
        for (const s of [c, a, l]) expect(await s.close()).toBe(0);
      }
    }
  }),

  story("C009", "UDP over both families, wildcards too: bind, connect, and an exchange", async (rig) => {
    for (const family of [AF_INET, AF_INET6]) {
      for (const address of [lo, any]) {
        const port = rig.port();
        const server = await rig.udp(family);
        expect(await server.bind(address(port, family))).toBe(0);
        const client = await rig.udp(family);
        expect(await client.connect(lo(port, family))).toBe(0);
        expect(await client.send("ping")).toBe(4);
        const { data, addr } = await server.recvfrom(64);
        expect(data).toBe("ping");
        expect(portOf(addr)).toBe(portOf(await client.sockname()));
        expect(await server.connect(addr)).toBe(0);
        expect(await server.send("pong")).toBe(4);
        expect(await client.recv(64)).toBe("pong");
      }
    }
  }),

  story("C010", "a second bind is EINVAL, for UDP and for TCP", async (rig) => {
    for (const s of [await rig.udp(), await rig.tcp()]) {
      expect(await s.bind(lo(rig.port()))).toBe(0);
      expect(await s.bind(lo(rig.port()))).toBe("EINVAL");
    }
  }),

  story("C011", "an address and port that are taken: EADDRINUSE", async (rig) => {
    for (const kind of ["udp", "tcp"] as const) {
      const port = rig.port();
      const first = await rig[kind]();
      const second = await rig[kind]();
      expect(await first.bind(lo(port))).toBe(0);
      expect(await second.bind(lo(port))).toBe("EADDRINUSE");
      expect(await second.bind(any(port))).toBe("EADDRINUSE");
      expect(await second.bind(lo(rig.port()))).toBe(0);
    }
  }),

  story("C014 D4", "getsockname: NULL is EFAULT, and a short length EINVAL, without a truncated copy", async (rig) => {
    const s = await rig.tcp();
    expect(await s.bind(lo(rig.port()))).toBe(0);
    expect(await s.trySockname(null)).toBe("EFAULT");
    for (const length of [0, 1, 15]) expect(await s.trySockname(length)).toBe("EINVAL");
    expect(await s.trySockname(16)).toBe(0);
    expect(await s.trySockname(64)).toBe(0);
  }),

  story("C015", "getpeername: unconnected ENOTCONN, short EINVAL, NULL EFAULT", async (rig) => {
    const fresh = await rig.tcp();
    expect(await fresh.tryPeername(16)).toBe("ENOTCONN");
    const { c, l } = await rig.connected();
    expect(await l.tryPeername(16)).toBe("ENOTCONN");
    expect(await c.tryPeername(15)).toBe("EINVAL");
    expect(await c.tryPeername(null)).toBe("EFAULT");
    expect(await c.tryPeername(16)).toBe(0);
  }),

  story("C016", "the names of both ends are reciprocal", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.sockname()).toEqual(await a.peername());
    expect(await a.sockname()).toEqual(await c.peername());
    expect(portOf(await a.sockname())).toBe(portOf(await c.peername()));
  }),

  story("C017", "an unbound socket has a name of zeros, of full length", async (rig) => {
    for (const [family, length] of [
      [AF_INET, 16],
      [AF_INET6, 32],
    ] as const) {
      for (const s of [await rig.tcp(family), await rig.udp(family)]) {
        const name = await s.sockname();
        expect(name).toHaveLength(length);
        expect(name[0]).toBe(family);
        expect([...name.subarray(1)].every((byte) => byte === 0)).toBe(true);
      }
    }
  }),

  story("C019", "listen without a bind takes a port, and accepts there", async (rig) => {
    const l = await rig.tcp();
    expect(await l.listen(5)).toBe(0);
    const name = await l.sockname();
    expect(hostOf(name)).toBe("0.0.0.0");
    expect(portOf(name)).toBeGreaterThanOrEqual(FIRST_ANONYMOUS);
    const c = await rig.tcp();
    expect(await c.connect(lo(portOf(name)))).toBe(0);
    const a = await l.accept();
    expect(await a.send("here")).toBe(4);
    expect(await c.recv(64)).toBe("here");
  }),

  story("C020", "listen of a datagram socket is EOPNOTSUPP", async (rig) => {
    const s = await rig.udp();
    expect(await s.listen(1)).toBe("EOPNOTSUPP");
    expect(await s.bind(lo(rig.port()))).toBe(0);
    expect(await s.listen(1)).toBe("EOPNOTSUPP");
  }),

  story("C021", "listen of a connected socket is EINVAL", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.listen(1)).toBe("EINVAL");
    expect(await a.listen(1)).toBe("EINVAL");
  }),

  story(
    "C025",
    "listen(0): one connection completes, the second stays under way until accept makes room",
    async (rig) => {
      const l = await rig.listener(0);
      const first = await rig.tcp();
      expect(await first.connect(lo(l.port))).toBe(0);
      const second = await rig.tcp();
      await second.nonblocking();
      expect(await second.connect(lo(l.port))).toBe("EINPROGRESS");
      await rig.still();
      expect(await second.connect(lo(l.port))).toBe("EALREADY");
      await second.watch();
      await l.accept();
      await second.sees("connected");
      expect(await second.connect(lo(l.port))).toBe("EISCONN");
    },
  ),

  story("C026", "SO_ACCEPTCONN of a listener is 2, and 0 of all others", async (rig) => {
    const { c, l, a } = await rig.connected();
    expect(await l.get(SO.LEVEL, SO.ACCEPTCONN)).toBe(2);
    expect(await c.get(SO.LEVEL, SO.ACCEPTCONN)).toBe(0);
    expect(await a.get(SO.LEVEL, SO.ACCEPTCONN)).toBe(0);
    expect(await l.set(SO.LEVEL, SO.ACCEPTCONN, 1)).toBe("ENOPROTOOPT");
  }),
];
