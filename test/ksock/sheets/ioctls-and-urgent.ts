import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { FORBIDDEN_IOCTLS, lo, SO } from "../cases/words.ts";

/** Sections 5 and 7, sentence by sentence. */
export const IOCTLS_AND_URGENT: readonly Case[] = [
  story(
    "S5",
    "the forbidden ones first, then the error that waits, then whether there is such a command",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      await r.rst();
      await c.until("disconnected(ECONNRESET)");
      for (const cmd of FORBIDDEN_IOCTLS) {
        expect(await c.ioctl(cmd)).toBe("EOPNOTSUPP");
        expect(await c.ioctl(cmd, null)).toBe("EOPNOTSUPP");
      }
      expect(await c.ioctl("FIONBIO", null)).toBe("ECONNRESET");
      expect(await c.ioctl("FIONBIO", null)).toBe("EFAULT");
      const { c: d, r: q } = await rig.toRaw();
      await q.rst();
      await d.until("disconnected(ECONNRESET)");
      expect(await d.ioctl(0x4321)).toBe("ECONNRESET");
      expect(await d.ioctl(0x4321)).toBe("EINVAL");
    },
  ),

  story("S5", "the STREAMS commands are 0x5300 to 0x53ff, and none beside them", async (rig) => {
    for (const s of [await rig.tcp(), await rig.udp()]) {
      for (const cmd of [0x5300, 0x5301, 0x5380, 0x53ff]) expect(await s.ioctl(cmd)).toBe("EOPNOTSUPP");
      for (const cmd of [0x5400, 0x52ff, 0x15301]) expect(await s.ioctl(cmd)).toBe("EINVAL");
    }
  }),

  story("S5", "FIONREAD and SIOCATMARK of what is fresh, listens, and has ended", async (rig) => {
    const fresh = await rig.tcp();
    expect([await fresh.ioctl("FIONREAD"), await fresh.ioctl("SIOCATMARK")]).toEqual([0, 0]);
    const { c, l, a } = await rig.connected();
    expect([await l.ioctl("FIONREAD"), await l.ioctl("SIOCATMARK")]).toEqual([0, 0]);
    expect(await c.send("12345")).toBe(5);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await a.ioctl("FIONREAD")).toBe(5);
    expect(await a.recv(2)).toBe("12");
    expect(await a.ioctl("FIONREAD")).toBe(3);
    expect(await a.shutdown("SHUT_RD")).toBe(0);
    expect(await a.ioctl("FIONREAD")).toBe(0);
  }),

  story("S5", "an error that FIONBIO returns leaves the socket as blocking as it was", async (rig) => {
    const u = await rig.udp();
    expect(await u.connect(lo(rig.port()))).toBe(0);
    expect(await u.send("x")).toBe(1);
    await rig.still();
    expect(await u.ioctl("FIONBIO", 1)).toBe("ECONNREFUSED");
    await u.timeout(SO.RCVTIMEO, 1);
    const before = rig.seconds();
    expect(await u.recv(9)).toBe("EAGAIN");
    expect(rig.seconds() - before).toBeCloseTo(1, 1);
    expect(await u.ioctl("FIONBIO", -7)).toBe(-7);
    expect(await u.recv(9)).toBe("EAGAIN");
    expect(rig.seconds() - before).toBeCloseTo(1, 1);
  }),

  story(
    "U1",
    "a mark that comes ahead of its byte: counted from what is queued, and the byte waited for",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      await r.data("ab");
      await c.sees("recv(2)");
      await r.mark(2);
      await c.none();
      expect(await c.ioctl("SIOCATMARK")).toBe(0);
      expect(await c.recv(1, "MSG_OOB")).toBe("EAGAIN");
      await r.data("cd");
      await c.sees("recv(2)");
      await r.urgent("!");
      await c.sees("exception");
      await r.data("ef");
      await c.sees("recv(2)");
      expect(await c.ioctl("FIONREAD")).toBe(6);
      expect(await c.recv(64)).toBe("abcd");
      expect(await c.ioctl("SIOCATMARK")).toBe(1);
      expect(await c.recv(1, "MSG_OOB")).toBe("!");
      expect(await c.recv(64)).toBe("ef");
      expect(await c.ioctl("SIOCATMARK")).toBe(0);
    },
  ),

  story("U1", "a newer mark forgets that the older byte was read, and the byte if it was not", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("1", "MSG_OOB")).toBe(1);
    await a.sees("exception");
    expect(await a.recv(1, "MSG_OOB")).toBe("1");
    expect(await c.send("2", "MSG_OOB")).toBe(1);
    await a.sees("exception");
    expect(await a.recv(1, "MSG_OOB")).toBe("2");
    expect(await c.send("3", "MSG_OOB")).toBe(1);
    expect(await c.send("4", "MSG_OOB")).toBe(1);
    await a.sees("exception", "exception");
    expect(await a.ioctl("FIONREAD")).toBe(0);
    expect(await a.recv(1, "MSG_OOB")).toBe("4");
    expect(await c.send("x")).toBe(1);
    await a.sees("recv(1)");
    expect(await a.recv(64)).toBe("x");
  }),

  story("U3", "inline, an older urgent byte is data like any other", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    expect(await c.send("ab", "MSG_OOB")).toBe(2);
    await a.until("exception");
    expect(await c.send("cd", "MSG_OOB")).toBe(2);
    await a.until("exception", "exception");
    expect(await a.ioctl("FIONREAD")).toBe(4);
    expect(await a.recv(64)).toBe("abc");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(64)).toBe("d");
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
  }),

  story("R1", "once it was read and passed, MSG_OOB stays EINVAL until there is another mark", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    expect(await c.send("x")).toBe(1);
    await a.until("exception", "recv(1)");
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
    expect(await a.recv(64)).toBe("x");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await c.send("?", "MSG_OOB")).toBe(1);
    await a.until("exception", "recv(1)", "exception");
    expect(await a.recv(1, "MSG_OOB")).toBe("?");
  }),

  story(
    "R4",
    "MSG_OOB and MSG_PEEK: as often as one likes, also with other flags, and at most one byte",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.send("ab!", "MSG_OOB")).toBe(3);
      await a.until("exception");
      expect(await a.recv(64, "MSG_OOB|MSG_PEEK")).toBe("!");
      expect(await a.recv(64, "MSG_OOB|MSG_PEEK|MSG_DONTWAIT|MSG_WAITALL")).toBe("!");
      expect(await a.recv(0, "MSG_OOB|MSG_PEEK")).toBe("");
      expect(await a.recv(64, "MSG_OOB")).toBe("!");
      expect(await a.recv(64, "MSG_OOB|MSG_PEEK")).toBe("EINVAL");
      expect(await a.recv(64)).toBe("ab");
    },
  ),

  story("R5", "a small read before the mark, one up to it, one beyond it", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("abcd!", "MSG_OOB")).toBe(5);
    expect(await c.send("efgh")).toBe(4);
    await a.until("exception", "recv(4)");
    expect(await a.recv(3)).toBe("abc");
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
    expect(await a.recv(3)).toBe("d");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(0)).toBe("");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB|MSG_PEEK")).toBe("!");
    expect(await a.recv(1)).toBe("e");
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await a.recv(64)).toBe("fgh");
  }),

  story("R6 D32", "at the mark with no more data: would block, and the byte is kept", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.recv(64, "MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await a.recv(64, "MSG_DONTWAIT|MSG_PEEK")).toBe("EAGAIN");
    expect(await a.recv(1, "MSG_OOB|MSG_PEEK")).toBe("!");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await a.recv(64)).toBe("");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
  }),

  story("R8", "MSG_WAITALL that begins before the mark and one that begins at it", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("ab!", "MSG_OOB")).toBe(3);
    expect(await c.send("cdef")).toBe(4);
    await a.until("exception", "recv(4)");
    expect(await a.recv(6, "MSG_WAITALL")).toBe("ab");
    expect(await a.recv(4, "MSG_WAITALL")).toBe("cdef");
  }),

  story("R8", "a MSG_WAITALL that waits is ended by a mark", async (rig) => {
    const { c, r } = await rig.toRaw();
    const reading = c.recv(10, "MSG_WAITALL");
    await r.data("abc");
    await rig.still();
    await r.urgent("de!");
    expect(await reading).toBe("abcde");
    expect(await c.ioctl("SIOCATMARK")).toBe(1);
  }),

  story("R3", "MSG_OOB with no room takes the byte; with room for more it is one byte", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.recv(0, "MSG_OOB")).toBe("");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
  }),

  story(
    "S7",
    "sending nothing urgent does nothing; who has shut down gets EPIPE, who is not connected ENOTCONN",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.send("", "MSG_OOB")).toBe(0);
      await a.none();
      expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      expect(await c.send("!", "MSG_OOB")).toBe("EPIPE");
      expect(await (await rig.tcp()).send("!", "MSG_OOB")).toBe("ENOTCONN");
      expect(await (await rig.tcp()).recv(1, "MSG_OOB")).toBe("ENOTCONN");
    },
  ),

  story(
    "S7",
    "urgent data of an ordinary size is told as an arrival and an exception, the byte not counted",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.send("hello!", "MSG_OOB")).toBe(6);
      await a.sees("recv(5)", "exception");
      expect(a.lastException()).toBe(1);
      await a.watchAlias();
      expect(await c.send("xy?", "MSG_OOB")).toBe(3);
      await a.sees("newdata(7)", "oobdata(0)");
    },
  ),

  story("R10", "inline turned off again: the byte that came inline stays where it is", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await a.ioctl("FIONREAD")).toBe(0);
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 0)).toBe(0);
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
  }),
];
