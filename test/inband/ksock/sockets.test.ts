import { describe, expect, test } from "@jest/globals";
import { at, at6, int, intAt, textOf, world, type Host } from "./harness.ts";

const name = async (host: Host, ks: number): Promise<string> => {
  const said = await host.call("ksock_getsockname", { ks });
  return typeof said === "string" ? said : textOf(said.addr);
};

describe("ksock_socket", () => {
  test("knows two families and two types, and grades what it does not know", async () => {
    const { alpha } = world();
    const ask = (domain: string, type: string, protocol = 0): Promise<unknown> =>
      alpha.call("ksock_socket", { domain, type, protocol });
    expect(await ask("AF_INET", "SOCK_STREAM", 6)).toEqual({ ks: expect.any(Number) });
    expect(await ask("AF_INET6", "1", 17)).toEqual({ ks: expect.any(Number) });
    expect(await ask("26", "2")).toEqual({ ks: expect.any(Number) });
    expect(await ask("AF_UNSPEC", "SOCK_STREAM")).toBe("EAFNOSUPPORT");
    expect(await ask("AF_NCA", "SOCK_STREAM")).toBe("EAFNOSUPPORT");
    expect(await ask("AF_INET", "SOCK_STREAM", 17)).toBe("EPROTOTYPE");
    expect(await ask("AF_INET", "SOCK_DGRAM", 6)).toBe("EPROTOTYPE");
    expect(await ask("AF_INET", "SOCK_RDM")).toBe("EPROTOTYPE");
    expect(await ask("AF_INET", "SOCK_STREAM", 99)).toBe("EPROTONOSUPPORT");
  });
});

describe("ksock_bind", () => {
  test("takes any family with the right length, and gives a port where none is asked for", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    expect(await name(alpha, ks)).toBe("0.0.0.0:0");
    expect(await alpha.call("ksock_bind", { ks, addr: at("127.0.0.1:80").slice(0, 3) })).toBe("EINVAL");
    const odd = at("127.0.0.1:0");
    odd[0] = 77;
    expect(await alpha.call("ksock_bind", { ks, addr: odd.slice(0, 12) })).toBe("EAFNOSUPPORT");
    expect(await alpha.call("ksock_bind", { ks, addr: at("9.9.9.9:0") })).toBe("EADDRNOTAVAIL");
    expect(await alpha.call("ksock_bind", { ks, addr: odd })).toEqual({});
    const port = Number((await name(alpha, ks)).split(":")[1]);
    expect(port).toBeGreaterThanOrEqual(32768);
    expect(await alpha.call("ksock_bind", { ks, addr: at("127.0.0.1:0") })).toBe("EINVAL");
    expect(await alpha.call("ksock_bind", { ks, addrlen: 16 })).toBe("EFAULT");
    expect(await alpha.call("ksock_bind", { ks })).toEqual({});
    expect(await name(alpha, ks)).toBe("0.0.0.0:0");
  });

  test("refuses what overlaps, unless SO_REUSEADDR and SO_EXCLBIND say otherwise", async () => {
    const { alpha } = world();
    const bound = async (domain: string, addr: Uint8Array, options: readonly string[] = []): Promise<unknown> => {
      const ks = await alpha.socket({ type: "SOCK_DGRAM", domain });
      for (const optname of options) await alpha.call("ksock_setsockopt", { ks, optname, optval: int(1) });
      return alpha.call("ksock_bind", { ks, addr });
    };
    expect(await bound("AF_INET", at("127.0.0.1:700"))).toEqual({});
    expect(await bound("AF_INET", at("127.0.0.1:700"))).toBe("EADDRINUSE");
    expect(await bound("AF_INET", at("0.0.0.0:700"))).toBe("EADDRINUSE");
    expect(await bound("AF_INET", at("10.0.0.1:700"))).toEqual({});
    expect(await bound("AF_INET", at("127.0.0.1:700"), ["SO_REUSEADDR"])).toEqual({});
    expect(await bound("AF_INET", at("127.0.0.1:700"), ["SO_REUSEADDR", "SO_EXCLBIND"])).toBe("EADDRINUSE");
    expect(await bound("AF_INET6", at6([0xff, 0xff, 10, 0, 0, 1], 700))).toBe("EADDRINUSE");
    expect(await bound("AF_INET6", at("10.0.0.1:700"))).toBe("EAFNOSUPPORT");
    expect(await bound("AF_INET6", at6([0x20, 1, 2, 3, 4, 5, 6, 7, 8], 700))).toBe("EADDRNOTAVAIL");
  });

  test("an AF_INET6 socket tells ::, ::1 and mapped addresses, in 32 bytes", async () => {
    const { alpha } = world();
    const told = async (addr: Uint8Array | undefined): Promise<unknown> => {
      const ks = await alpha.socket({ domain: "AF_INET6", type: "SOCK_DGRAM" });
      if (addr !== undefined) await alpha.call("ksock_bind", { ks, addr });
      return alpha.call("ksock_getsockname", { ks });
    };
    expect(await told(undefined)).toEqual({ addr: at6([], 0) });
    expect(await told(at6([1], 700))).toEqual({ addr: at6([1], 700) });
    expect(await told(at6([0xff, 0xff, 10, 0, 0, 1], 701))).toEqual({ addr: at6([0xff, 0xff, 10, 0, 0, 1], 701) });
    const ks = await alpha.socket({ domain: "AF_INET6" });
    const v6only = { ks, level: "IPPROTO_IPV6", optname: "IPV6_V6ONLY" };
    expect(await alpha.call("ksock_setsockopt", { ...v6only, optval: int(1) })).toEqual({});
    expect(await alpha.call("ksock_bind", { ks, addr: at6([0xff, 0xff, 10, 0, 0, 1], 80) })).toBe("EADDRNOTAVAIL");
    expect(await alpha.call("ksock_bind", { ks, addr: at6([], 80) })).toEqual({});
    expect(await alpha.call("ksock_setsockopt", { ...v6only, optval: int(0) })).toBe("EINVAL");
  });
});

describe("names", () => {
  test("need a place and a length, and are never cut", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    const ask = (args: object): Promise<unknown> => alpha.call("ksock_getsockname", { ks, ...args });
    const [want_addr, addrlen] = [true, 16];
    expect(await alpha.call("ksock_getsockname", { ks, addrlen: 16 })).toEqual({ addr: at("0.0.0.0:0") });
    expect(await ask({ want_addr, addrlen: undefined })).toBe("EFAULT");
    expect(await ask({ want_addr: false, addrlen })).toBe("EFAULT");
    expect(await ask({ want_addr: false, addrlen: 0 })).toBe("EINVAL");
    expect(await ask({ want_addr, addrlen: 15 })).toBe("EINVAL");
    expect(await alpha.call("ksock_getpeername", { ks, addrlen: 1 })).toBe("ENOTCONN");
  });
});

describe("options", () => {
  test("that are booleans read back as their own number, and everything has illumos' default", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    const get = async (optname: string, level = "SOL_SOCKET"): Promise<unknown> =>
      intAt(await alpha.call("ksock_getsockopt", { ks, optname, level }));
    const set = (optname: string, value: number, level = "SOL_SOCKET"): Promise<unknown> =>
      alpha.call("ksock_setsockopt", { ks, optname, level, optval: int(value) });
    for (const [optname, number] of Object.entries({
      SO_DEBUG: 1,
      SO_REUSEADDR: 4,
      SO_KEEPALIVE: 8,
      SO_OOBINLINE: 256,
    })) {
      expect(await get(optname)).toBe(0);
      expect(await set(optname, 7)).toEqual({});
      expect(await get(optname)).toBe(number);
    }
    expect(await get("SO_SNDBUF")).toBe(128_000);
    expect(await get("SO_RCVBUF")).toBe(1_048_576);
    expect(await get("4104", "65535")).toBe(2);
    expect(await set("SO_TYPE", 1)).toBe("ENOPROTOOPT");
    expect(await set("SO_ACCEPTCONN", 1)).toBe("ENOPROTOOPT");
    expect(await set("SO_SNDBUF", 2 ** 20 + 1)).toBe("ENOBUFS");
    expect(await set("SO_SNDBUF", 65536)).toEqual({});
    expect(await get("SO_SNDBUF")).toBe(65536);
    expect(await set("SO_RCVBUF", 0)).toEqual({});
    expect(await set("SO_RCVBUF", 10_000)).toEqual({});
    expect(await get("SO_RCVBUF")).toBe(19 * 536);
    expect(await get("SO_BINDTODEVICE")).toBe("ENOPROTOOPT");
    expect(await get("SO_TYPE", "77")).toBe("ENOPROTOOPT");
    expect(await set("TCP_NODELAY", 1, "IPPROTO_TCP")).toEqual({});
    expect(await get("TCP_NODELAY", "IPPROTO_TCP")).toBe(1);
    expect(await set("TCP_KEEPIDLE", 0, "IPPROTO_TCP")).toBe("EINVAL");
    expect(await set("TCP_KEEPIDLE", 20, "IPPROTO_TCP")).toEqual({});
    expect(await get("TCP_KEEPALIVE_THRESHOLD", "IPPROTO_TCP")).toBe(20_000);
    expect(await get("IP_TTL", "IPPROTO_IP")).toBe(64);
    expect(await set("IP_TTL", 0, "IPPROTO_IP")).toBe("EINVAL");
    expect(await set("IP_BOUND_IF", 99, "IPPROTO_IP")).toBe("ENXIO");
    expect(await get("IPV6_V6ONLY", "IPPROTO_IPV6")).toBe("ENOPROTOOPT");
  });

  test("have lengths: exact ones to set, at SOL_SOCKET to get, and NULL is none", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    const get = (optname: string, optlen: number | undefined, level = "SOL_SOCKET"): Promise<unknown> =>
      alpha.call("ksock_getsockopt", { ks, optname, level, ...(optlen === undefined ? {} : { optlen }) });
    const set = (args: object): Promise<unknown> =>
      alpha.call("ksock_setsockopt", { ks, optname: "SO_KEEPALIVE", ...args });
    expect(await alpha.call("ksock_getsockopt", { ks, optname: "SO_TYPE", optlen: 3 })).toBe("EINVAL");
    expect(await get("SO_LINGER", 7)).toBe("EINVAL");
    expect(await get("SO_TYPE", 8193)).toBe("EINVAL");
    expect(await get("TCP_NODELAY", 1, "IPPROTO_TCP")).toEqual({ optval: new Uint8Array(1) });
    expect(await set({ optlen: 4 })).toBe("EINVAL");
    expect(await set({ optval: int(1).slice(0, 1), optlen: 1 })).toBe("EINVAL");
    expect(await set({ optname: "IP_TOS", level: "IPPROTO_IP", optval: Uint8Array.of(16), optlen: 1 })).toEqual({});
    expect(await get("IP_TOS", 4, "IPPROTO_IP")).toEqual({ optval: int(16) });
  });

  test("of time are kept in clock ticks, whatever their sign and range; SO_LINGER reads its own number", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    const timeval = (seconds: number, us: number): Uint8Array => {
      const value = new Uint8Array(16);
      const view = new DataView(value.buffer);
      view.setBigInt64(0, BigInt(seconds), true);
      view.setBigInt64(8, BigInt(us), true);
      return value;
    };
    const kept = async (seconds: number, us: number): Promise<unknown> => {
      const optval = timeval(seconds, us);
      await alpha.call("ksock_setsockopt", { ks, optname: "SO_RCVTIMEO", optval, optlen: 16 });
      return alpha.call("ksock_getsockopt", { ks, optname: "SO_RCVTIMEO", optlen: 16 });
    };
    for (const [seconds, us] of [
      [5, 0],
      [15410, 0],
      [0, 0],
      [5, 500_000],
    ] as const)
      expect(await kept(seconds, us)).toEqual({ optval: timeval(seconds, us) });
    expect(await kept(0, 1)).toEqual({ optval: timeval(0, 10_000) });
    expect(await kept(1, 2_500_000)).toEqual({ optval: timeval(3, 500_000) });
    expect(await kept(-1, 0)).toEqual({ optval: timeval(-1, 0) });
    const linger = Uint8Array.of(1, 0, 0, 0, 5, 0, 0, 0);
    expect(await alpha.call("ksock_setsockopt", { ks, optname: "SO_LINGER", optval: linger, optlen: 8 })).toEqual({});
    expect(await alpha.call("ksock_getsockopt", { ks, optname: "SO_LINGER" })).toEqual({
      optval: Uint8Array.of(0x80, 0, 0, 0, 5, 0, 0, 0),
    });
  });
});

describe("ksock_ioctl", () => {
  test("refuses signals and STREAMS, and knows three commands", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    const ask = (cmd: string, args: object = {}): Promise<unknown> => alpha.call("ksock_ioctl", { ks, cmd, ...args });
    for (const cmd of [
      "SIOCSPGRP",
      "SIOCGPGRP",
      "FIOASYNC",
      "FIOSETOWN",
      "FIOGETOWN",
      "I_POP",
      "I_PUSH",
      "SIOCSQPTR",
      "21295",
    ])
      expect(await ask(cmd)).toBe("EOPNOTSUPP");
    expect(await ask("FIONBIO", { arg: 1 })).toEqual({ arg: 1 });
    expect(await ask("-2147195266", { arg: undefined })).toBe("EFAULT");
    expect(await ask("FIONREAD")).toEqual({ arg: 0 });
    expect(await ask("SIOCATMARK")).toEqual({ arg: 0 });
    expect(await ask("TIOCSTI")).toBe("EINVAL");
  });
});

describe("a handle", () => {
  test("that is closed, or never was, is ENOTSOCK for ever", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    expect(await alpha.call("ksock_close", { ks })).toEqual({ again: false });
    expect(await alpha.call("ksock_close", { ks })).toBe("ENOTSOCK");
    expect(await alpha.call("ksock_listen", { ks })).toBe("ENOTSOCK");
    expect(await alpha.call("ksocket_hold", { ks: 12345 })).toBe("ENOTSOCK");
  });

  test("that is held is closed when it is let go; who holds what nobody holds is told so", async () => {
    const { alpha, clock } = world();
    const ks = await alpha.socket();
    expect(await alpha.call("ksocket_rele", { ks })).toBe("EINVAL");
    expect(await alpha.call("ksocket_hold", { ks })).toEqual({});
    const closing = alpha.call("ksock_close", { ks });
    expect(await alpha.call("ksock_getsockname", { ks })).toBe("ENOTSOCK");
    await clock.advance(100_000_000_000);
    expect(await closing).toEqual({ again: true });
    const again = alpha.call("ksock_close", { ks, waiting: true });
    expect(await alpha.call("ksocket_rele", { ks })).toEqual({});
    expect(await again).toEqual({ again: false });
    expect(await alpha.call("ksock_close", { ks })).toBe("ENOTSOCK");
  });
});
