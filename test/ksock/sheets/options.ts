import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { AF_INET6, IP, IPV6, lo, portOf, SO, TCP } from "../cases/words.ts";

const LINUX_SOL_SOCKET = 1;
const NO_SUCH_OPTION = 0x7777;
const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

/** Sets an option, and reads it. */
async function setAndGet(s: Sock, level: number, name: number, value: number): Promise<number | string> {
  const error = await s.set(level, name, value);
  return error === 0 ? s.get(level, name) : error;
}

/** A connection whose listener was prepared before it. */
async function accepted(rig: Rig, prepare: (l: Sock) => Promise<void>): Promise<Sock> {
  const l = await rig.listener();
  await prepare(l);
  const c = await rig.tcp();
  expect(await c.connect(lo(l.port))).toBe(0);
  return l.accept();
}

/** Section 4, sentence by sentence. */
export const OPTIONS: readonly Case[] = [
  story("S4.1", "get: NULL is EFAULT, more than 8192 EINVAL, unknown ENOPROTOOPT, in this order", async (rig) => {
    const s = await rig.tcp();
    expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, null)).toBe("EFAULT");
    expect(await s.getRaw(SO.LEVEL, NO_SUCH_OPTION, null)).toBe("EFAULT");
    expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, 8193)).toBe("EINVAL");
    expect(await s.getRaw(TCP.LEVEL, TCP.NODELAY, 8193)).toBe("EINVAL");
    expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, 8192)).toEqual(bytes(0, 0, 0, 0));
    expect(await s.getRaw(SO.LEVEL, SO.KEEPALIVE, -1)).toBe("EINVAL");
    expect(await s.getRaw(SO.LEVEL, NO_SUCH_OPTION, 4)).toBe("ENOPROTOOPT");
    expect(await s.getRaw(LINUX_SOL_SOCKET, SO.KEEPALIVE, 4)).toBe("ENOPROTOOPT");
    expect(await s.getRaw(12345, 1, 4)).toBe("ENOPROTOOPT");
    expect(await s.getRaw(TCP.LEVEL, NO_SUCH_OPTION, 4)).toBe("ENOPROTOOPT");
    expect(await s.getRaw(IP.LEVEL, NO_SUCH_OPTION, 4)).toBe("ENOPROTOOPT");
    expect(await s.getRaw(17, 1, 4)).toBe("ENOPROTOOPT");
  }),

  story(
    "S4.1",
    "get: too little room is EINVAL for each option of SOL_SOCKET, and less of it at the others",
    async (rig) => {
      const s = await rig.tcp();
      for (const name of [SO.DEBUG, SO.ACCEPTCONN, SO.SNDBUF, SO.RCVBUF, SO.ERROR, SO.TYPE, SO.PROTOTYPE, SO.DOMAIN])
        for (const room of [0, 1, 3])
          expect([name, room, await s.getRaw(SO.LEVEL, name, room)]).toEqual([name, room, "EINVAL"]);
      for (const room of [0, 4, 7]) expect(await s.getRaw(SO.LEVEL, SO.LINGER, room)).toBe("EINVAL");
      for (const room of [0, 4, 8, 15]) expect(await s.getRaw(SO.LEVEL, SO.RCVTIMEO, room)).toBe("EINVAL");
      expect(await s.getRaw(SO.LEVEL, SO.LINGER, 100)).toEqual(new Uint8Array(8));
      expect(await s.getRaw(SO.LEVEL, SO.SNDTIMEO, 100)).toEqual(new Uint8Array(16));
      expect(await s.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
      expect(await s.getRaw(TCP.LEVEL, TCP.NODELAY, 2)).toEqual(bytes(1, 0));
      expect(await s.getRaw(TCP.LEVEL, TCP.NODELAY, 0)).toEqual(bytes());
      expect(await s.getRaw(TCP.LEVEL, TCP.NODELAY, 400)).toEqual(bytes(1, 0, 0, 0));
    },
  ),

  story("S4.1", "a failed read of SO_ERROR leaves the error, a good one takes it", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    expect(await c.getRaw(SO.LEVEL, SO.ERROR, 2)).toBe("EINVAL");
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNRESET"));
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
  }),

  story("S4.1", "set: after SHUT_WR all is EINVAL, unknown and read-only options too; reading goes on", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.shutdown("SHUT_RD")).toBe(0);
    expect(await a.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe(0);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await c.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe("EINVAL");
    expect(await c.set(SO.LEVEL, SO.ERROR, 1)).toBe("EINVAL");
    expect(await c.set(SO.LEVEL, NO_SUCH_OPTION, 1)).toBe("EINVAL");
    expect(await c.set(12345, 1, 1)).toBe("EINVAL");
    expect(await c.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe("EINVAL");
    expect(await c.set(IP.LEVEL, IP.TTL, 9)).toBe("EINVAL");
    expect(await c.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
    expect(await c.get(IP.LEVEL, IP.TTL)).toBe(64);
  }),

  story("S4.1", "set: whether there is such an option, then its length, then its value", async (rig) => {
    const s = await rig.tcp();
    for (const name of [SO.ACCEPTCONN, SO.ERROR, SO.TYPE, SO.PROTOTYPE, SO.DOMAIN]) {
      expect(await s.set(SO.LEVEL, name, 1)).toBe("ENOPROTOOPT");
      expect(await s.setRaw(SO.LEVEL, name, bytes(1))).toBe("ENOPROTOOPT");
      expect(await s.setRaw(SO.LEVEL, name, null, 4)).toBe("ENOPROTOOPT");
    }
    expect(await s.setRaw(SO.LEVEL, NO_SUCH_OPTION, bytes(1))).toBe("ENOPROTOOPT");
    expect(await s.setRaw(12345, 1, null, 0)).toBe("ENOPROTOOPT");
    for (const length of [0, 1, 2, 3, 5, 8])
      for (const [level, name] of [
        [SO.LEVEL, SO.KEEPALIVE],
        [SO.LEVEL, SO.SNDBUF],
        [TCP.LEVEL, TCP.NODELAY],
        [TCP.LEVEL, TCP.KEEPIDLE],
      ] as const)
        expect([name, length, await s.setRaw(level, name, new Uint8Array(length))]).toEqual([name, length, "EINVAL"]);
    for (const length of [2, 3, 5]) expect(await s.setRaw(IP.LEVEL, IP.TTL, new Uint8Array(length))).toBe("EINVAL");
    expect(await s.setRaw(SO.LEVEL, SO.SNDBUF, bytes(0xff, 0xff, 0xff), 3)).toBe("EINVAL");
    for (const length of [0, 4, 8, 16]) expect(await s.setRaw(SO.LEVEL, SO.KEEPALIVE, null, length)).toBe("EINVAL");
    expect(await s.setRaw(SO.LEVEL, SO.LINGER, null, 8)).toBe("EINVAL");
    expect(await s.setRaw(TCP.LEVEL, TCP.NODELAY, null, 4)).toBe("EINVAL");
  }),

  story("S4.2", "flags read as their own constants, and every flag is one of its own", async (rig) => {
    const s = await rig.udp();
    const names = [SO.DEBUG, SO.REUSEADDR, SO.DONTROUTE, SO.BROADCAST, SO.USELOOPBACK, SO.DGRAM_ERRIND];
    for (const name of names) {
      expect(await setAndGet(s, SO.LEVEL, name, 2)).toBe(name);
      for (const other of names.filter((one) => one !== name)) expect(await s.get(SO.LEVEL, other)).toBe(0);
      expect(await setAndGet(s, SO.LEVEL, name, 0)).toBe(0);
    }
  }),

  story("S4.2", "SO_ACCEPTCONN: 2 for who listens, 0 for who was accepted and who connected", async (rig) => {
    const { c, l, a } = await rig.connected();
    expect(await l.get(SO.LEVEL, SO.ACCEPTCONN)).toBe(2);
    expect([await c.get(SO.LEVEL, SO.ACCEPTCONN), await a.get(SO.LEVEL, SO.ACCEPTCONN)]).toEqual([0, 0]);
    expect(await (await rig.udp()).get(SO.LEVEL, SO.ACCEPTCONN)).toBe(0);
  }),

  story("S4.2", "SO_LINGER: 0x80 and the seconds when on, nothing when off", async (rig) => {
    const s = await rig.tcp();
    expect(await s.linger()).toEqual([0, 0]);
    expect(await s.setLinger(77, 12)).toBe(0);
    expect(await s.linger()).toEqual([0x80, 12]);
    expect(await s.setLinger(-1, 0)).toBe(0);
    expect(await s.linger()).toEqual([0x80, 0]);
    expect(await s.setLinger(0, 9)).toBe(0);
    expect(await s.linger()).toEqual([0, 0]);
    for (const length of [4, 7, 9, 16])
      expect(await s.setRaw(SO.LEVEL, SO.LINGER, new Uint8Array(length))).toBe("EINVAL");
  }),

  story("S4.2", "buffers: as set, not doubled; 0 for receiving is ignored; beyond the maximum ENOBUFS", async (rig) => {
    const [t, u] = [await rig.tcp(), await rig.udp()];
    for (const [s, max] of [
      [t, 1_048_576],
      [u, 2_097_152],
    ] as const) {
      for (const name of [SO.SNDBUF, SO.RCVBUF]) {
        // What TCP receives is rounded up to segments, of which a fresh socket has the default size.
        const stored = s === t && name === SO.RCVBUF ? Math.ceil(max / 536) * 536 : max;
        expect(await setAndGet(s, SO.LEVEL, name, max)).toBe(stored);
        expect(await setAndGet(s, SO.LEVEL, name, max + 1)).toBe("ENOBUFS");
        expect(await setAndGet(s, SO.LEVEL, name, 0x7fff_ffff)).toBe("ENOBUFS");
        expect(await s.get(SO.LEVEL, name)).toBe(stored);
      }
      expect(await setAndGet(s, SO.LEVEL, SO.SNDBUF, 10_000)).toBe(10_000);
      const kept = await s.get(SO.LEVEL, SO.RCVBUF);
      expect(await setAndGet(s, SO.LEVEL, SO.RCVBUF, 0)).toBe(kept);
    }
    expect(await setAndGet(u, SO.LEVEL, SO.RCVBUF, 12_345)).toBe(12_345);
    const { c } = await rig.connected();
    const mss = await c.get(TCP.LEVEL, TCP.MAXSEG);
    const rounded = await setAndGet(c, SO.LEVEL, SO.RCVBUF, 100_000);
    expect(Number(rounded) % Number(mss)).toBe(0);
    expect(Number(rounded)).toBeGreaterThanOrEqual(100_000);
    expect(Number(rounded)).toBeLessThan(100_000 + Number(mss));
  }),

  story("S4.2", "timeouts: read as stored, whatever their sign and range; exact length", async (rig) => {
    const s = await rig.tcp();
    for (const name of [SO.SNDTIMEO, SO.RCVTIMEO]) {
      expect(await s.timeoutOf(name)).toBe(0);
      expect(await s.setTimeval(name, 1, 2_500_000)).toBe(0);
      expect(await s.timeoutOf(name)).toBe(3.5);
      expect(await s.setTimeval(name, 0, 10_000)).toBe(0);
      expect(await s.timeoutOf(name)).toBe(0.01);
      expect(await s.setTimeval(name, -5, 0)).toBe(0);
      expect(await s.setTimeval(name, 0, -5)).toBe(0);
      expect(await s.setTimeval(name, 0, 0)).toBe(0);
      expect(await s.timeoutOf(name)).toBe(0);
      for (const length of [0, 4, 8, 15, 17, 32])
        expect(await s.setRaw(SO.LEVEL, name, new Uint8Array(length))).toBe("EINVAL");
    }
  }),

  story("S4.2", "a timeout is one of send and recv, and not of accept or connect; below 0 it is none", async (rig) => {
    const l = await rig.listener(0);
    await l.timeout(SO.RCVTIMEO, 1);
    await l.timeout(SO.SNDTIMEO, 1);
    const accepting = l.accept();
    await rig.sleep(3);
    const c = await rig.tcp();
    await c.timeout(SO.RCVTIMEO, 0.5);
    expect(await c.connect(lo(l.port))).toBe(0);
    const a = await accepting;
    const before = rig.seconds();
    expect(await c.recv(9)).toBe("EAGAIN");
    expect(rig.seconds() - before).toBeCloseTo(0.5, 2);
    // Inherited from who listened.
    expect(await a.recv(9)).toBe("EAGAIN");
    expect(rig.seconds() - before).toBeCloseTo(1.5, 2);
    expect(await c.setTimeval(SO.RCVTIMEO, -1, 0)).toBe(0);
    const waiting = c.recv(9);
    await rig.sleep(5);
    expect(await a.send("at last")).toBe(7);
    expect(await waiting).toBe("at last");
  }),

  story("S4.2", "SO_RCVTIMEO of a datagram socket, and MSG_WAITALL with what came in time", async (rig) => {
    const u = await rig.udp();
    expect(await u.bind(lo(rig.port()))).toBe(0);
    await u.timeout(SO.RCVTIMEO, 2);
    const before = rig.seconds();
    expect(await u.recv(9)).toBe("EAGAIN");
    expect(rig.seconds() - before).toBeCloseTo(2, 2);
    const { c, a } = await rig.connected();
    await a.timeout(SO.RCVTIMEO, 1);
    expect(await c.send("ab")).toBe(2);
    expect(await a.recv(9, "MSG_WAITALL")).toBe("ab");
    expect(rig.seconds() - before).toBeCloseTo(3, 1);
  }),

  story(
    "S4.2",
    "options of TCP: flags read 1, MAXSEG is read only, keep-alive has a range, and UDP has none",
    async (rig) => {
      const s = await rig.tcp();
      for (const name of [TCP.NODELAY, TCP.CORK]) {
        expect(await s.get(TCP.LEVEL, name)).toBe(0);
        expect(await setAndGet(s, TCP.LEVEL, name, 77)).toBe(1);
        expect(await setAndGet(s, TCP.LEVEL, name, 0)).toBe(0);
      }
      expect(await s.set(TCP.LEVEL, TCP.MAXSEG, 1000)).toMatch(/^(ENOPROTOOPT|EINVAL)$/);
      expect(await s.get(TCP.LEVEL, TCP.KEEPIDLE)).toBe(7200);
      expect(await s.get(TCP.LEVEL, TCP.KEEPALIVE_THRESHOLD)).toBe(7_200_000);
      expect(await setAndGet(s, TCP.LEVEL, TCP.KEEPIDLE, 600)).toBe(600);
      expect(await s.get(TCP.LEVEL, TCP.KEEPALIVE_THRESHOLD)).toBe(600_000);
      for (const name of [TCP.KEEPIDLE, TCP.KEEPCNT, TCP.KEEPINTVL]) {
        expect([name, await s.set(TCP.LEVEL, name, -1)]).toEqual([name, "EINVAL"]);
        expect([name, await setAndGet(s, TCP.LEVEL, name, 20)]).toEqual([name, 20]);
      }
      expect(await s.get(TCP.LEVEL, TCP.LINGER2)).toBe(60);
      const u = await rig.udp();
      for (const name of [TCP.NODELAY, TCP.MAXSEG, TCP.KEEPIDLE]) {
        expect(await u.get(TCP.LEVEL, name)).toBe("ENOPROTOOPT");
        expect(await u.set(TCP.LEVEL, name, 1)).toBe("ENOPROTOOPT");
      }
    },
  ),

  story("S4.2", "IP_TTL is 64 for TCP and 255 for UDP, 1 to 255; IP_TOS 0 to 255; as an int or a byte", async (rig) => {
    const [t, u] = [await rig.tcp(), await rig.udp()];
    expect([await t.get(IP.LEVEL, IP.TTL), await u.get(IP.LEVEL, IP.TTL)]).toEqual([64, 255]);
    for (const s of [t, u]) {
      for (const value of [1, 255]) expect(await setAndGet(s, IP.LEVEL, IP.TTL, value)).toBe(value);
      for (const value of [0, -1, 256, 257]) expect(await s.set(IP.LEVEL, IP.TTL, value)).toBe("EINVAL");
      expect(await s.setRaw(IP.LEVEL, IP.TTL, bytes(0))).toBe("EINVAL");
      expect(await s.setRaw(IP.LEVEL, IP.TTL, bytes(200))).toBe(0);
      expect(await s.get(IP.LEVEL, IP.TTL)).toBe(200);
      for (const value of [0, 255]) expect(await setAndGet(s, IP.LEVEL, IP.TOS, value)).toBe(value);
      for (const value of [-1, 256]) expect(await s.set(IP.LEVEL, IP.TOS, value)).toBe("EINVAL");
      expect(await s.setRaw(IP.LEVEL, IP.TOS, bytes(0x10))).toBe(0);
      expect(await s.getRaw(IP.LEVEL, IP.TOS, 1)).toEqual(bytes(0x10));
    }
  }),

  story("S4.2", "IPv6: hops from -1 to 255, V6ONLY before a bind, and neither of them for AF_INET", async (rig) => {
    const [six, four] = [await rig.tcp(AF_INET6), await rig.tcp()];
    for (const value of [255, 0, 17]) expect(await setAndGet(six, IPV6.LEVEL, IPV6.UNICAST_HOPS, value)).toBe(value);
    expect(await six.set(IPV6.LEVEL, IPV6.UNICAST_HOPS, -1)).toBe(0);
    for (const value of [-2, 256]) expect(await six.set(IPV6.LEVEL, IPV6.UNICAST_HOPS, value)).toBe("EINVAL");
    expect(await six.get(IPV6.LEVEL, IPV6.V6ONLY)).toBe(0);
    expect(await setAndGet(six, IPV6.LEVEL, IPV6.V6ONLY, 5)).toBe(1);
    expect(await six.bind(lo(rig.port(), AF_INET6))).toBe(0);
    expect(await six.set(IPV6.LEVEL, IPV6.V6ONLY, 0)).toBe("EINVAL");
    expect(await four.set(IPV6.LEVEL, IPV6.V6ONLY, 1)).toBe("ENOPROTOOPT");
  }),

  story("S4.2 D36", "Linux' SO_BINDTODEVICE and its other numbers are no options here", async (rig) => {
    const s = await rig.tcp();
    expect(await s.setRaw(SO.LEVEL, 25, bytes(0x6c, 0x6f, 0))).toBe("ENOPROTOOPT");
    expect(await s.set(LINUX_SOL_SOCKET, 9, 1)).toBe("ENOPROTOOPT");
    expect(await s.get(LINUX_SOL_SOCKET, 9)).toBe("ENOPROTOOPT");
  }),

  story(
    "S4.3",
    "an accepted socket has its listener's options, and neither its errors nor its FIONBIO",
    async (rig) => {
      const a = await accepted(rig, async (l) => {
        for (const name of [SO.DEBUG, SO.KEEPALIVE, SO.DONTROUTE, SO.BROADCAST, SO.USELOOPBACK, SO.OOBINLINE])
          expect(await l.set(SO.LEVEL, name, 1)).toBe(0);
        expect(await l.setLinger(1, 3)).toBe(0);
        await l.timeout(SO.RCVTIMEO, 2);
        await l.timeout(SO.SNDTIMEO, 4.5);
        expect(await l.set(SO.LEVEL, SO.SNDBUF, 50_000)).toBe(0);
        expect(await l.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
        expect(await l.set(TCP.LEVEL, TCP.KEEPIDLE, 99)).toBe(0);
        expect(await l.set(TCP.LEVEL, TCP.LINGER2, 11)).toBe(0);
        expect(await l.set(IP.LEVEL, IP.TTL, 33)).toBe(0);
        expect(await l.set(IP.LEVEL, IP.TOS, 8)).toBe(0);
        await l.nonblocking();
      });
      for (const name of [SO.DEBUG, SO.KEEPALIVE, SO.DONTROUTE, SO.BROADCAST, SO.USELOOPBACK, SO.OOBINLINE])
        expect(await a.get(SO.LEVEL, name)).toBe(name);
      expect(await a.get(SO.LEVEL, SO.REUSEADDR)).toBe(0);
      expect(await a.linger()).toEqual([0x80, 3]);
      expect([await a.timeoutOf(SO.RCVTIMEO), await a.timeoutOf(SO.SNDTIMEO)]).toEqual([2, 4.5]);
      expect(await a.get(SO.LEVEL, SO.SNDBUF)).toBe(50_000);
      const protocol = [TCP.NODELAY, TCP.KEEPIDLE, TCP.LINGER2].map((name) => a.get(TCP.LEVEL, name));
      expect(await Promise.all(protocol)).toEqual([1, 99, 11]);
      expect([await a.get(IP.LEVEL, IP.TTL), await a.get(IP.LEVEL, IP.TOS)]).toEqual([33, 8]);
      const before = rig.seconds();
      expect(await a.recv(9)).toBe("EAGAIN");
      expect(rig.seconds() - before).toBeCloseTo(2, 2);
      expect(await a.setLinger(0, 0)).toBe(0);
    },
  ),

  story("S4.3", "options of an accepted socket are its own", async (rig) => {
    const { l, a } = await rig.connected();
    expect(await a.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe(0);
    expect(await l.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
    expect(await l.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
    expect(await a.get(TCP.LEVEL, TCP.NODELAY)).toBe(0);
    expect(portOf(await a.sockname())).toBe(l.port);
  }),
];
