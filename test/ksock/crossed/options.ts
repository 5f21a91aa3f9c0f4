import { expect } from "@jest/globals";
import * as K from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import { AF_INET6, any, at, IP, IPV6, lo, SO, TCP } from "../cases/words.ts";

/** Sheet 4: options, of two wrongs the one that the sheet lists first, and every value that one may be set to. */
export const OPTIONS_CROSSED: readonly Case[] = [
  story(
    "S4",
    "getsockopt: NULL, then the room, then the name; of SOL_SOCKET a short room is EINVAL, of TCP it is filled",
    async (rig) => {
      const s = await rig.tcp();
      const raw = async (level: number, name: number, room: number | null): Promise<unknown> => {
        const value = await s.getRaw(level, name, room);
        return typeof value === "string" ? value : [...value];
      };
      expect(await s.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
      expect([
        await raw(SO.LEVEL, 0x7777, null),
        await raw(0x7777, 1, null),
        await raw(SO.LEVEL, 0x7777, 8193),
        await raw(SO.LEVEL, 0x7777, 4),
        await raw(0x7777, 1, 4),
        await raw(SO.LEVEL, SO.KEEPALIVE, 3),
        await raw(SO.LEVEL, SO.KEEPALIVE, 0),
        await raw(SO.LEVEL, SO.KEEPALIVE, -1),
        await raw(SO.LEVEL, SO.KEEPALIVE, 8192),
        await raw(SO.LEVEL, SO.LINGER, 7),
        await raw(SO.LEVEL, SO.LINGER, 16),
        await raw(SO.LEVEL, SO.RCVTIMEO, 15),
        await raw(SO.LEVEL, SO.RCVTIMEO, 64),
        await raw(TCP.LEVEL, TCP.NODELAY, 1),
        await raw(TCP.LEVEL, TCP.NODELAY, 2),
        await raw(TCP.LEVEL, TCP.NODELAY, 64),
        await raw(TCP.LEVEL, TCP.NODELAY, 8193),
        await raw(0x7777, 1, 8193),
      ]).toEqual([
        "EFAULT",
        "EFAULT",
        "EINVAL",
        "ENOPROTOOPT",
        "ENOPROTOOPT",
        "EINVAL",
        "EINVAL",
        "EINVAL",
        [0, 0, 0, 0],
        "EINVAL",
        [0, 0, 0, 0, 0, 0, 0, 0],
        "EINVAL",
        new Array(16).fill(0),
        [1],
        [1, 0],
        [1, 0, 0, 0],
        "EINVAL",
        "EINVAL",
      ]);
    },
  ),

  story(
    "S4",
    "setsockopt: shut down, then the name and whether it can be written, then the length, then the value",
    async (rig) => {
      const { c, a } = await rig.connected();
      const four = new Uint8Array(4);
      const rows: readonly (readonly [number, number, Uint8Array | null, number | undefined, string | number])[] = [
        [SO.LEVEL, SO.ERROR, four.subarray(1), undefined, "ENOPROTOOPT"],
        [SO.LEVEL, SO.TYPE, null, 4, "ENOPROTOOPT"],
        [SO.LEVEL, SO.ACCEPTCONN, four, undefined, "ENOPROTOOPT"],
        [SO.LEVEL, SO.DOMAIN, four, undefined, "ENOPROTOOPT"],
        [SO.LEVEL, SO.PROTOTYPE, four, undefined, "ENOPROTOOPT"],
        [SO.LEVEL, 0x7777, null, 0, "ENOPROTOOPT"],
        [0x7777, 1, four, undefined, "ENOPROTOOPT"],
        [SO.LEVEL, SO.KEEPALIVE, null, 4, "EINVAL"],
        [SO.LEVEL, SO.KEEPALIVE, null, 0, "EINVAL"],
        [SO.LEVEL, SO.KEEPALIVE, four, 0, "EINVAL"],
        [SO.LEVEL, SO.KEEPALIVE, four, 3, "EINVAL"],
        [SO.LEVEL, SO.KEEPALIVE, new Uint8Array(5), undefined, "EINVAL"],
        [SO.LEVEL, SO.KEEPALIVE, new Uint8Array(8), undefined, "EINVAL"],
        [SO.LEVEL, SO.LINGER, four, undefined, "EINVAL"],
        [SO.LEVEL, SO.LINGER, new Uint8Array(16), undefined, "EINVAL"],
        [SO.LEVEL, SO.RCVTIMEO, new Uint8Array(8), undefined, "EINVAL"],
        [SO.LEVEL, SO.SNDTIMEO, new Uint8Array(17), undefined, "EINVAL"],
        [SO.LEVEL, SO.SNDTIMEO, new Uint8Array(16), undefined, 0],
        [SO.LEVEL, SO.SNDBUF, K.int((1 << 20) + 1).subarray(0, 3), undefined, "EINVAL"],
        [SO.LEVEL, SO.SNDBUF, K.int((1 << 20) + 1), undefined, "ENOBUFS"],
        [SO.LEVEL, SO.RCVBUF, K.int((1 << 20) + 1), undefined, "ENOBUFS"],
        [SO.LEVEL, SO.RCVBUF, K.int(0), undefined, 0],
        [TCP.LEVEL, TCP.NODELAY, new Uint8Array(1), undefined, "EINVAL"],
        [TCP.LEVEL, TCP.MAXSEG, K.int(500), undefined, "ENOPROTOOPT"],
        [IP.LEVEL, IP.TTL, K.int(0), undefined, "EINVAL"],
        [IP.LEVEL, IP.TTL, K.int(256), undefined, "EINVAL"],
        [IP.LEVEL, IP.TTL, K.int(-1), undefined, "EINVAL"],
        [IP.LEVEL, IP.TTL, K.int(255), undefined, 0],
        [IP.LEVEL, IP.TTL, K.int(1), undefined, 0],
        [IP.LEVEL, IP.TOS, K.int(256), undefined, "EINVAL"],
        [IP.LEVEL, IP.TOS, K.int(-1), undefined, "EINVAL"],
        [IP.LEVEL, IP.TOS, K.int(255), undefined, 0],
        [IP.LEVEL, 0x7777, K.int(255), undefined, "ENOPROTOOPT"],
        [IPV6.LEVEL, IPV6.V6ONLY, K.int(1), undefined, "ENOPROTOOPT"],
      ];
      const found = [];
      for (const [level, name, value, length] of rows)
        found.push([level, name, value, length, await a.setRaw(level, name, value, length)]);
      expect(found).toEqual(rows);
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      const after = [];
      for (const [level, name, value, length] of rows) after.push(await c.setRaw(level, name, value, length));
      expect(new Set(after)).toEqual(new Set(["EINVAL"]));
      expect(await c.get(IP.LEVEL, IP.TTL)).toBe(64);
    },
  ),

  story(
    "S4 D26",
    "every option that is on or off: 0 at first, its own constant once it is set to anything, 0 again",
    async (rig) => {
      const { DEBUG, REUSEADDR, KEEPALIVE, DONTROUTE, BROADCAST, USELOOPBACK, OOBINLINE, DGRAM_ERRIND } = SO;
      for (const make of [rig.tcp, rig.udp]) {
        for (const name of [DEBUG, REUSEADDR, KEEPALIVE, DONTROUTE, BROADCAST, USELOOPBACK, OOBINLINE, DGRAM_ERRIND]) {
          const s = await make();
          const found = [await s.get(SO.LEVEL, name)];
          for (const value of [1, 0, -1, 0, 0x100, 0, -0x8000_0000]) {
            const error = await s.set(SO.LEVEL, name, value);
            found.push(error === 0 ? await s.get(SO.LEVEL, name) : error);
          }
          expect([name, ...found]).toEqual([name, 0, name, 0, name, 0, name, 0, name]);
        }
      }
    },
  ),

  story("S4.2", "SO_LINGER: what is on reads 0x80, seconds stay whatever they are, off reads 0", async (rig) => {
    const s = await rig.tcp();
    const found = [await s.linger()];
    for (const [onoff, seconds] of [
      [1, 0],
      [1, 5],
      [-7, 9],
      [0, 5],
      [2, 65_535],
    ] as const) {
      expect(await s.setLinger(onoff, seconds)).toBe(0);
      found.push(await s.linger());
    }
    expect(found).toEqual([
      [0, 0],
      [0x80, 0],
      [0x80, 5],
      [0x80, 9],
      [0, 0],
      [0x80, 65_535],
    ]);
  }),

  story("S4.2", "IPv6: hops from -1 to 255, V6ONLY before bind only, and then no mapped address", async (rig) => {
    const s = await rig.tcp(AF_INET6);
    expect([
      await s.set(IPV6.LEVEL, IPV6.UNICAST_HOPS, -2),
      await s.set(IPV6.LEVEL, IPV6.UNICAST_HOPS, 256),
      await s.set(IPV6.LEVEL, IPV6.UNICAST_HOPS, 255),
      await s.set(IPV6.LEVEL, IPV6.UNICAST_HOPS, -1),
      await s.get(IPV6.LEVEL, IPV6.V6ONLY),
      await s.set(IPV6.LEVEL, IPV6.V6ONLY, 7),
      await s.get(IPV6.LEVEL, IPV6.V6ONLY),
      await s.bind(at("127.0.0.1", 0, AF_INET6)),
      await s.connect(lo(9)),
      await s.connect(at("127.0.0.1", 9, AF_INET6)),
      await s.bind(any(0, AF_INET6)),
      await s.set(IPV6.LEVEL, IPV6.V6ONLY, 0),
      await s.get(SO.LEVEL, SO.DOMAIN),
    ]).toEqual(["EINVAL", "EINVAL", 0, 0, 0, 0, 1, "EADDRNOTAVAIL", "EAFNOSUPPORT", "EADDRNOTAVAIL", 0, "EINVAL", 26]);
  }),
];
