import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { any, IP, lo, portOf, SO, TCP, unspecified } from "../cases/words.ts";

/** A connected datagram socket whose peer's port is closed, with the refusal waiting. */
async function refused(rig: Rig): Promise<Sock> {
  const s = await rig.udp();
  expect(await s.connect(lo(rig.port()))).toBe(0);
  await s.watch();
  expect(await s.send("x")).toBe(1);
  await rig.still();
  return s;
}

/** Sheet 3.16 crossed with the others. */
export const DATAGRAMS_CROSSED: readonly Case[] = [
  story(
    "S3.16",
    "an accept of datagrams with an address and no length is EFAULT, without an address EOPNOTSUPP",
    async (rig) => {
      const s = await rig.udp();
      expect([
        await s.tryAccept(null),
        await s.tryAccept(),
        await s.tryAccept(0),
        await s.listen(1),
        await s.listen(-1),
      ]).toEqual(["EFAULT", "EOPNOTSUPP", "EOPNOTSUPP", "EOPNOTSUPP", "EOPNOTSUPP"]);
    },
  ),

  story(
    "S3.16 S2",
    "a refusal that waits: each of send, recv, ioctl, connect and SO_ERROR takes it once; names, shutdown, setsockopt and forbidden ioctls do not",
    async (rig) => {
      const takers: Readonly<Record<string, (s: Sock) => Promise<unknown>>> = {
        send: (s) => s.send("x"),
        recv: (s) => s.recv(9, "MSG_DONTWAIT"),
        FIONREAD: (s) => s.ioctl("FIONREAD"),
        FIONBIO: (s) => s.ioctl("FIONBIO", 1),
        SIOCATMARK: (s) => s.ioctl("SIOCATMARK"),
        unknown: (s) => s.ioctl(0x2000_7a01),
        connect: (s) => s.connect(lo(2)),
        "connect to port 0": (s) => s.connect(lo(0)),
        "connect of a strange length": (s) => s.connect(lo(2).subarray(0, 3)),
        ERROR: async (s) => ((await s.get(SO.LEVEL, SO.ERROR)) === 146 ? "ECONNREFUSED" : "other"),
        "sendto, although EISCONN": (s) => s.sendto("x", lo(9)),
        "recv 0": (s) => s.recv(0),
      };
      const found: Record<string, unknown> = {};
      for (const [name, take] of Object.entries(takers)) {
        const s = await refused(rig);
        const kept = [
          await s.tryPeername(16),
          await s.trySockname(16),
          await s.set(SO.LEVEL, SO.BROADCAST, 1),
          await s.ioctl("FIOASYNC"),
          await s.ioctl("I_POP"),
          await s.listen(1),
          await s.tryAccept(),
          await s.bind(lo(1)),
          await s.recv(9, "MSG_PEEK"),
          await s.recv(9, "MSG_PEEK|MSG_DONTWAIT"),
        ];
        expect(kept).toEqual([
          0,
          0,
          0,
          "EOPNOTSUPP",
          "EOPNOTSUPP",
          "EOPNOTSUPP",
          "EOPNOTSUPP",
          "EINVAL",
          "ECONNREFUSED",
          "ECONNREFUSED",
        ]);
        found[name] = [await take(s), await s.get(SO.LEVEL, SO.ERROR)];
        await s.none();
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(takers).map((name) => [name, ["ECONNREFUSED", 0]])));
    },
  ),

  story("S3.16 S4", "SO_ERROR with too little room is EINVAL and takes nothing", async (rig) => {
    const s = await refused(rig);
    expect(await s.getRaw(SO.LEVEL, SO.ERROR, 2)).toBe("EINVAL");
    expect(await s.getRaw(SO.LEVEL, SO.ERROR, null)).toBe("EFAULT");
    expect(await s.getRaw(SO.LEVEL, SO.ERROR, 8193)).toBe("EINVAL");
    expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNREFUSED"));
  }),

  story("S3.16", "a datagram that is queued comes before the refusal, and the refusal after it", async (rig) => {
    const [s, y] = [await rig.udp(), await rig.udp()];
    expect(await y.bind(lo(rig.port()))).toBe(0);
    expect(await s.connect(await y.sockname())).toBe(0);
    expect(await y.sendto("first", await s.sockname())).toBe(5);
    await rig.still();
    expect(await y.close()).toBe(0);
    expect(await s.send("x")).toBe(1);
    await rig.still();
    expect([await s.recv(9, "MSG_PEEK"), await s.recv(9), await s.recv(9), await s.recv(9, "MSG_DONTWAIT")]).toEqual([
      "first",
      "first",
      "ECONNREFUSED",
      "EAGAIN",
    ]);
  }),

  story("S3.16 S2", "a blocked receive of datagrams is woken by a refusal, with no event", async (rig) => {
    const s = await rig.udp();
    expect(await s.connect(lo(rig.port()))).toBe(0);
    await s.watch();
    const waiting = s.recv(9);
    await rig.still();
    expect(await s.send("x")).toBe(1);
    expect(await waiting).toBe("ECONNREFUSED");
    await s.none();
  }),

  story(
    "S3.16 S8.3",
    "SHUT_RDWR of datagrams tells xmit(0) and recv(0), again when it is said again, and never disconnected",
    async (rig) => {
      const { x } = await rig.datagrams();
      expect(await x.shutdown("SHUT_RDWR")).toBe(0);
      await x.sees("xmit(0)", "recv(0)");
      expect(await x.shutdown("SHUT_WR")).toBe(0);
      await x.sees("xmit(0)");
      expect([await x.send("x"), await x.recv(9), await x.recv(9)]).toEqual(["EPIPE", "", ""]);
    },
  ),

  story(
    "S3.16",
    "connect again to another peer: an event each time, queued datagrams of the first stay, later ones do not come",
    async (rig) => {
      const [s, one, two] = [await rig.udp(), await rig.udp(), await rig.udp()];
      for (const y of [one, two]) expect(await y.bind(lo(rig.port()))).toBe(0);
      await s.watch();
      expect(await s.connect(await one.sockname())).toBe(0);
      const port = portOf(await s.sockname());
      expect(await one.sendto("early", await s.sockname())).toBe(5);
      await rig.still();
      expect(await s.connect(await two.sockname())).toBe(0);
      expect(portOf(await s.sockname())).toBe(port);
      expect(await one.sendto("late", await s.sockname())).toBe(4);
      expect(await two.sendto("two", await s.sockname())).toBe(3);
      await s.sees("connected", "recv(5)", "connected", "recv(3)");
      expect([await s.ioctl("FIONREAD"), await s.recv(9), await s.recv(9), await s.recv(9, "MSG_DONTWAIT")]).toEqual([
        8,
        "early",
        "two",
        "EAGAIN",
      ]);
      expect(await s.get(SO.LEVEL, SO.DGRAM_ERRIND)).toBe(0x200);
    },
  ),

  story(
    "S3.16 D22",
    "sendto while connected is EISCONN even to the peer, and after a disconnect goes where it says",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      const to = await y.sockname();
      expect([
        await x.sendto("a", to),
        await x.connect(unspecified),
        await x.sendto("a", to),
        await x.send("a"),
      ]).toEqual(["EISCONN", 0, 1, "EDESTADDRREQ"]);
      expect([await x.connect(unspecified), await x.tryPeername(16)]).toEqual(["EINVAL", "ENOTCONN"]);
    },
  ),

  story(
    "S3.6",
    "of two wrongs of sending a datagram, the first of the sheet: OOB, then the size, then the address",
    async (rig) => {
      const { x } = await rig.datagrams();
      const alone = await rig.udp();
      const big = new Uint8Array(65_508);
      expect([
        await alone.send(big),
        await alone.send(big, "MSG_OOB"),
        await x.send(big),
        await x.send(big.subarray(1)),
        await x.send(big, "MSG_OOB"),
        await alone.send(new Uint8Array(1), "MSG_OOB"),
      ]).toEqual(["EMSGSIZE", "EOPNOTSUPP", "EMSGSIZE", 65_507, "EOPNOTSUPP", "EOPNOTSUPP"]);
      expect(await x.shutdown("SHUT_WR")).toBe(0);
      expect([await x.send(big), await x.send("x", "MSG_OOB"), await x.sendto("x", lo(9)), await x.send("")]).toEqual([
        "EPIPE",
        "EPIPE",
        "EPIPE",
        "EPIPE",
      ]);
    },
  ),

  story(
    "S3.7",
    "receive of no bytes takes a datagram away, PEEK of no bytes does not, and neither waits",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      expect(await x.recv(0)).toBe("");
      for (const text of ["one", "two"]) expect(await y.send(text)).toBe(3);
      await rig.still();
      expect([
        await x.recv(0, "MSG_PEEK"),
        await x.ioctl("FIONREAD"),
        await x.recv(0),
        await x.ioctl("FIONREAD"),
        await x.recv(2),
        await x.ioctl("FIONREAD"),
      ]).toEqual(["", 6, "", 3, "tw", 0]);
    },
  ),

  story(
    "S3.7 D25",
    "flags of receiving that are not known change nothing, each alone and all together",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      const found = [];
      for (const flag of [
        0x4, 0x8, 0x10, 0x20, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x8000, 0x4000_0000, -0x8000_0000, 0x4000_073c,
      ]) {
        expect(await y.send("abc")).toBe(3);
        await rig.still();
        const [error, data] = await rig.k.ksock_recv(x.handle, 2, flag);
        found.push(error === 0 ? new TextDecoder().decode(data) : error);
      }
      expect(new Set(found)).toEqual(new Set(["ab"]));
      expect(await x.recv(9, "MSG_DONTWAIT")).toBe("EAGAIN");
    },
  ),

  story("S3.6", "flags of sending that are not known change nothing", async (rig) => {
    const { x, y } = await rig.datagrams();
    const { c, a } = await rig.connected();
    const found = [];
    for (const flag of [
      0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x8000, 0x4000_0000, -0x8000_0000,
    ]) {
      for (const s of [x, c]) found.push(await rig.k.ksock_send(s.handle, new Uint8Array([97, 98]), 2, flag));
    }
    expect(new Set(found.map((answer) => answer.join()))).toEqual(new Set(["0,2"]));
    await rig.still();
    expect([await y.ioctl("FIONREAD"), await a.ioctl("FIONREAD")]).toEqual([28, 28]);
  }),

  story(
    "S3.2",
    "ports of datagrams: duplicates with SO_REUSEADDR, never beside SO_EXCLBIND, and port 0 does not care",
    async (rig) => {
      const [p, q, r] = [rig.port(), rig.port(), rig.port()];
      const make = async (...options: number[]): Promise<Sock> => {
        const s = await rig.udp();
        for (const option of options) expect(await s.set(SO.LEVEL, option, 1)).toBe(0);
        return s;
      };
      const first = await make(SO.REUSEADDR);
      const found = [
        await first.bind(lo(p)),
        await (await make()).bind(lo(p)),
        await (await make(SO.REUSEADDR)).bind(lo(p)),
        await (await make(SO.REUSEADDR)).bind(any(p)),
        await (await make(SO.EXCLBIND)).bind(any(p)),
        await (await make(SO.EXCLBIND)).bind(lo(q)),
        await (await make(SO.REUSEADDR)).bind(lo(q)),
        await (await make(SO.REUSEADDR)).bind(any(q)),
        await (await make()).bind(any(r)),
        await (await make()).bind(lo(r)),
        await (await rig.tcp()).bind(lo(p)),
      ];
      expect(found).toEqual([0, "EADDRINUSE", 0, 0, "EADDRINUSE", 0, "EADDRINUSE", "EADDRINUSE", 0, "EADDRINUSE", 0]);
      const [one, two] = [await make(SO.REUSEADDR), await make(SO.REUSEADDR)];
      expect([await one.bind(lo(0)), await two.bind(lo(0))]).toEqual([0, 0]);
      expect(portOf(await one.sockname())).not.toBe(portOf(await two.sockname()));
    },
  ),

  story(
    "S4.2",
    "what is an option of TCP is none of datagrams, and the defaults of datagrams are their own",
    async (rig) => {
      const s = await rig.udp();
      expect([
        await s.get(TCP.LEVEL, TCP.NODELAY),
        await s.set(TCP.LEVEL, TCP.NODELAY, 1),
        await s.get(IP.LEVEL, IP.TTL),
        await s.get(SO.LEVEL, SO.SNDBUF),
        await s.get(SO.LEVEL, SO.RCVBUF),
        await s.set(SO.LEVEL, SO.SNDBUF, 2 << 20),
        await s.set(SO.LEVEL, SO.SNDBUF, (2 << 20) + 1),
        await s.get(SO.LEVEL, SO.SNDBUF),
        await s.set(SO.LEVEL, SO.RCVBUF, (2 << 20) + 1),
        await s.set(SO.LEVEL, SO.RCVBUF, 0),
        await s.get(SO.LEVEL, SO.RCVBUF),
        await s.get(SO.LEVEL, SO.TYPE),
        await s.get(SO.LEVEL, SO.PROTOTYPE),
        await s.get(SO.LEVEL, SO.DGRAM_ERRIND),
      ]).toEqual([
        "ENOPROTOOPT",
        "ENOPROTOOPT",
        255,
        57_344,
        57_344,
        0,
        "ENOBUFS",
        2 << 20,
        "ENOBUFS",
        0,
        57_344,
        1,
        17,
        0,
      ]);
    },
  ),

  story(
    "S3.16 S3.7",
    "recvfrom with little or no room for the sender: as much as fits, and its whole length; 0 wants none",
    async (rig) => {
      const [x, y] = [await rig.udp(), await rig.udp()];
      for (const s of [x, y]) expect(await s.bind(lo(rig.port()))).toBe(0);
      const found = [];
      for (const room of [16, 32, 8, 1, 0]) {
        expect(await y.sendto("ab", await x.sockname())).toBe(2);
        await rig.still();
        const { data, addr, addrlen } = await x.recvfrom(1, room);
        found.push([data, addr.length, addrlen]);
      }
      expect(found).toEqual([
        ["a", 16, 16],
        ["a", 16, 16],
        ["a", 8, 16],
        ["a", 1, 16],
        ["a", 0, 0],
      ]);
    },
  ),

  story(
    "S3.16",
    "a full receive buffer drops what comes, without an event, and goes on when there is room",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      expect(await x.set(SO.LEVEL, SO.RCVBUF, 4000)).toBe(0);
      for (let i = 0; i < 10; i++) expect(await y.send(new Uint8Array(1000))).toBe(1000);
      await rig.still();
      const told = x.took();
      const queued = Number(await x.ioctl("FIONREAD"));
      expect(queued).toBe(told.length * 1000);
      expect(queued).toBeLessThan(10_000);
      for (let i = 0; i < told.length; i++) await x.recvBytes(1000);
      expect(await x.recv(9, "MSG_DONTWAIT")).toBe("EAGAIN");
      expect(await y.send("room")).toBe(4);
      await x.sees("recv(4)");
    },
  ),
];
