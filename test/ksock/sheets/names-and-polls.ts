import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { AF_INET6, at, hostOf, lo, portOf, SO, unspecified } from "../cases/words.ts";

const ALL = "POLLIN|POLLPRI|POLLOUT|POLLRDNORM|POLLRDBAND|POLLWRBAND|POLLRDHUP";

/** Sections 3.10, 3.13 and 3.14, sentence by sentence. */
export const NAMES_AND_POLLS: readonly Case[] = [
  story("S3.10", "what is wrong with a name's arguments: EFAULT, ENOTCONN, EINVAL, in this order", async (rig) => {
    const fresh = await rig.tcp();
    expect(await fresh.tryPeername(null)).toBe("EFAULT");
    expect(await fresh.tryPeername(16, true)).toBe("EFAULT");
    expect(await fresh.tryPeername(3)).toBe("ENOTCONN");
    expect(await fresh.tryPeername(0, true)).toBe("ENOTCONN");
    expect(await fresh.trySockname(null)).toBe("EFAULT");
    expect(await fresh.trySockname(1, true)).toBe("EFAULT");
    expect(await fresh.trySockname(0, true)).toBe("EINVAL");
    expect(await fresh.trySockname(15)).toBe("EINVAL");
    expect(await fresh.trySockname(16)).toBe(0);
    expect(await fresh.trySockname(200)).toBe(0);
    const { c } = await rig.connected();
    expect(await c.tryPeername(15)).toBe("EINVAL");
    expect(await c.tryPeername(16)).toBe(0);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await c.tryPeername(null)).toBe("EFAULT");
    expect(await c.tryPeername(16, true)).toBe("EFAULT");
    expect(await c.tryPeername(16)).toBe("EINVAL");
    expect(await c.trySockname(16)).toBe(0);
  }),

  story("S3.10", "AF_INET6 needs 32 bytes, and says so however much room there is", async (rig) => {
    for (const s of [await rig.tcp(AF_INET6), await rig.udp(AF_INET6)]) {
      expect(await s.trySockname(31)).toBe("EINVAL");
      expect(await s.trySockname(16)).toBe("EINVAL");
      expect(await s.trySockname(32)).toBe(0);
      const [error, name] = await rig.k.ksock_getsockname(s.handle, { addrlen: 128 });
      expect(error).toBe(0);
      expect([...name]).toEqual([AF_INET6, ...Array.from({ length: 31 }, () => 0)]);
    }
    const four = await rig.udp();
    const [, name] = await rig.k.ksock_getsockname(four.handle, { addrlen: 128 });
    expect([...name]).toEqual([2, ...Array.from({ length: 15 }, () => 0)]);
  }),

  story("S3.10", "getsockname after a bind that was implicit: listen, connect, sendto", async (rig) => {
    const l = await rig.tcp();
    expect(await l.listen(1)).toBe(0);
    expect(portOf(await l.sockname())).toBeGreaterThanOrEqual(32_768);
    expect(hostOf(await l.sockname())).toBe("0.0.0.0");
    const c = await rig.tcp();
    expect(await c.connect(lo(portOf(await l.sockname())))).toBe(0);
    expect(hostOf(await c.sockname())).toBe("127.0.0.1");
    expect(portOf(await c.sockname())).toBeGreaterThanOrEqual(32_768);
    const a = await l.accept();
    expect(hostOf(await a.sockname())).toBe("127.0.0.1");
    expect(portOf(await a.sockname())).toBe(portOf(await l.sockname()));
    const u = await rig.udp();
    expect(await u.sendto("x", lo(9))).toBe(1);
    expect(portOf(await u.sockname())).toBeGreaterThanOrEqual(32_768);
    const v = await rig.udp();
    expect(await v.connect(at(RAW_HOST, 9))).toBe(0);
    expect(hostOf(await v.sockname())).toBe("10.0.0.1");
  }),

  story("S3.10", "getpeername while connecting, after a failure, after each FIN, and after SHUT_RD", async (rig) => {
    const r = rig.raw();
    const c = await rig.tcp();
    await c.nonblocking();
    expect(await c.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
    expect(await c.tryPeername(16)).toBe("ENOTCONN");
    expect(portOf(await c.sockname())).toBeGreaterThanOrEqual(32_768);
    await r.refuse();
    await rig.still();
    expect(await c.tryPeername(16)).toBe("ENOTCONN");
    expect(await c.trySockname(16)).toBe(0);
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNREFUSED"));
    const { c: d, a, l } = await rig.connected();
    expect(await l.tryPeername(16)).toBe("ENOTCONN");
    expect(await d.shutdown("SHUT_RD")).toBe(0);
    expect(await d.tryPeername(16)).toBe(0);
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect(portOf(await d.peername())).toBe(l.port);
    expect(await a.tryPeername(16)).toBe("EINVAL");
    expect(await d.close()).toBe(0);
    await rig.still();
    expect(await a.tryPeername(16)).toBe("EINVAL");
  }),

  story("S3.10", "getpeername of a datagram socket: its peer, EINVAL after SHUT_WR, ENOTCONN without", async (rig) => {
    const u = await rig.udp();
    expect(await u.tryPeername(16)).toBe("ENOTCONN");
    expect(await u.connect(lo(77))).toBe(0);
    expect([hostOf(await u.peername()), portOf(await u.peername())]).toEqual(["127.0.0.1", 77]);
    expect(await u.connect(lo(78))).toBe(0);
    expect(portOf(await u.peername())).toBe(78);
    const port = portOf(await u.sockname());
    expect(await u.connect(unspecified)).toBe(0);
    expect(await u.tryPeername(16)).toBe("ENOTCONN");
    expect(portOf(await u.sockname())).toBe(port);
    expect(await u.connect(lo(79))).toBe(0);
    expect(await u.shutdown("SHUT_WR")).toBe(0);
    expect(await u.tryPeername(16)).toBe("EINVAL");
  }),

  story("S3.10", "after a reset: no peer, and a name of zeros; the error is still there", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.rst();
    await c.until("disconnected(ECONNRESET)");
    expect(await c.tryPeername(16)).toBe("ENOTCONN");
    expect([...(await c.sockname())]).toEqual([2, ...Array.from({ length: 15 }, () => 0)]);
    expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNRESET"));
  }),

  story("S3.13", "poll of a fresh, bound, listening and connecting socket; nowhere to put the answer", async (rig) => {
    const fresh = await rig.tcp();
    expect(await fresh.poll(ALL, 0)).toBe("");
    expect((await rig.k.ksocket_spoll(fresh.handle, 0, 1, {}, null))[0]).toBe(rig.number("EINVAL"));
    const l = await rig.listener();
    expect(await l.poll(ALL, 0)).toBe("");
    const r = rig.raw();
    await fresh.nonblocking();
    expect(await fresh.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
    expect(await fresh.poll(ALL, 0)).toBe("");
    const waiting = fresh.poll("POLLOUT", -1);
    await r.accept();
    expect(await waiting).toBe("POLLOUT");
    expect(await fresh.poll(ALL, 0)).toBe("POLLOUT|POLLWRBAND");
  }),

  story("S3.13", "poll: what is not asked for is not told, and waits are as long as was said", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("x")).toBe(1);
    await a.until("recv(1)");
    expect(await a.poll("POLLRDNORM", 0)).toBe("POLLRDNORM");
    expect(await a.poll("POLLIN", 0)).toBe("POLLIN");
    const before = rig.seconds();
    expect(await a.poll("POLLPRI|POLLRDBAND", 1500)).toBe("");
    expect(rig.seconds() - before).toBeGreaterThanOrEqual(1.5);
    expect(rig.seconds() - before).toBeLessThan(1.6);
    expect(await a.poll("POLLIN", 1500)).toBe("POLLIN");
    expect(await a.recv(9)).toBe("x");
    expect(await a.poll(ALL, 0)).toBe("POLLOUT|POLLWRBAND");
  }),

  story("S3.13", "poll: an end of file, a half of one's own, both, and a reset", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await a.poll(ALL, 0)).toBe("POLLIN|POLLOUT|POLLRDHUP|POLLRDNORM|POLLWRBAND");
    expect(await c.poll(ALL, 0)).toBe("POLLOUT|POLLWRBAND");
    const { c: d, r } = await rig.toRaw();
    const waiting = d.poll("POLLIN", -1);
    await r.rst();
    expect(await waiting).toBe("POLLHUP|POLLIN");
    expect(await d.poll(`${ALL}|POLLHUP|POLLERR`, 0)).toBe("POLLHUP|POLLIN|POLLOUT|POLLRDHUP|POLLRDNORM");
    expect(await d.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNRESET"));
    expect(await d.poll(`${ALL}|POLLHUP|POLLERR`, 0)).toBe("POLLHUP|POLLIN|POLLRDHUP|POLLRDNORM");
  }),

  story("S3.13", "poll does not take a pending error", async (rig) => {
    const u = await rig.udp();
    expect(await u.connect(lo(rig.port()))).toBe(0);
    expect(await u.poll(ALL, 0)).toBe("POLLOUT|POLLWRBAND");
    const waiting = u.poll("POLLIN", -1);
    expect(await u.send("x")).toBe(1);
    expect(await waiting).toBe("POLLIN");
    expect(await u.poll("POLLIN|POLLERR", 0)).toBe("POLLIN");
    expect(await u.recv(9)).toBe("ECONNREFUSED");
    expect(await u.poll("POLLIN", 0)).toBe("");
  }),

  story("S3.13", "poll of datagrams: room without a peer, a datagram, an empty one, SHUT_RD", async (rig) => {
    const u = await rig.udp();
    expect(await u.poll(ALL, 0)).toBe("POLLOUT");
    const { x, y } = await rig.datagrams();
    expect(await x.send("")).toBe(0);
    await y.until("recv(-1)");
    expect(await y.poll("POLLIN|POLLRDHUP", 0)).toBe("POLLIN");
    expect(await y.recv(9)).toBe("");
    expect(await y.poll("POLLIN", 0)).toBe("");
    expect(await y.shutdown("SHUT_RD")).toBe(0);
    expect(await y.poll("POLLIN|POLLRDHUP", 0)).toBe("POLLIN|POLLRDHUP");
  }),

  story("S3.13", "poll: urgent data is pending from its mark until a byte beyond it is read", async (rig) => {
    const { c, r } = await rig.toRaw();
    const waiting = c.poll("POLLPRI", -1);
    await r.mark(0);
    expect(await waiting).toBe("POLLPRI");
    expect(await c.poll("POLLPRI|POLLRDBAND|POLLIN", 0)).toBe("POLLPRI|POLLRDBAND");
    await r.urgent("!");
    await c.until("exception");
    expect(await c.recv(1, "MSG_OOB")).toBe("!");
    expect(await c.poll("POLLPRI", 0)).toBe("POLLPRI");
    await r.data("x");
    await c.until("recv(1)");
    expect(await c.recv(1)).toBe("x");
    expect(await c.poll("POLLPRI|POLLRDBAND", 0)).toBe("");
  }),

  story("S3.13", "poll: whoever waits when the socket is closed gets EINTR", async (rig) => {
    const { c, l } = await rig.connected();
    const polls = [c.poll("POLLIN", -1), l.poll("POLLIN", 100_000)];
    await rig.still();
    expect([await c.close(), await l.close()]).toEqual([0, 0]);
    expect(await Promise.all(polls)).toEqual(["EINTR", "EINTR"]);
  }),

  story("S3.13", "poll: a second connection in the queue keeps a listener readable", async (rig) => {
    const l = await rig.listener();
    const [one, two] = [await rig.tcp(), await rig.tcp()];
    expect([await one.connect(lo(l.port)), await two.connect(lo(l.port))]).toEqual([0, 0]);
    await l.accept();
    expect(await l.poll("POLLIN|POLLRDNORM|POLLOUT", 0)).toBe("POLLIN|POLLRDNORM");
    await l.accept();
    expect(await l.poll("POLLIN|POLLRDNORM", 0)).toBe("");
  }),

  story("S3.14", "a close waits for each hold, and whoever holds can let go while it waits", async (rig) => {
    const s = await rig.tcp();
    expect([await s.tryHold(), await s.tryHold()]).toEqual([0, 0]);
    let closed = false;
    const close = s.close().then((error) => ((closed = true), error));
    await rig.still();
    expect(await s.tryHold()).toBe("ENOTSOCK");
    expect(await s.close()).toBe("ENOTSOCK");
    expect(await s.tryRele()).toBe(0);
    await rig.still();
    expect(closed).toBe(false);
    expect(await s.tryRele()).toBe(0);
    expect(await close).toBe(0);
    expect([await s.tryHold(), await s.tryRele()]).toEqual(["ENOTSOCK", "ENOTSOCK"]);
  }),

  story(
    "S3.14",
    "hold and rele inside a callback of any socket; a hold of there keeps a close waiting",
    async (rig) => {
      const { c, a } = await rig.connected();
      const answers: unknown[] = [];
      a.within(async () => {
        answers.push(await a.tryHold(), await c.tryHold(), await c.tryRele());
      });
      expect(await c.send("x")).toBe(1);
      await a.until("recv(1)");
      await rig.still();
      expect(answers).toEqual([0, 0, 0]);
      let closed = false;
      const close = a.close().then((error) => ((closed = true), error));
      await rig.still();
      expect(closed).toBe(false);
      expect(await a.tryRele()).toBe(0);
      expect(await close).toBe(0);
    },
  ),
];
