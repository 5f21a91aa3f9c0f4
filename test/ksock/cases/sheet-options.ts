import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import type { Rig } from "./rig.ts";
import { AF_INET6, IP, IPV6, lo, SO, SOCK_DGRAM, SOCK_STREAM, TCP, type Sock } from "./sock.ts";

/** An option that is an int: what it is at first, what it is after what was set, and what is refused. */
interface IntOption {
  readonly name: string;
  readonly on: "tcp" | "udp" | "six";
  readonly option: readonly [level: number, name: number];
  /** Undefined: whatever it is. */
  readonly first: number | undefined;
  readonly set: readonly (readonly [value: number, read: number])[];
  readonly refused: readonly (readonly [value: number, errno: string])[];
}

const SO_FLAGS = ["DEBUG", "REUSEADDR", "KEEPALIVE", "DONTROUTE", "BROADCAST", "USELOOPBACK", "OOBINLINE"] as const;

/** Flags of SOL_SOCKET read back as their own constants. */
const flags = (["tcp", "udp"] as const).flatMap((on) =>
  [...SO_FLAGS, ...(on === "udp" ? (["DGRAM_ERRIND"] as const) : [])].map((name): IntOption => {
    const bit = SO[name];
    const set = [[1, bit] as const, [0, 0] as const, [77, bit] as const, [-1, bit] as const, [0, 0] as const];
    return { name: `SO_${name}`, on, option: [SO.LEVEL, bit], first: 0, set, refused: [] };
  }),
);

const readOnly = (
  [
    ["ACCEPTCONN", "tcp", 0],
    ["ERROR", "tcp", 0],
    ["ERROR", "udp", 0],
    ["TYPE", "tcp", SOCK_STREAM],
    ["TYPE", "udp", SOCK_DGRAM],
    ["PROTOTYPE", "tcp", 6],
    ["PROTOTYPE", "udp", 17],
    ["DOMAIN", "udp", 2],
    ["DOMAIN", "six", AF_INET6],
  ] as const
).map(([name, on, first]): IntOption => {
  return { name: `SO_${name}`, on, option: [SO.LEVEL, SO[name]], first, set: [], refused: [[1, "ENOPROTOOPT"]] };
});

const OTHERS: readonly IntOption[] = [
  {
    name: "SO_SNDBUF",
    on: "tcp",
    option: [SO.LEVEL, SO.SNDBUF],
    first: 128_000,
    set: [
      [4096, 4096],
      [1_048_576, 1_048_576],
    ],
    refused: [[1_048_577, "ENOBUFS"]],
  },
  {
    name: "SO_SNDBUF",
    on: "udp",
    option: [SO.LEVEL, SO.SNDBUF],
    first: 57_344,
    set: [
      [10_000, 10_000],
      [2_097_152, 2_097_152],
    ],
    refused: [[2_097_153, "ENOBUFS"]],
  },
  {
    name: "SO_RCVBUF",
    on: "tcp",
    option: [SO.LEVEL, SO.RCVBUF],
    first: 1_048_576,
    set: [],
    refused: [[1_048_577, "ENOBUFS"]],
  },
  {
    name: "SO_RCVBUF",
    on: "udp",
    option: [SO.LEVEL, SO.RCVBUF],
    first: 57_344,
    set: [
      [10_000, 10_000],
      [0, 10_000],
    ],
    refused: [[2_097_153, "ENOBUFS"]],
  },
  {
    name: "TCP_NODELAY",
    on: "tcp",
    option: [TCP.LEVEL, TCP.NODELAY],
    first: 0,
    set: [
      [1, 1],
      [0, 0],
      [9, 1],
    ],
    refused: [],
  },
  {
    name: "TCP_CORK",
    on: "tcp",
    option: [TCP.LEVEL, TCP.CORK],
    first: 0,
    set: [
      [1, 1],
      [0, 0],
    ],
    refused: [],
  },
  { name: "TCP_LINGER2", on: "tcp", option: [TCP.LEVEL, TCP.LINGER2], first: 60, set: [[30, 30]], refused: [] },
  {
    name: "TCP_KEEPIDLE",
    on: "tcp",
    option: [TCP.LEVEL, TCP.KEEPIDLE],
    first: 7200,
    set: [[60, 60]],
    refused: [[-1, "EINVAL"]],
  },
  {
    name: "TCP_KEEPALIVE_THRESHOLD",
    on: "tcp",
    option: [TCP.LEVEL, TCP.KEEPALIVE_THRESHOLD],
    first: 7_200_000,
    set: [[60_000, 60_000]],
    refused: [[-1, "EINVAL"]],
  },
  {
    name: "TCP_KEEPCNT",
    on: "tcp",
    option: [TCP.LEVEL, TCP.KEEPCNT],
    first: undefined,
    set: [[5, 5]],
    refused: [[-1, "EINVAL"]],
  },
  {
    name: "TCP_KEEPINTVL",
    on: "tcp",
    option: [TCP.LEVEL, TCP.KEEPINTVL],
    first: undefined,
    set: [[20, 20]],
    refused: [[-1, "EINVAL"]],
  },
  ...(["tcp", "udp"] as const).map((on): IntOption => ({
    name: "IP_TTL",
    on,
    option: [IP.LEVEL, IP.TTL],
    first: on === "tcp" ? 64 : 255,
    set: [
      [1, 1],
      [255, 255],
    ],
    refused: [
      [0, "EINVAL"],
      [256, "EINVAL"],
      [-1, "EINVAL"],
    ],
  })),
  ...(["tcp", "udp"] as const).map((on): IntOption => ({
    name: "IP_TOS",
    on,
    option: [IP.LEVEL, IP.TOS],
    first: 0,
    set: [
      [0x10, 0x10],
      [0, 0],
    ],
    refused: [
      [256, "EINVAL"],
      [-1, "EINVAL"],
    ],
  })),
  {
    name: "IPV6_UNICAST_HOPS",
    on: "six",
    option: [IPV6.LEVEL, IPV6.UNICAST_HOPS],
    first: undefined,
    set: [
      [0, 0],
      [255, 255],
    ],
    refused: [
      [-2, "EINVAL"],
      [256, "EINVAL"],
    ],
  },
  {
    name: "IPV6_V6ONLY",
    on: "six",
    option: [IPV6.LEVEL, IPV6.V6ONLY],
    first: 0,
    set: [
      [1, 1],
      [0, 0],
    ],
    refused: [],
  },
];

const INTS: readonly IntOption[] = [...flags, ...readOnly, ...OTHERS];

const socketOn = (rig: Rig, on: IntOption["on"]): Promise<Sock> =>
  on === "udp" ? rig.udp() : rig.tcp(on === "six" ? AF_INET6 : undefined);

const lengths = (s: Sock, [level, name]: IntOption["option"]): Promise<(string | 0)[]> =>
  Promise.all([0, 3, 5, 8].map((length) => s.setRaw(level, name, new Uint8Array(length))));

/** Section 4: every option of the table. */
export const SHEET_OPTIONS: readonly Case[] = [
  ...INTS.map(({ name, on, option, first, set, refused }) =>
    story("S4.2", `${name} of ${on}: what it is at first, after what was set, and what is refused`, async (rig) => {
      const s = await socketOn(rig, on);
      if (first !== undefined) expect(await s.get(...option)).toBe(first);
      for (const [value, read] of set) {
        expect([value, await s.set(...option, value)]).toEqual([value, 0]);
        expect([value, await s.get(...option)]).toEqual([value, read]);
      }
      const before = await s.get(...option);
      for (const [value, errno] of refused) expect([value, await s.set(...option, value)]).toEqual([value, errno]);
      expect(await s.get(...option)).toBe(before);
      // An int is 4 bytes, whatever its value; what cannot be set says so first.
      const isFixed = refused.some(([, errno]) => errno === "ENOPROTOOPT");
      const isByte = option[0] === IP.LEVEL;
      if (!isByte)
        expect(await lengths(s, option)).toEqual(Array.from({ length: 4 }, () => (isFixed ? "ENOPROTOOPT" : "EINVAL")));
      if (option[0] === SO.LEVEL) {
        expect(await s.getRaw(...option, 3)).toBe("EINVAL");
        expect(await s.getRaw(...option, 8193)).toBe("EINVAL");
        expect(await s.getRaw(...option, 8192)).toHaveLength(4);
      }
      expect(await s.getRaw(...option, null)).toBe("EFAULT");
    }),
  ),

  story("S4.2", "SO_EXCLBIND and SO_REUSEPORT are off, and on when they are set", async (rig) => {
    for (const name of [SO.EXCLBIND, 0x2004]) {
      const s = await rig.tcp();
      expect(await s.get(SO.LEVEL, name)).toBe(0);
      expect(await s.set(SO.LEVEL, name, 1)).toBe(0);
      expect(await s.get(SO.LEVEL, name)).toBeGreaterThan(0);
    }
  }),

  story("S4.2", "SO_RCVBUF of a connection is a multiple of the maximum segment size", async (rig) => {
    const { c } = await rig.toRaw();
    const mss = Number(await c.get(TCP.LEVEL, TCP.MAXSEG));
    expect(mss).toBeGreaterThan(0);
    expect(await c.set(SO.LEVEL, SO.RCVBUF, 100_000)).toBe(0);
    const size = Number(await c.get(SO.LEVEL, SO.RCVBUF));
    expect(size).toBeGreaterThanOrEqual(100_000);
    expect(size - 100_000).toBeLessThan(mss);
    expect(size % mss).toBe(0);
  }),

  story("S4.2", "TCP_MAXSEG can be read only", async (rig) => {
    const { c } = await rig.connected();
    expect(["ENOPROTOOPT", "EINVAL"]).toContain(await c.set(TCP.LEVEL, TCP.MAXSEG, 1000));
  }),

  story("S4.2", "SO_SNDLOWAT and SO_RCVLOWAT cannot be set", async (rig) => {
    const s = await rig.tcp();
    for (const name of [0x1003, 0x1004]) expect(await s.set(SO.LEVEL, name, 10)).toBe("ENOPROTOOPT");
  }),

  story("S4.2", "TCP_CONGESTION is a name, and an unknown one is ENOENT", async (rig) => {
    const s = await rig.tcp();
    const name = await s.getRaw(TCP.LEVEL, TCP.CONGESTION, 16);
    expect(typeof name === "string" ? name : new TextDecoder().decode(name).replaceAll("\0", "")).toBe("cubic");
    expect(await s.setRaw(TCP.LEVEL, TCP.CONGESTION, new TextEncoder().encode("vegetables"))).toBe("ENOENT");
    expect(await s.setRaw(TCP.LEVEL, TCP.CONGESTION, new TextEncoder().encode("cubic"))).toBe(0);
  }),

  story("S4.2", "IP_TTL and IP_TOS may be a byte", async (rig) => {
    const s = await rig.udp();
    for (const name of [IP.TTL, IP.TOS]) {
      expect(await s.setRaw(IP.LEVEL, name, new Uint8Array([9]))).toBe(0);
      expect(await s.get(IP.LEVEL, name)).toBe(9);
    }
  }),

  story("S4.2", "IP_BOUND_IF takes the index of an interface, and an unknown one is ENXIO", async (rig) => {
    const s = await rig.udp();
    expect(await s.set(IP.LEVEL, IP.BOUND_IF, 777)).toBe("ENXIO");
    expect(await s.set(IP.LEVEL, IP.BOUND_IF, 1)).toBe(0);
  }),

  story("S4.2", "IPV6_V6ONLY is for before the bind, and separates the stacks", async (rig) => {
    const six = await rig.tcp(AF_INET6);
    expect(await six.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe(0);
    const port = rig.port();
    const mapped = lo(port, AF_INET6);
    mapped.fill(0, 8, 24);
    mapped.set([0xff, 0xff, 127, 0, 0, 1], 18);
    expect(await six.bind(mapped)).toBe("EADDRNOTAVAIL");
    expect(await six.bind(lo(port, AF_INET6))).toBe(0);
    expect(await six.set(IPV6.LEVEL, IPV6.V6ONLY, 0)).toBe("EINVAL");
  }),

  story("S4.1", "timeouts take exactly 16 bytes, and a linger exactly 8", async (rig) => {
    const s = await rig.tcp();
    for (const name of [SO.RCVTIMEO, SO.SNDTIMEO]) {
      for (const length of [0, 8, 15, 17, 32])
        expect(await s.setRaw(SO.LEVEL, name, new Uint8Array(length))).toBe("EINVAL");
      expect(await s.getRaw(SO.LEVEL, name, 15)).toBe("EINVAL");
      expect(await s.getRaw(SO.LEVEL, name, 100)).toHaveLength(16);
    }
    for (const length of [4, 7, 9, 16])
      expect(await s.setRaw(SO.LEVEL, SO.LINGER, new Uint8Array(length))).toBe("EINVAL");
    expect(await s.getRaw(SO.LEVEL, SO.LINGER, 7)).toBe("EINVAL");
  }),

  story("S4.1", "a timeout is kept in ticks of ten milliseconds", async (rig) => {
    const s = await rig.tcp();
    expect(await s.setTimeval(SO.RCVTIMEO, 0, 30_000)).toBe(0);
    expect(await s.timeoutOf(SO.RCVTIMEO)).toBe(0.03);
  }),

  story("S4.1", "options of the other protocol, and unknown ones, are ENOPROTOOPT at every level", async (rig) => {
    const u = await rig.udp();
    expect(await u.get(TCP.LEVEL, TCP.NODELAY)).toBe("ENOPROTOOPT");
    expect(await u.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe("ENOPROTOOPT");
    const s = await rig.tcp();
    for (const level of [SO.LEVEL, TCP.LEVEL, IP.LEVEL, 4242]) {
      expect(await s.get(level, 0x7abc)).toBe("ENOPROTOOPT");
      expect(await s.set(level, 0x7abc, 1)).toBe("ENOPROTOOPT");
    }
  }),

  story("S4.1", "options can be read after a shutdown, after a failure and after a reset", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
    expect(await c.get(SO.LEVEL, SO.TYPE)).toBe(SOCK_STREAM);
    const failed = await rig.tcp();
    expect(await failed.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    expect(await failed.get(SO.LEVEL, SO.TYPE)).toBe(SOCK_STREAM);
    const { c: reset, r } = await rig.toRaw();
    await r.rst();
    await reset.until("disconnected(ECONNRESET)");
    expect(await reset.get(SO.LEVEL, SO.TYPE)).toBe(SOCK_STREAM);
    // It cannot send any more, which is all that is asked.
    expect(await reset.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe("EINVAL");
  }),

  story("S4.2", "connect turns SO_DGRAM_ERRIND on", async (rig) => {
    const s = await rig.udp();
    expect(await s.get(SO.LEVEL, SO.DGRAM_ERRIND)).toBe(0);
    expect(await s.connect(lo(rig.port()))).toBe(0);
    expect(await s.get(SO.LEVEL, SO.DGRAM_ERRIND)).toBe(SO.DGRAM_ERRIND);
  }),
];
