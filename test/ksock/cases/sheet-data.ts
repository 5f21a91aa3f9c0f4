import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { AF_INET6, lo, SO } from "./words.ts";

/** Sections 3.6, 3.7 and 2. */
export const SHEET_DATA: readonly Case[] = [
  story("S3.6", "whoever waits to send is woken by SHUT_WR with EPIPE", async (rig) => {
    const { c } = await rig.connected();
    await rig.stop(c);
    await c.blocking();
    const sending = c.send("more");
    await rig.still();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await sending).toBe("EPIPE");
  }),

  story("S3.6", "a timeout after progress is a short count", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    await c.timeout(SO.SNDTIMEO, 0.2);
    const sent = await c.send(new Uint8Array(4_000_000));
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(4_000_000);
  }),

  story("S3.6", "MSG_OOB and a length of 0 does nothing; sendmsg gathers", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("", "MSG_OOB")).toBe(0);
    await a.none();
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
    const parts = ["gath", "", "ered"].map((text) => new TextEncoder().encode(text));
    expect(await rig.k.ksocket_sendmsg(c.handle, { msg_iov: parts }, 0, {})).toEqual([0, 8]);
    expect(await a.recv(64)).toBe("gathered");
  }),

  story("S3.6", "ancillary data on a connection is EOPNOTSUPP", async (rig) => {
    const { c } = await rig.connected();
    const msg = { msg_iov: [new Uint8Array([1])], msg_control: new Uint8Array(16) };
    const [error, count] = await rig.k.ksocket_sendmsg(c.handle, msg, 0, {});
    expect([error, count]).toEqual([rig.number("EOPNOTSUPP"), 0]);
  }),

  story("S3.6", "sendto: the family is EAFNOSUPPORT, the length EINVAL; unknown flags are nothing", async (rig) => {
    const u = await rig.udp();
    const other = lo(rig.port());
    other[0] = 26;
    expect(["EAFNOSUPPORT", "EINVAL"]).toContain(await u.sendto("x", other));
    expect(await u.sendto("x", lo(rig.port(), AF_INET6))).toBe("EAFNOSUPPORT");
    expect(await u.sendto("x", lo(rig.port()).subarray(0, 7))).toBe("EINVAL");
    const { c, a } = await rig.connected();
    expect(await rig.k.ksock_send(c.handle, new TextEncoder().encode("odd"), 3, 0x0100_0000)).toEqual([0, 3]);
    expect(await c.send("flags", "MSG_PEEK|MSG_WAITALL|MSG_EOR|MSG_DONTROUTE|MSG_NOSIGNAL")).toBe(5);
    expect(await a.recv(8, "MSG_WAITALL")).toBe("oddflags");
  }),

  story("S3.6", "the largest datagram is 65507 bytes", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.set(SO.LEVEL, SO.SNDBUF, 1 << 20)).toBe(0);
    expect(await y.set(SO.LEVEL, SO.RCVBUF, 1 << 20)).toBe(0);
    expect(await x.send(new Uint8Array(65_507))).toBe(65_507);
    expect((await y.recvBytes(70_000)).length).toBe(65_507);
  }),

  story("S3.6", "nothing arrives of a corked connection until the cork is out", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.set(6, 0x18, 1)).toBe(0);
    expect(await c.send("cor")).toBe(3);
    expect(await c.send("ked")).toBe(3);
    expect(await c.set(6, 0x18, 0)).toBe(0);
    await a.sees("recv(6)");
    expect(await a.recv(64)).toBe("corked");
  }),

  story("S3.7", "the order of a read: data, the error, the end of file", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.data("data");
    await c.until("recv(4)");
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    expect(await c.recv(2)).toBe("da");
    expect(await c.recv(2)).toBe("ta");
    expect(await c.recv(2)).toBe("ECONNRESET");
    expect(await c.recv(2)).toBe("");
  }),

  story("S3.7", "a length of 0 never waits: a pending error, else 0", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.recv(0)).toBe("");
    await r.data("stays");
    await c.until("recv(5)");
    expect(await c.recv(0)).toBe("");
    expect(await c.recv(64)).toBe("stays");
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    expect(await c.recv(0)).toBe("ECONNRESET");
    expect(await c.recv(0)).toBe("");
  }),

  story("S3.7", "a read of 0 bytes takes a datagram away, and does not wait for one", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await y.recv(0)).toBe("");
    for (const text of ["gone", "here"]) expect(await x.send(text)).toBe(4);
    await y.until("recv(4)", "recv(4)");
    expect((await y.recvmsg(0)).flags).toContain("MSG_TRUNC");
    expect(await y.recv(64)).toBe("here");
  }),

  story("S3.7", "one read at a time: another waits, and another that may not wait is EAGAIN", async (rig) => {
    const { c, a } = await rig.connected();
    const first = a.recv(3, "MSG_WAITALL");
    await rig.still();
    expect(await a.recv(64, "MSG_DONTWAIT")).toBe("EAGAIN");
    const second = a.recv(64);
    expect(await c.send("12")).toBe(2);
    await rig.still();
    expect(await a.recv(64, "MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await c.send("345")).toBe(3);
    expect(await first).toBe("123");
    expect(await second).toBe("45");
  }),

  story("S3.7", "MSG_WAITALL ends at a timeout with what there is; with MSG_PEEK it does not count", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("some")).toBe(4);
    await a.until("recv(4)");
    expect(await a.recv(64, "MSG_WAITALL|MSG_PEEK")).toBe("some");
    await a.timeout(SO.RCVTIMEO, 0.1);
    expect(await a.recv(64, "MSG_WAITALL")).toBe("some");
    expect(await a.recv(64, "MSG_WAITALL")).toBe("EAGAIN");
  }),

  story("S3.7", "MSG_WAITALL of a datagram is one datagram", async (rig) => {
    const { x, y } = await rig.datagrams();
    for (const text of ["one", "two"]) expect(await x.send(text)).toBe(3);
    expect(await y.recv(64, "MSG_WAITALL")).toBe("one");
  }),

  story("S2 S3.7", "a reset within MSG_WAITALL is ECONNRESET, of 0 bytes", async (rig) => {
    const { c, r } = await rig.toRaw();
    const reading = c.recv(64, "MSG_WAITALL");
    await r.data("lost");
    await rig.still();
    await r.rst();
    expect(await reading).toBe("ECONNRESET");
    expect(await c.recv(64)).toBe("");
  }),

  story("S2", "a close that interrupts a read after progress leaves a short count", async (rig) => {
    const { c, a } = await rig.connected();
    const reading = a.recv(64, "MSG_WAITALL");
    expect(await c.send("short")).toBe(5);
    await rig.still();
    expect(await a.close()).toBe(0);
    expect(await reading).toBe("short");
  }),

  story("S2", "a pending error is collected once, by whoever asks first, and others do not look", async (rig) => {
    const collect: Readonly<Record<string, (s: Awaited<ReturnType<typeof rig.toRaw>>["c"]) => Promise<unknown>>> = {
      recv: (s) => s.recv(64),
      option: (s) => s.get(SO.LEVEL, SO.ERROR),
      ioctl: (s) => s.ioctl("FIONREAD"),
      connect: (s) => s.connect(lo(0)),
    };
    for (const take of Object.values(collect)) {
      const { c, r } = await rig.toRaw();
      await r.rst();
      await c.until("disconnected(ECONNRESET)");
      // None of these looks at it.
      expect(await c.trySockname(16)).toBe(0);
      expect(await c.tryPeername(16)).toBe("ENOTCONN");
      expect(await c.shutdown("SHUT_RDWR")).toBe("ENOTCONN");
      expect(await c.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
      expect(["ECONNRESET", rig.number("ECONNRESET")]).toContain(await take(c));
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
    }
  }),

  story("S3.16", "a datagram for a closed port: the error is told once by each call that tells errors", async (rig) => {
    const collect: Readonly<Record<string, (s: Awaited<ReturnType<typeof rig.udp>>) => Promise<unknown>>> = {
      send: (s) => s.send("x"),
      recv: (s) => s.recv(64),
      option: (s) => s.get(SO.LEVEL, SO.ERROR),
      ioctl: (s) => s.ioctl("FIONREAD"),
      connect: (s) => s.connect(lo(9)),
    };
    for (const take of Object.values(collect)) {
      const s = await rig.udp();
      expect(await s.connect(lo(rig.port()))).toBe(0);
      expect(await s.send("x")).toBe(1);
      await rig.still();
      expect(["ECONNREFUSED", rig.number("ECONNREFUSED")]).toContain(await take(s));
      expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(0);
    }
  }),

  story(
    "S3.16",
    "an unconnected socket with SO_DGRAM_ERRIND learns of an error when it sends there again",
    async (rig) => {
      const s = await rig.udp();
      expect(await s.set(SO.LEVEL, SO.DGRAM_ERRIND, 1)).toBe(0);
      const closed = lo(rig.port());
      expect(await s.sendto("x", closed)).toBe(1);
      await rig.still();
      expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(0);
      expect(await s.sendto("x", lo(rig.port()))).toBe(1);
      expect(await s.sendto("x", closed)).toBe("ECONNREFUSED");
      const deaf = await rig.udp();
      expect(await deaf.sendto("x", closed)).toBe(1);
      await rig.still();
      expect(await deaf.sendto("x", closed)).toBe(1);
    },
  ),

  story(
    "S3.16",
    "what was queued before a connect stays; a broadcast is not refused; disconnecting the unconnected is EINVAL",
    async (rig) => {
      const y = await rig.udp();
      expect(await y.bind(lo(rig.port()))).toBe(0);
      const [x, z] = [await rig.udp(), await rig.udp()];
      for (const s of [x, z]) expect(await s.bind(lo(rig.port()))).toBe(0);
      expect(await x.sendto("queued", await y.sockname())).toBe(6);
      await rig.still();
      expect(await y.connect(await z.sockname())).toBe(0);
      expect(await y.recv(64)).toBe("queued");
      const fresh = await rig.udp();
      expect(await fresh.connect(new Uint8Array(16))).toBe("EINVAL");
      expect(await fresh.sendto("all", new Uint8Array([2, 0, 0, 9, 10, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0]))).toBe(3);
    },
  ),

  story("S3.16", "a full receive buffer drops datagrams silently", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await y.set(SO.LEVEL, SO.RCVBUF, 4000)).toBe(0);
    for (let i = 0; i < 20; i++) expect(await x.send(new Uint8Array(1000))).toBe(1000);
    await rig.still();
    const waiting = Number(await y.ioctl("FIONREAD"));
    expect(waiting).toBeGreaterThanOrEqual(3000);
    expect(waiting).toBeLessThan(20_000);
    expect(await x.get(SO.LEVEL, SO.ERROR)).toBe(0);
    expect(y.took()).toHaveLength(waiting / 1000);
  }),
];
