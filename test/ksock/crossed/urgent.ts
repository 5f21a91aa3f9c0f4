import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { fill } from "../cases/sock.ts";
import { lo, SO } from "../cases/words.ts";

/** Sheet 7 crossed with flags, sizes, options, errors and ends. */
export const URGENT_CROSSED: readonly Case[] = [
  story("S7", "at every moment: SIOCATMARK, FIONREAD, MSG_OOB with PEEK, and the poll", async (rig) => {
    const { c, a } = await rig.connected();
    const look = async (): Promise<unknown> => [
      await c.ioctl("SIOCATMARK"),
      await c.ioctl("FIONREAD"),
      await c.recv(9, "MSG_OOB|MSG_PEEK"),
      await c.poll("POLLIN|POLLPRI|POLLRDBAND", 0),
    ];
    const found = [await look()];
    expect(await a.send("ab")).toBe(2);
    expect(await a.send("X", "MSG_OOB")).toBe(1);
    expect(await a.send("cd")).toBe(2);
    await rig.still();
    expect(c.took()).toEqual(["recv(2)", "exception", "recv(2)"]);
    found.push(await look());
    expect(await c.recv(1)).toBe("a");
    found.push(await look());
    expect([await c.recv(64, "MSG_PEEK"), await c.recv(64, "MSG_WAITALL")]).toEqual(["b", "b"]);
    found.push(await look());
    expect([await c.recv(1, "MSG_PEEK"), await c.recv(0), await c.recv(0, "MSG_PEEK")]).toEqual(["c", "", ""]);
    found.push(await look());
    expect(await c.recv(9, "MSG_OOB")).toBe("X");
    found.push(await look());
    expect(await c.recv(1)).toBe("c");
    found.push(await look());
    expect(found).toEqual([
      [0, 0, "EINVAL", ""],
      [0, 4, "X", "POLLIN|POLLPRI|POLLRDBAND"],
      [0, 3, "X", "POLLIN|POLLPRI|POLLRDBAND"],
      [1, 2, "X", "POLLIN|POLLPRI|POLLRDBAND"],
      [1, 2, "X", "POLLIN|POLLPRI|POLLRDBAND"],
      [1, 2, "EINVAL", "POLLIN|POLLPRI|POLLRDBAND"],
      [0, 1, "EINVAL", "POLLIN"],
    ]);
  }),

  story("S7", "a read beyond the mark discards the urgent byte that nobody read", async (rig) => {
    const { c, a } = await rig.connected();
    expect([await a.send("abX", "MSG_OOB"), await a.send("cd")]).toEqual([3, 2]);
    await rig.still();
    expect([
      await c.recv(64),
      await c.recv(1),
      await c.recv(9, "MSG_OOB"),
      await c.ioctl("SIOCATMARK"),
      await c.recv(9),
      await c.recv(9, "MSG_OOB"),
    ]).toEqual(["ab", "c", "EINVAL", 0, "d", "EINVAL"]);
  }),

  story("S7", "MSG_OOB with no room takes the byte, PEEK with no room does not, and NULL is EFAULT", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("X", "MSG_OOB")).toBe(1);
    await rig.still();
    expect([
      await c.recv(0, "MSG_OOB|MSG_PEEK"),
      await c.recv(1, "MSG_OOB|MSG_PEEK"),
      await c.recv(0, "MSG_OOB"),
      await c.recv(1, "MSG_OOB"),
      await c.ioctl("SIOCATMARK"),
    ]).toEqual(["", "X", "", "EINVAL", 1]);
  }),

  story("S7", "MSG_OOB never waits, with WAITALL and DONTWAIT the same, whoever else is waiting", async (rig) => {
    const { c, a } = await rig.connected();
    expect([await c.recv(4, "MSG_OOB|MSG_WAITALL"), await c.recv(4, "MSG_OOB|MSG_DONTWAIT")]).toEqual([
      "EINVAL",
      "EINVAL",
    ]);
    expect(await a.send("X", "MSG_OOB")).toBe(1);
    await rig.still();
    const waiting = c.recv(4);
    await rig.still();
    expect(await c.recv(4, "MSG_OOB|MSG_WAITALL")).toBe("X");
    expect(await a.send("more")).toBe(4);
    expect(await waiting).toBe("more");
  }),

  story("S7", "sending nothing with MSG_OOB makes no mark", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("", "MSG_OOB")).toBe(0);
    await rig.still();
    expect([await c.ioctl("SIOCATMARK"), await c.recv(1, "MSG_OOB"), c.took()]).toEqual([0, "EINVAL", []]);
  }),

  story(
    "S7",
    "two urgent bytes: the older is dropped and the mark moves; after the older was read, both are told",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect([await a.send("aX", "MSG_OOB"), await a.send("bY", "MSG_OOB"), await a.send("c")]).toEqual([2, 2, 1]);
      await rig.still();
      expect(c.took().filter((event) => event === "exception")).toHaveLength(2);
      expect([
        await c.ioctl("FIONREAD"),
        await c.recv(1, "MSG_OOB|MSG_PEEK"),
        await c.recv(64),
        await c.ioctl("SIOCATMARK"),
        await c.recv(1, "MSG_OOB"),
        await c.recv(64),
      ]).toEqual([3, "Y", "ab", 1, "Y", "c"]);
      expect(await a.send("X", "MSG_OOB")).toBe(1);
      await rig.still();
      expect(await c.recv(1, "MSG_OOB")).toBe("X");
      expect(await a.send("Y", "MSG_OOB")).toBe(1);
      await rig.still();
      expect([await c.recv(1, "MSG_OOB"), await c.recv(1, "MSG_OOB"), await c.ioctl("SIOCATMARK")]).toEqual([
        "Y",
        "EINVAL",
        1,
      ]);
    },
  ),

  story(
    "S7",
    "inline: the byte counts and is read at the mark; two of them are both in the stream, and a read stops at the last mark",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
      expect([await a.send("abX", "MSG_OOB"), await a.send("cd")]).toEqual([3, 2]);
      await rig.still();
      expect(c.took()).toEqual(["recv(2)", "exception", "recv(2)"]);
      expect([
        await c.ioctl("FIONREAD"),
        await c.ioctl("SIOCATMARK"),
        await c.recv(1, "MSG_OOB"),
        await c.recv(64),
        await c.ioctl("SIOCATMARK"),
        await c.recv(64, "MSG_PEEK"),
        await c.ioctl("SIOCATMARK"),
        await c.recv(64),
        await c.ioctl("SIOCATMARK"),
      ]).toEqual([5, 0, "EINVAL", "ab", 1, "Xcd", 1, "Xcd", 0]);
      expect([await a.send("aX", "MSG_OOB"), await a.send("bY", "MSG_OOB"), await a.send("c")]).toEqual([2, 2, 1]);
      await rig.still();
      expect([await c.recv(64), await c.ioctl("SIOCATMARK"), await c.recv(64)]).toEqual(["aXb", 1, "Yc"]);
    },
  ),

  story(
    "S7",
    "SO_OOBINLINE switched while the byte is stored: EINVAL while on, the byte again when off",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await a.send("X", "MSG_OOB")).toBe(1);
      await rig.still();
      expect([
        await c.set(SO.LEVEL, SO.OOBINLINE, 1),
        await c.recv(1, "MSG_OOB"),
        await c.ioctl("FIONREAD"),
        await c.set(SO.LEVEL, SO.OOBINLINE, 0),
        await c.recv(1, "MSG_OOB"),
      ]).toEqual([0, "EINVAL", 0, 0, "X"]);
    },
  ),

  story(
    "S7 S4.3",
    "SO_OOBINLINE of the listener is that of the connection, for bytes that come before accept too",
    async (rig) => {
      const l = await rig.listener();
      expect(await l.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
      const s = await rig.tcp();
      expect(await s.connect(lo(l.port))).toBe(0);
      expect(await s.send("aX", "MSG_OOB")).toBe(2);
      await rig.still();
      const a = await l.accept();
      expect([
        await a.get(SO.LEVEL, SO.OOBINLINE),
        await a.recv(9, "MSG_OOB"),
        await a.recv(9),
        await a.ioctl("SIOCATMARK"),
        await a.recv(9),
      ]).toEqual([0x100, "EINVAL", "a", 1, "X"]);
    },
  ),

  story(
    "S7",
    "an urgent byte, then the end: MSG_OOB gives it, a normal read is the end, and the mark stays",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect([await a.send("aX", "MSG_OOB"), await a.shutdown("SHUT_WR")]).toEqual([2, 0]);
      await rig.still();
      expect(c.took()).toEqual(["recv(1)", "exception", "recv(0)"]);
      expect([
        await c.recv(9),
        await c.recv(9),
        await c.ioctl("SIOCATMARK"),
        await c.recv(9, "MSG_OOB"),
        await c.recv(9),
        await c.recv(9, "MSG_OOB"),
      ]).toEqual(["a", "", 1, "X", "", "EINVAL"]);
    },
  ),

  story("S7 S3.8", "SHUT_RD: what was queued is gone, and later urgent data tells nothing", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    expect([await a.send("aX", "MSG_OOB")]).toEqual([2]);
    await c.sees("recv(0)");
    expect([await c.recv(9), await c.ioctl("FIONREAD"), await a.send("still")]).toEqual(["", 0, 5]);
  }),

  story(
    "S7",
    "urgent data overtakes a sender that is stopped, on a blocking socket and on one that is not",
    async (rig) => {
      const { c, a } = await rig.connected();
      await a.nonblocking();
      expect(await fill(a)).toBe("EAGAIN");
      expect(await a.send("X", "MSG_OOB")).toBe(1);
      expect(await a.send("Y", "MSG_OOB|MSG_DONTWAIT")).toBe(1);
      expect(await a.send("z")).toBe("EAGAIN");
      await c.until("recv(1460)").catch(() => undefined);
    },
  ),

  story(
    "S7 S8.3",
    "an urgent byte of its own segment tells exception alone, whether anybody waits or not",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await a.send("X", "MSG_OOB")).toBe(1);
      await c.sees("exception");
      const waiting = c.recv(9, "MSG_WAITALL");
      expect(await a.send("Y", "MSG_OOB")).toBe(1);
      await c.sees("exception");
      expect(await a.send("123456789")).toBe(9);
      expect(await waiting).toBe("123456789");
      expect(await c.ioctl("SIOCATMARK")).toBe(0);
    },
  ),

  story(
    "S7",
    "the mark without its byte: no event, MSG_OOB EWOULDBLOCK on a blocking socket, and a read stops there",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      await r.mark(3, "ab");
      await c.sees("recv(2)");
      expect([
        await c.ioctl("SIOCATMARK"),
        await c.recv(1, "MSG_OOB"),
        await c.recv(1, "MSG_OOB|MSG_PEEK"),
        await c.ioctl("FIONREAD"),
      ]).toEqual([0, "EAGAIN", "EAGAIN", 2]);
      await r.unpushed("c");
      await rig.still();
      expect([await c.recv(64), await c.ioctl("SIOCATMARK"), await c.recv(64, "MSG_DONTWAIT")]).toEqual([
        "abc",
        1,
        "EAGAIN",
      ]);
      await r.data("Xd");
      await c.sees("recv(1)", "exception", "recv(1)");
      expect([await c.recv(1, "MSG_OOB"), await c.recv(9)]).toEqual(["X", "d"]);
    },
  ),

  story("S7 S0.1", "a reset after urgent data: both kinds of data, then the error, once", async (rig) => {
    const { c, a } = await rig.connected();
    expect([await a.send("aX", "MSG_OOB"), await a.send("b")]).toEqual([2, 1]);
    await rig.still();
    expect([await a.setLinger(1, 0), await a.close()]).toEqual([0, 0]);
    await rig.still();
    expect([
      await c.recv(9, "MSG_PEEK"),
      await c.recv(9, "MSG_OOB"),
      await c.recv(9),
      await c.recv(9),
      await c.recv(9, "MSG_PEEK"),
      await c.recv(9),
      await c.recv(9),
    ]).toEqual(["a", "X", "a", "b", "ECONNRESET", "ECONNRESET", ""]);
  }),
];
