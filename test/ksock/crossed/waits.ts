import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { fill } from "../cases/sock.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, lo, SO, TCP } from "../cases/words.ts";

/** Calls that wait, several at once, with flags, timeouts, partial progress, and an end in the middle. */
export const WAITS_CROSSED: readonly Case[] = [
  story(
    "S2",
    "receivers wait in turn; one that does not wait is EWOULDBLOCK while another has the lock, even with data queued",
    async (rig) => {
      const { c, a } = await rig.connected();
      const first = c.recv(4, "MSG_WAITALL");
      await rig.still();
      const second = c.recv(4, "MSG_WAITALL");
      await rig.still();
      expect(await a.send("12")).toBe(2);
      await rig.still();
      expect([
        await c.recv(9, "MSG_DONTWAIT"),
        await c.recv(9, "MSG_DONTWAIT|MSG_PEEK"),
        await c.recv(1, "MSG_DONTWAIT|MSG_WAITALL"),
      ]).toEqual(["EAGAIN", "EAGAIN", "EAGAIN"]);
      expect(await a.send("34567")).toBe(5);
      expect(await first).toBe("1234");
      expect(await a.send("8")).toBe(1);
      expect(await second).toBe("5678");
    },
  ),

  story(
    "S9",
    "close wakes whoever waits: EINTR, or what came before; and everything after is ENOTSOCK",
    async (rig) => {
      const { l, c, a } = await rig.connected();
      await rig.still();
      const partial = c.recv(9, "MSG_WAITALL");
      await rig.still();
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      const second = c.recv(9);
      const [accept1, accept2] = [l.tryAccept(), l.tryAccept()];
      await rig.still();
      const closes = [c.close(), l.close()];
      expect(await Promise.all([partial, second, accept1, accept2])).toEqual(["abc", "EINTR", "EINTR", "EINTR"]);
      expect(await Promise.all(closes)).toEqual([0, 0]);
      expect([await c.close(), await l.tryAccept()]).toEqual(["ENOTSOCK", "ENOTSOCK"]);
    },
  ),

  story("S9", "close wakes a sender: what was taken is its success", async (rig) => {
    const { c } = await rig.connected();
    await rig.stop(c);
    await c.blocking();
    const none = c.send("x");
    await rig.still();
    const closing = c.close();
    expect([await none, await closing]).toEqual(["EINTR", 0]);
    const other = await rig.connected();
    const some = other.c.send(new Uint8Array(4 << 20));
    await rig.still();
    const closing2 = other.c.close();
    const taken = await some;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(4 << 20);
    expect(await closing2).toBe(0);
  }),

  story("S9", "close wakes a connect with EINTR, and nothing is told", async (rig) => {
    const r = rig.raw();
    const s = await rig.tcp();
    await s.watch();
    const connect = s.connect(at(RAW_HOST, r.port));
    await r.syn();
    const closing = s.close();
    expect([await connect, await closing]).toEqual(["EINTR", 0]);
    await r.getsRst();
    await s.none();
  }),

  story(
    "S3.14",
    "a close waits for as many releases as there were holds; meanwhile only a release is heard",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect([await c.tryHold(), await c.tryHold(), await c.tryRele(), await c.tryHold()]).toEqual([0, 0, 0, 0]);
      const closing = rig.logged("close", c.close());
      await rig.sleep(3600);
      expect([await c.tryHold(), await c.trySockname(16), await c.recv(0), await c.close()]).toEqual([
        "ENOTSOCK",
        "ENOTSOCK",
        "ENOTSOCK",
        "ENOTSOCK",
      ]);
      // The connection is there as long as the close waits.
      expect(await a.send("x")).toBe(1);
      await a.none();
      expect(await c.tryRele()).toBe(0);
      await rig.sleep(10);
      expect(rig.log).not.toContain("close returned");
      expect(await c.tryRele()).toBe(0);
      expect(await closing).toBe(0);
      await a.sees("recv(0)");
      expect([await c.tryRele(), await c.tryHold()]).toEqual(["ENOTSOCK", "ENOTSOCK"]);
    },
  ),

  story(
    "S3.8",
    "shutdown wakes: a receiver with what it has, or the end; a sender with EPIPE and no count, however much had gone",
    async (rig) => {
      const { c, a } = await rig.connected();
      const waiting = c.recv(9, "MSG_WAITALL");
      await rig.still();
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      expect(await c.shutdown("SHUT_RD")).toBe(0);
      expect([await waiting, await c.recv(9)]).toEqual(["abc", ""]);
      const sending = c.send(new Uint8Array(4 << 20));
      await rig.still();
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      expect(await sending).toBe("EPIPE");
      // What had gone comes to the other end, and then the end.
      let got = 0;
      for (let bytes = await a.recvBytes(65_536); bytes.length > 0; bytes = await a.recvBytes(65_536))
        got += bytes.length;
      expect(got).toBeGreaterThan(0);
      expect(got).toBeLessThan(4 << 20);
    },
  ),

  story(
    "S2 S0.1",
    "a reset in the middle of WAITALL takes the bytes along: ECONNRESET, no count, and then the end",
    async (rig) => {
      const { c, a } = await rig.connected();
      const waiting = c.recv(9, "MSG_WAITALL");
      await rig.still();
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      expect([await a.setLinger(1, 0), await a.close()]).toEqual([0, 0]);
      expect([await waiting, await c.recv(9), await c.get(SO.LEVEL, SO.ERROR)]).toEqual(["ECONNRESET", "", 0]);
    },
  ),

  story("S2", "of two that wait for a reset, one has the error and the other the end", async (rig) => {
    const { c, r } = await rig.toRaw();
    const two = [c.recv(9), c.recv(9)];
    await rig.still();
    await r.rst();
    expect(await Promise.all(two)).toEqual(["ECONNRESET", ""]);
  }),

  story(
    "S2 S4.2",
    "SO_RCVTIMEO: EAGAIN with nothing, what came with something; it does not bound accept, connect or MSG_DONTWAIT",
    async (rig) => {
      const { l, c, a } = await rig.connected();
      for (const s of [c, l]) await s.timeout(SO.RCVTIMEO, 2);
      const from = rig.seconds();
      expect(await c.recv(9)).toBe("EAGAIN");
      const took = rig.seconds() - from;
      expect(took >= 2 && took < 2.1).toBe(true);
      const waiting = c.recv(9, "MSG_WAITALL");
      await rig.sleep(1);
      expect(await a.send("abc")).toBe(3);
      expect(await waiting).toBe("abc");
      const accept = rig.logged("accept", l.tryAccept());
      await rig.sleep(30);
      expect(rig.log).not.toContain("accept returned");
      const s = await rig.tcp();
      expect(await s.connect(lo(l.port))).toBe(0);
      expect(await accept).toBe(0);
      expect(await c.recv(1, "MSG_DONTWAIT")).toBe("EAGAIN");
    },
  ),

  story(
    "S2 S4.2",
    "SO_SNDTIMEO: EAGAIN with nothing taken, a short count with something; 0 and less is for ever",
    async (rig) => {
      const { c, a } = await rig.connected();
      await c.timeout(SO.SNDTIMEO, 2);
      const some = await c.send(new Uint8Array(4 << 20));
      expect(some).toBeGreaterThan(0);
      expect(await c.send("x")).toBe("EAGAIN");
      expect(await c.setTimeval(SO.SNDTIMEO, -1, 0)).toBe(0);
      const sending = rig.logged("send", c.send("x"));
      await rig.sleep(1000);
      expect(rig.log).not.toContain("send returned");
      await rig.drain(a, Number(some));
      expect(await sending).toBe(1);
    },
  ),

  story(
    "S4.3",
    "accept inherits options, times and sizes, of the moment; and not FIONBIO, the error, or callbacks",
    async (rig) => {
      const l = await rig.listener();
      for (const name of [
        SO.KEEPALIVE,
        SO.DEBUG,
        SO.DONTROUTE,
        SO.OOBINLINE,
        SO.REUSEADDR,
        SO.BROADCAST,
        SO.USELOOPBACK,
      ])
        expect(await l.set(SO.LEVEL, name, 1)).toBe(0);
      expect(await l.setLinger(1, 7)).toBe(0);
      expect(await l.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
      expect(await l.set(SO.LEVEL, SO.SNDBUF, 20_000)).toBe(0);
      await l.timeout(SO.RCVTIMEO, 3);
      await l.timeout(SO.SNDTIMEO, 4);
      await l.nonblocking();
      const c = await rig.tcp();
      expect(await c.connect(lo(l.port))).toBe(0);
      const a = await l.accept();
      const found = [];
      for (const name of [
        SO.KEEPALIVE,
        SO.DEBUG,
        SO.DONTROUTE,
        SO.OOBINLINE,
        SO.REUSEADDR,
        SO.BROADCAST,
        SO.USELOOPBACK,
        SO.ACCEPTCONN,
        SO.ERROR,
      ])
        found.push(await a.get(SO.LEVEL, name));
      expect(found).toEqual([
        SO.KEEPALIVE,
        SO.DEBUG,
        SO.DONTROUTE,
        SO.OOBINLINE,
        SO.REUSEADDR,
        SO.BROADCAST,
        SO.USELOOPBACK,
        0,
        0,
      ]);
      expect([
        await a.linger(),
        await a.get(TCP.LEVEL, TCP.NODELAY),
        await a.get(SO.LEVEL, SO.SNDBUF),
        await a.timeoutOf(SO.RCVTIMEO),
        await a.timeoutOf(SO.SNDTIMEO),
      ]).toEqual([[0x80, 7], 1, 20_000, 3, 4]);
      const from = rig.seconds();
      expect(await a.recv(1)).toBe("EAGAIN");
      expect(rig.seconds() - from).toBeGreaterThan(2.9);
    },
  ),

  story("S5", "FIONBIO wakes nobody and is for the next call; each of the calls that wait obeys it", async (rig) => {
    const { l, c, a } = await rig.connected();
    const waiting = rig.logged("recv", c.recv(1));
    await rig.still();
    await c.nonblocking();
    await rig.sleep(5);
    expect(rig.log).not.toContain("recv returned");
    expect(await a.send("x")).toBe(1);
    expect(await waiting).toBe("x");
    await l.nonblocking();
    expect([await c.recv(1), await l.tryAccept(), await fill(c)]).toEqual(["EAGAIN", "EAGAIN", "EAGAIN"]);
    // Any number but 0 is on.
    await c.blocking();
    expect(await c.ioctl("FIONBIO", -5)).not.toBe("EINVAL");
    expect(await c.recv(1)).toBe("EAGAIN");
  }),

  story(
    "S9",
    "SO_LINGER: {1,0} resets in every state that has a connection, and is nothing to what has none",
    async (rig) => {
      const found: Record<string, unknown> = {};
      for (const state of ["connected", "unsent", "after SHUT_WR", "after the peer's FIN"]) {
        const { c, r } = await rig.toRaw();
        expect(await c.setLinger(1, 0)).toBe(0);
        if (state === "unsent") {
          r.acks = false;
          r.window = 0;
          await r.ack();
          expect(await c.send("unsent")).toBe(6);
        }
        if (state === "after SHUT_WR") expect(await c.shutdown("SHUT_WR")).toBe(0);
        if (state === "after the peer's FIN") await r.fin();
        await rig.still();
        expect(await c.close()).toBe(0);
        await rig.still();
        found[state] = r.has(4);
      }
      expect(found).toEqual({ connected: true, unsent: true, "after SHUT_WR": true, "after the peer's FIN": true });
      const fresh = await rig.tcp();
      expect([await fresh.setLinger(1, 0), await fresh.close()]).toEqual([0, 0]);
    },
  ),

  story(
    "S9",
    "SO_LINGER {1,n}: waits for the acknowledgement, at most n s, and not when non-blocking; 0 in each case",
    async (rig) => {
      const times: number[] = [];
      for (const kind of ["acknowledged", "not", "non-blocking"]) {
        const { c, r } = await rig.toRaw();
        expect(await c.setLinger(1, 9)).toBe(0);
        if (kind !== "acknowledged") r.acks = false;
        if (kind === "non-blocking") await c.nonblocking();
        expect(await c.send("data")).toBe(4);
        const from = rig.seconds();
        expect(await c.close()).toBe(0);
        times.push(Math.round(rig.seconds() - from));
        expect(await c.recv(1)).toBe("ENOTSOCK");
      }
      expect(times).toEqual([0, 9, 0]);
    },
  ),

  story("S9", "a listener that closes while half-open, completed and aborted connections are there", async (rig) => {
    const l = await rig.listener(5, "10.0.0.1");
    const [half, whole, gone] = [rig.raw(), rig.raw(), rig.raw()];
    await half.halfOpen(l.port);
    await whole.connect(l.port);
    await gone.connect(l.port);
    await gone.rst();
    await rig.still();
    l.took();
    expect(await l.close()).toBe(0);
    await whole.getsRst();
    await l.none();
    const again = await rig.tcp();
    expect([await again.bind(at("10.0.0.1", l.port)), await again.listen(1)]).toEqual([0, 0]);
  }),

  longStory(
    "S3.5 S6",
    "an attempt that nobody answers: ETIMEDOUT after 3 minutes, once, told once, whoever asks; then a new one",
    async (rig) => {
      const r = rig.raw();
      const s = await rig.tcp();
      await s.watch();
      const from = rig.seconds();
      expect(await s.connect(at(RAW_HOST, r.port))).toBe("ETIMEDOUT");
      expect(Math.round((rig.seconds() - from) / 10)).toBe(18);
      await s.sees("disconnected(ETIMEDOUT)");
      expect([
        await s.get(SO.LEVEL, SO.ERROR),
        await s.send("x"),
        await s.recv(1),
        await s.shutdown("SHUT_WR"),
        await s.tryPeername(16),
      ]).toEqual([0, "EPIPE", "", "ENOTCONN", "ENOTCONN"]);
      const l = await rig.listener();
      expect([await s.connect(lo(l.port)), await s.send("x")]).toEqual([0, 1]);
      await s.sees("connected");
    },
  ),

  story(
    "S3.5",
    "two callers of one attempt: the second is EALREADY, the first gets the end; of a refusal too",
    async (rig) => {
      const r = rig.raw();
      const s = await rig.tcp();
      const first = s.connect(at(RAW_HOST, r.port));
      await r.syn();
      expect([await s.connect(at(RAW_HOST, r.port)), await s.listen(1), await s.recv(1), await s.send("x")]).toEqual([
        "EALREADY",
        "EINVAL",
        "ENOTCONN",
        "ENOTCONN",
      ]);
      await r.refuse();
      expect([await first, await s.get(SO.LEVEL, SO.ERROR)]).toEqual(["ECONNREFUSED", 0]);
    },
  ),

  story("S3.13", "a poll wakes for each thing that it waits for, and not for what it does not", async (rig) => {
    const { l, c, a } = await rig.connected();
    const found: Record<string, unknown> = {};
    const polls = {
      data: c.poll("POLLIN", -1),
      urgent: c.poll("POLLPRI", 60_000),
      newconn: l.poll("POLLIN|POLLRDNORM", -1),
      end: c.poll("POLLRDHUP", -1),
    };
    await rig.still();
    expect(await a.send("X", "MSG_OOB")).toBe(1);
    found["urgent"] = await polls.urgent;
    expect(await a.send("x")).toBe(1);
    found["data"] = await polls.data;
    const s = await rig.tcp();
    expect(await s.connect(lo(l.port))).toBe(0);
    found["newconn"] = await polls.newconn;
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    found["end"] = await polls.end;
    const from = rig.seconds();
    found["nothing"] = await a.poll("POLLIN", 1500);
    expect(Math.abs(rig.seconds() - from - 1.5)).toBeLessThan(0.1);
    found["now"] = await a.poll("POLLIN", 0);
    const waiting = a.poll("POLLIN", -1);
    await rig.still();
    const closing = a.close();
    found["close"] = await waiting;
    expect(await closing).toBe(0);
    expect(found).toEqual({
      urgent: "POLLPRI",
      data: "POLLIN",
      newconn: "POLLIN|POLLRDNORM",
      end: "POLLRDHUP",
      nothing: "",
      now: "",
      close: "EINTR",
    });
  }),

  story(
    "S3.13",
    "a poll that an event wakes waits on when the data is gone by the time its callback is over",
    async (rig) => {
      const { c, a } = await rig.connected();
      const gate = c.hold("recv(1)");
      const taking = c.recv(1);
      await rig.still();
      const polling = rig.logged("poll", c.poll("POLLIN", -1));
      await rig.still();
      expect(await a.send("x")).toBe(1);
      await gate.entered;
      gate.open();
      expect(await taking).toBe("x");
      await rig.sleep(1);
      expect(rig.log).not.toContain("poll returned");
      expect(await a.send("y")).toBe(1);
      expect(await polling).toBe("POLLIN");
    },
  ),

  story("S3.13", "a poll of what has failed or was reset: input and output, never an error bit", async (rig) => {
    const all = "POLLIN|POLLOUT|POLLERR|POLLHUP|POLLNVAL";
    const { c, r } = await rig.toRaw();
    await r.rst();
    await rig.still();
    expect((await c.poll(all, 0)).split("|")).toEqual(expect.arrayContaining(["POLLIN", "POLLOUT"]));
    expect(await c.recv(1)).toBe("ECONNRESET");
    expect((await c.poll(all, 0)).split("|")).toEqual(expect.arrayContaining(["POLLIN", "POLLHUP"]));
    expect(await c.poll(all, 0)).not.toMatch(/POLLERR|POLLNVAL/);
  }),

  story("S3.6", "two large sends at once both arrive whole, and stay within each other in order", async (rig) => {
    const { c, a } = await rig.connected();
    const size = 300_000;
    const sends = [c.send(new Uint8Array(size).fill(1)), c.send(new Uint8Array(size).fill(2))];
    const counts = [0, 0, 0];
    for (let got = 0; got < 2 * size;) {
      const bytes = await a.recvBytes(65_536);
      got += bytes.length;
      for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
    }
    expect([await Promise.all(sends), counts]).toEqual([
      [size, size],
      [0, size, size],
    ]);
  }),

  story("S3.5 P14", "after a refusal: what can be called, and what the second attempt makes well", async (rig) => {
    const l = await rig.listener();
    const s = await rig.tcp();
    await s.watch();
    expect(await s.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    expect([
      await s.shutdown("SHUT_RDWR"),
      await s.tryPeername(16),
      await s.send("x"),
      await s.recv(1),
      await s.tryAccept(),
    ]).toEqual(["ENOTCONN", "ENOTCONN", "EPIPE", "", "EINVAL"]);
    expect(await s.connect(lo(l.port))).toBe(0);
    const a = await l.accept();
    expect([
      await s.send("x"),
      await a.recv(1),
      await a.send("y"),
      await s.recv(1),
      await s.tryPeername(16),
      await s.set(SO.LEVEL, SO.KEEPALIVE, 1),
    ]).toEqual([1, "x", 1, "y", 0, 0]);
    await s.sees("disconnected(ECONNREFUSED)", "connected", "recv(1)");
  }),
];
