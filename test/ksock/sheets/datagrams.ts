import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { any, AF_INET6, at, lo, portOf, SO, unspecified } from "../cases/words.ts";

/** A socket whose datagram to nobody has come back as an error that waits. */
async function refused(rig: Rig): Promise<Sock> {
  const u = await rig.udp();
  expect(await u.connect(lo(rig.port()))).toBe(0);
  await u.watch();
  expect(await u.send("x")).toBe(1);
  await rig.still();
  return u;
}

/** A socket that is bound to a port of the loopback address. */
async function bound(rig: Rig): Promise<Sock> {
  const u = await rig.udp();
  u.port = rig.port();
  expect(await u.bind(lo(u.port))).toBe(0);
  await u.watch();
  return u;
}

/** Section 3.16, sentence by sentence. */
export const DATAGRAMS: readonly Case[] = [
  story(
    "S3.16",
    "connect: at once and told inside the call, non-blocking too, and again for another peer",
    async (rig) => {
      const u = await rig.udp();
      u.name = "U";
      await u.watch();
      await u.nonblocking();
      expect(await rig.logged("connect", u.connect(lo(100)))).toBe(0);
      expect(await rig.logged("again", u.connect(lo(101)))).toBe(0);
      expect(await rig.logged("same", u.connect(lo(101)))).toBe(0);
      expect(rig.log).toEqual([
        ...["U connected", "connect returned", "U connected", "again returned", "U connected", "same returned"],
      ]);
      expect(portOf(await u.sockname())).toBeGreaterThanOrEqual(32_768);
    },
  ),

  story("S3.16", "connect refuses port 0, and tells nothing then", async (rig) => {
    const u = await bound(rig);
    expect(await u.connect(lo(0))).toBe("EADDRNOTAVAIL");
    expect(await u.tryPeername(16)).toBe("ENOTCONN");
    await u.none();
  }),

  story("S3.16", "connect of 0.0.0.0 is the loopback address", async (rig) => {
    const y = await bound(rig);
    const x = await rig.udp();
    expect(await x.connect(any(y.port))).toBe(0);
    expect(await x.send("there")).toBe(5);
    await y.sees("recv(5)");
  }),

  story("S3.16", "connect of AF_UNSPEC, or of NULL, forgets the peer; without a peer it is EINVAL", async (rig) => {
    const u = await bound(rig);
    expect(await u.connect(unspecified)).toBe("EINVAL");
    expect(await u.connect(null)).toBe("EINVAL");
    expect(await u.connect(lo(100))).toBe(0);
    await u.sees("connected");
    expect(await u.connect(null)).toBe(0);
    await u.none();
    expect(await u.connect(null)).toBe("EINVAL");
    expect(await u.send("x")).toBe("EDESTADDRREQ");
    expect(await u.sendto("x", lo(100))).toBe(1);
    expect(portOf(await u.sockname())).toBe(u.port);
    expect(await u.shutdown("SHUT_WR")).toBe("ENOTCONN");
    const fresh = await rig.udp();
    expect(await fresh.connect(unspecified)).toBe("EINVAL");
  }),

  story("S3.16", "a peer filters what comes from now on, and not what waits", async (rig) => {
    const [y, x, other] = [await bound(rig), await bound(rig), await bound(rig)];
    expect(await other.sendto("before", lo(y.port))).toBe(6);
    await y.sees("recv(6)");
    expect(await y.connect(lo(x.port))).toBe(0);
    await y.sees("connected");
    expect(await other.sendto("filtered", lo(y.port))).toBe(8);
    expect(await x.sendto("after", lo(y.port))).toBe(5);
    await y.sees("recv(5)");
    const first = await y.recvfrom(64);
    expect([first.data, portOf(first.addr)]).toEqual(["before", other.port]);
    expect(await y.recv(64)).toBe("after");
    expect(await y.connect(null)).toBe(0);
    expect(await other.sendto("again", lo(y.port))).toBe(5);
    await y.sees("recv(5)");
  }),

  story(
    "S3.16",
    "sends: EDESTADDRREQ without a peer, EISCONN with one and an address, whatever the length",
    async (rig) => {
      const u = await rig.udp();
      expect(await u.send("")).toBe("EDESTADDRREQ");
      expect(await u.send("x")).toBe("EDESTADDRREQ");
      expect([...(await u.sockname())].slice(2)).toEqual(Array.from({ length: 14 }, () => 0));
      expect(await u.sendto("", lo(100))).toBe(0);
      expect(await u.connect(lo(100))).toBe(0);
      await rig.still();
      expect(await u.get(SO.LEVEL, SO.ERROR)).toBe(0);
      expect(await u.sendto("x", lo(100))).toBe("EISCONN");
      expect(await u.sendto("", lo(100))).toBe("EISCONN");
      expect(await u.sendto("x", lo(101))).toBe("EISCONN");
    },
  ),

  story("S3.16", "sendto port 0 is no error, and nobody gets it", async (rig) => {
    const u = await bound(rig);
    expect(await u.sendto("void", lo(0))).toBe(4);
    await u.none();
    expect(await u.get(SO.LEVEL, SO.ERROR)).toBe(0);
  }),

  story("S3.16", "without a peer an ICMP error is kept for its destination, and for sendto alone", async (rig) => {
    const [closed, y] = [rig.port(), await bound(rig)];
    const u = await bound(rig);
    expect(await u.sendto("x", lo(closed))).toBe(1);
    await rig.still();
    expect(await u.sendto("without SO_DGRAM_ERRIND", lo(closed))).toBe(23);
    expect(await u.set(SO.LEVEL, SO.DGRAM_ERRIND, 1)).toBe(0);
    await rig.still();
    expect(await u.sendto("x", lo(closed))).toBe(1);
    await rig.still();
    expect(await u.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(await u.recv(9, "MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await u.ioctl("FIONREAD")).toBe(0);
    expect(await u.sendto("other", lo(y.port))).toBe(5);
    expect(await u.sendto("not sent", lo(closed))).toBe("ECONNREFUSED");
    expect(await u.sendto("x", lo(closed))).toBe(1);
    await u.none();
  }),

  story("S3.16", "with a peer it is taken by whoever asks first: send, recv, ioctl, SO_ERROR, connect", async (rig) => {
    const [one, two, three, four, five] = [
      await refused(rig),
      await refused(rig),
      await refused(rig),
      await refused(rig),
      await refused(rig),
    ];
    expect(await one.send("not sent")).toBe("ECONNREFUSED");
    expect(await one.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(await two.recv(9, "MSG_PEEK")).toBe("ECONNREFUSED");
    expect(await two.recv(9)).toBe("ECONNREFUSED");
    expect(await two.recv(9, "MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await three.ioctl("FIONREAD")).toBe("ECONNREFUSED");
    expect(await three.ioctl("FIONREAD")).toBe(0);
    expect(await four.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNREFUSED"));
    expect(await four.get(SO.LEVEL, SO.ERROR)).toBe(0);
    const { x } = await rig.datagrams();
    expect(await five.connect(await x.sockname())).toBe("ECONNREFUSED");
    expect(await five.connect(await x.sockname())).toBe(0);
    for (const u of [one, two, three, four]) await u.none();
    await five.sees("connected");
  }),

  story("S3.16", "the datagram of the send that gets the error does not go out", async (rig) => {
    const u = await rig.udp();
    const r = rig.raw();
    expect(await u.connect(at(RAW_HOST, r.port))).toBe(0);
    expect(await u.send("x")).toBe(1);
    await rig.still();
    await rig.unreachable(r.port, 3);
    await rig.still();
    const before = await rig.facts("netdev_queue_xmit");
    expect(await u.send("not sent")).toBe("ECONNREFUSED");
    expect(await rig.facts("netdev_queue_xmit")).toBe(before);
  }),

  story("S3.16", "what is refused of datagrams: listen, accept, shutdown, SIOCATMARK, urgent data", async (rig) => {
    const u = await bound(rig);
    expect(await u.listen(1)).toBe("EOPNOTSUPP");
    expect(await u.tryAccept()).toBe("EOPNOTSUPP");
    for (const how of ["SHUT_RD", "SHUT_WR", "SHUT_RDWR"] as const) expect(await u.shutdown(how)).toBe("ENOTCONN");
    expect(await u.ioctl("SIOCATMARK")).toBe("EINVAL");
    expect(await u.recv(1, "MSG_OOB")).toBe("EOPNOTSUPP");
    expect(await u.connect(lo(100))).toBe(0);
    expect(await u.send("x", "MSG_OOB")).toBe("EOPNOTSUPP");
    expect(await u.bind(lo(rig.port()))).toBe("EINVAL");
    expect(await u.listen(1)).toBe("EOPNOTSUPP");
  }),

  story("S3.16", "SHUT_WR: xmit(0) in the call, EPIPE for whatever is sent, and receiving goes on", async (rig) => {
    const { x, y } = await rig.datagrams();
    x.name = "X";
    await rig.logged("shutdown", x.shutdown("SHUT_WR"));
    expect(rig.log.slice(-2)).toEqual(["X xmit(0)", "shutdown returned"]);
    expect(await x.send("x")).toBe("EPIPE");
    expect(await x.send("")).toBe("EPIPE");
    expect(await x.sendto("x", await y.sockname())).toBe("EPIPE");
    expect(await x.set(SO.LEVEL, SO.BROADCAST, 1)).toBe("EINVAL");
    expect(await y.send("still")).toBe(5);
    expect(await x.recv(64)).toBe("still");
    await y.none();
    x.took();
    expect(await x.shutdown("SHUT_WR")).toBe(0);
    await x.sees("xmit(0)");
  }),

  story(
    "S3.16",
    "SHUT_RD: recv(0) in the call, what waits is lost, what comes is dropped, sending goes on",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      expect(await y.send("lost")).toBe(4);
      await x.sees("recv(4)");
      expect(await x.shutdown("SHUT_RD")).toBe(0);
      expect(await x.ioctl("FIONREAD")).toBe(0);
      expect(await x.recv(64)).toBe("");
      expect(await y.send("dropped")).toBe(7);
      await x.sees("recv(0)");
      expect(await x.recv(64)).toBe("");
      expect(await x.ioctl("FIONREAD")).toBe(0);
      expect(await x.send("goes")).toBe(4);
      expect(await y.recv(64)).toBe("goes");
    },
  ),

  story(
    "Q5",
    "a datagram socket has no normal end: SHUT_RDWR is xmit(0) and recv(0), and no disconnected(0)",
    async (rig) => {
      const { x, y } = await rig.datagrams();
      expect(await x.shutdown("SHUT_RDWR")).toBe(0);
      await x.sees("xmit(0)", "recv(0)");
      expect(await y.shutdown("SHUT_RDWR")).toBe(0);
      await y.sees("xmit(0)", "recv(0)");
    },
  ),

  story("S3.16", "a full buffer drops what comes, without an error and without an event", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await y.set(SO.LEVEL, SO.RCVBUF, 4000)).toBe(0);
    for (let i = 0; i < 8; i++) expect(await x.send("x".repeat(1000))).toBe(1000);
    await rig.still();
    const told = y.took();
    expect(new Set(told)).toEqual(new Set(["recv(1000)"]));
    expect(told.length).toBeLessThan(8);
    expect(await y.ioctl("FIONREAD")).toBe(told.length * 1000);
    for (let i = 0; i < told.length; i++) expect((await y.recv(2000)).length).toBe(1000);
    expect(await y.recv(2000, "MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await y.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(await x.send("again")).toBe(5);
    await y.sees("recv(5)");
  }),

  story("S3.16", "FIONREAD is the sum of what waits; peeks and empty datagrams change nothing of it", async (rig) => {
    const { x, y } = await rig.datagrams();
    for (const text of ["one", "", "three"]) expect(await x.send(text)).toBe(text.length);
    await y.sees("recv(3)", "recv(-1)", "recv(5)");
    expect(await y.ioctl("FIONREAD")).toBe(8);
    expect(await y.recv(2, "MSG_PEEK")).toBe("on");
    expect(await y.ioctl("FIONREAD")).toBe(8);
    expect(await y.recv(2)).toBe("on");
    expect(await y.ioctl("FIONREAD")).toBe(5);
    expect(await y.recv(64)).toBe("");
    expect(await y.recv(0)).toBe("");
    expect(await y.ioctl("FIONREAD")).toBe(0);
  }),

  story("S3.16", "a broadcast is nobody's privilege", async (rig) => {
    const u = await rig.udp();
    expect(await u.sendto("all", at("10.0.0.255", 100))).not.toBe("EACCES");
    expect(await u.get(SO.LEVEL, SO.BROADCAST)).toBe(0);
    expect(await u.set(SO.LEVEL, SO.BROADCAST, 1)).toBe(0);
    expect(await u.get(SO.LEVEL, SO.BROADCAST)).toBe(0x20);
  }),

  story("S3.16", "65507 bytes are a datagram, one more is EMSGSIZE", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send(new Uint8Array(65_508))).toBe("EMSGSIZE");
    expect(await y.set(SO.LEVEL, SO.RCVBUF, 200_000)).toBe(0);
    expect(await x.send(new Uint8Array(65_507).fill(7))).toBe(65_507);
    await y.sees("recv(65507)");
    expect((await y.recvBytes(70_000, "MSG_WAITALL")).length).toBe(65_507);
  }),

  story("S3.16", "a datagram is one read, and MSG_WAITALL does not wait for a second", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect([await x.send("ab"), await x.send("cd")]).toEqual([2, 2]);
    await y.sees("recv(2)", "recv(2)");
    expect(await y.recv(64, "MSG_WAITALL")).toBe("ab");
    expect(await y.recv(1, "MSG_PEEK|MSG_WAITALL")).toBe("c");
    expect(await y.recv(64)).toBe("cd");
  }),

  story("S3.16", "data before an error: a datagram that waits is read first", async (rig) => {
    const [x, y] = [await bound(rig), await bound(rig)];
    expect(await x.connect(lo(y.port))).toBe(0);
    expect(await y.sendto("waits", lo(x.port))).toBe(5);
    expect(await y.close()).toBe(0);
    expect(await x.send("nobody")).toBe(6);
    await rig.still();
    expect(await x.recv(64)).toBe("waits");
    expect(await x.recv(64)).toBe("ECONNREFUSED");
    expect(await x.send("nobody")).toBe(6);
  }),

  story("S3.16", "AF_INET6 datagrams: a name of 32 bytes, and no peer of the other family", async (rig) => {
    const y = await rig.udp(AF_INET6);
    const port = rig.port();
    expect(await y.bind(lo(port, AF_INET6))).toBe(0);
    const x = await rig.udp(AF_INET6);
    expect(await x.sendto("x", lo(port))).toBe("EAFNOSUPPORT");
    expect(await x.connect(lo(port))).toBe("EAFNOSUPPORT");
    expect(await x.sendto("x", lo(port, AF_INET6))).toBe(1);
    const { addrlen, data } = await y.recvfrom(9);
    expect([addrlen, data]).toEqual([32, "x"]);
  }),
];
