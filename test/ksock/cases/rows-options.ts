import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { IP, lo, SO, TCP } from "./sock.ts";

/** Options. */
export const ROWS_OPTIONS: readonly Case[] = [
  story(
    "C098 D34",
    "getsockopt: NULL length EFAULT, a bad one EINVAL, unknown names and levels ENOPROTOOPT",
    async (rig) => {
      const s = await rig.tcp();
      expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, null)).toBe("EFAULT");
      expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, 8193)).toBe("EINVAL");
      expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, 3)).toBe("EINVAL");
      expect(await s.getRaw(IP.LEVEL, 0xffff, 4)).toBe("ENOPROTOOPT");
      expect(await s.getRaw(TCP.LEVEL, 0xffff, 4)).toBe("ENOPROTOOPT");
      expect(await s.getRaw(SO.LEVEL, 0x7fff, 4)).toBe("ENOPROTOOPT");
      expect(await s.getRaw(999, SO.KEEPALIVE, 4)).toBe("ENOPROTOOPT");
    },
  ),

  story("C099", "setsockopt: unknown levels and names ENOPROTOOPT, a bad length EINVAL, NULL EINVAL", async (rig) => {
    const s = await rig.tcp();
    expect(await s.set(999, SO.KEEPALIVE, 1)).toBe("ENOPROTOOPT");
    expect(await s.set(SO.LEVEL, 0x7fff, 1)).toBe("ENOPROTOOPT");
    expect(await s.setRaw(SO.LEVEL, SO.KEEPALIVE, new Uint8Array(0))).toBe("EINVAL");
    expect(await s.setRaw(SO.LEVEL, SO.KEEPALIVE, new Uint8Array(3))).toBe("EINVAL");
    expect(await s.setRaw(SO.LEVEL, SO.KEEPALIVE, null, 4)).toBe("EINVAL");
  }),

  story("C100", "TCP_NODELAY is 0 at first, 1 when it is set, 0 when it is cleared", async (rig) => {
    const s = await rig.tcp();
    expect(await s.get(TCP.LEVEL, TCP.NODELAY)).toBe(0);
    expect(await s.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
    expect(await s.get(TCP.LEVEL, TCP.NODELAY)).toBe(1);
    expect(await s.set(TCP.LEVEL, TCP.NODELAY, 0)).toBe(0);
    expect(await s.get(TCP.LEVEL, TCP.NODELAY)).toBe(0);
  }),

  story("C101 D26 P11", "SO_KEEPALIVE reads back as 8", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
    expect(await c.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe(0);
    expect(await c.get(SO.LEVEL, SO.KEEPALIVE)).toBe(8);
    expect(await c.set(SO.LEVEL, SO.KEEPALIVE, 0)).toBe(0);
    expect(await c.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
  }),

  story("C103", "IP_TTL of 0 is EINVAL", async (rig) => {
    for (const s of [await rig.tcp(), await rig.udp()]) {
      expect(await s.set(IP.LEVEL, IP.TTL, 0)).toBe("EINVAL");
      expect(await s.set(IP.LEVEL, IP.TTL, 256)).toBe("EINVAL");
      expect(await s.set(IP.LEVEL, IP.TTL, 255)).toBe(0);
    }
  }),

  story("C104", "timeouts read back as they were set", async (rig) => {
    for (const s of [await rig.tcp(), await rig.udp()]) {
      for (const name of [SO.RCVTIMEO, SO.SNDTIMEO]) {
        expect(await s.timeoutOf(name)).toBe(0);
        for (const seconds of [5, 15_410, 0, 5.5]) {
          await s.timeout(name, seconds);
          expect(await s.timeoutOf(name)).toBe(seconds);
        }
      }
    }
  }),

  story("C105", "ancillary data comes with a datagram only where it is asked for, with what was sent", async (rig) => {
    const y = await rig.udp();
    const port = rig.port();
    expect(await y.bind(lo(port))).toBe(0);
    const x = await rig.udp();
    expect(await x.connect(lo(port))).toBe(0);
    expect(await x.set(IP.LEVEL, IP.TTL, 37)).toBe(0);
    expect(await x.set(IP.LEVEL, IP.TOS, 0x10)).toBe(0);
    expect(await x.send("a")).toBe(1);
    expect((await y.recvmsg(64, 256)).control).toEqual([]);
    for (const [name, data] of [
      [IP.RECVTTL, [37]],
      [IP.RECVTOS, [0x10]],
    ] as const) {
      expect(await y.set(IP.LEVEL, name, 1)).toBe(0);
      expect(await x.send("b")).toBe(1);
      expect((await y.recvmsg(64, 256)).control).toMatchObject([{ level: IP.LEVEL, type: name, data }]);
      expect(await y.set(IP.LEVEL, name, 0)).toBe(0);
    }
    expect(await y.set(IP.LEVEL, IP.PKTINFO, 1)).toBe(0);
    expect(await x.send("c")).toBe(1);
    const { control } = await y.recvmsg(64, 256);
    expect(control).toMatchObject([{ level: IP.LEVEL, type: IP.PKTINFO }]);
    // in_pktinfo: the interface, the local address, and the one in the header.
    expect(control[0]?.data).toHaveLength(12);
    expect(control[0]?.data.slice(8)).toEqual([127, 0, 0, 1]);
  }),
];
