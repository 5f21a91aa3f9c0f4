import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { any, at, lo, portOf, SO, TCP } from "../cases/words.ts";

/** Sections 3.9, 6 and 9, sentence by sentence. */
export const CLOSE: readonly Case[] = [
  story("9", "references: a close waits for each, tells nobody, and the socket is gone for all others", async (rig) => {
    const { c, l, a } = await rig.connected();
    expect([await c.tryHold(), await c.tryHold()]).toEqual([0, 0]);
    const receiving = c.recv(9);
    await rig.still();
    let closed = false;
    const closing = c.close().then((end) => {
      closed = true;
      return end;
    });
    await rig.still();
    expect(await receiving).toBe("EINTR");
    expect([closed, await c.close(), await c.send("x"), await c.recv(1), await c.get(SO.LEVEL, SO.ERROR)]).toEqual([
      false,
      "ENOTSOCK",
      "ENOTSOCK",
      "ENOTSOCK",
      "ENOTSOCK",
    ]);
    expect(await a.send("x")).toBe(1);
    await rig.sleep(300);
    await a.none();
    expect(await c.tryRele()).toBe(0);
    await rig.still();
    expect([closed, await c.tryRele(), await closing]).toEqual([false, 0, 0]);
    await a.sees("recv(0)");
    expect(await l.close()).toBe(0);
  }),

  story("9", "each kind of socket that was never connected closes at once, and its port is free", async (rig) => {
    for (const kind of ["tcp", "udp"] as const) {
      const port = rig.port();
      for (let i = 0; i < 2; i++) {
        const s = await rig[kind]();
        expect([await s.bind(lo(port)), kind === "tcp" ? await s.listen(1) : 0, await s.close()]).toEqual([0, 0, 0]);
      }
    }
  }),

  story("9", "unread data and data that was sent: the peer has all of it, then a FIN and no reset", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.data("unread");
    expect(await c.send("pending")).toBe(7);
    await c.until("recv(6)");
    expect(await c.close()).toBe(0);
    await r.getsFin();
    expect([r.text(), r.has(4)]).toEqual(["pending", false]);
    await r.data("after");
    await r.getsRst();
  }),

  story("9", "a listener that closes resets whom it has not accepted, and leaves whom it has", async (rig) => {
    const { c, l, a } = await rig.connected();
    const d = await rig.tcp();
    await d.watch();
    expect(await d.connect(lo(l.port))).toBe(0);
    await d.sees("connected");
    expect(await l.close()).toBe(0);
    await d.sees("disconnected(ECONNRESET)");
    expect([await d.recv(9), await d.recv(9), await d.send("x")]).toEqual(["ECONNRESET", "", "EPIPE"]);
    expect([await c.send("on"), await a.recv(9)]).toEqual([2, "on"]);
    expect(await (await rig.tcp()).connect(lo(l.port))).toBe("ECONNREFUSED");
  }),

  story("9", "SO_LINGER {1,0}: a reset at once, what was not sent is lost", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect([await c.setLinger(1, 0), await c.close()]).toEqual([0, 0]);
    await r.getsRst();
    const two = await rig.connected();
    const taken = await rig.stop(two.c);
    expect([taken > 0, await two.c.setLinger(1, 0), await two.c.close()]).toEqual([true, 0, 0]);
    await two.a.until("disconnected(ECONNRESET)");
  }),

  story(
    "9",
    "SO_LINGER {1,n}: it waits for the acknowledgement or so long, and without blocking not at all",
    async (rig) => {
      const times = [];
      for (const [acks, wait] of [
        [false, true],
        [true, true],
        [false, false],
      ] as const) {
        const { c, r } = await rig.toRaw();
        r.acks = acks;
        expect(await c.setLinger(1, 3)).toBe(0);
        if (!wait) await c.nonblocking();
        expect(await c.send("x")).toBe(1);
        const from = rig.seconds();
        expect(await c.close()).toBe(0);
        times.push(Math.round(rig.seconds() - from));
      }
      expect(times).toEqual([3, 0, 0]);
    },
  ),

  story("9", "after both have ended: TIME_WAIT at the side that closed first, for 60 seconds", async (rig) => {
    const { c, l, a } = await rig.connected();
    const name = await c.sockname();
    expect([await l.close(), await c.close()]).toEqual([0, 0]);
    await a.until("recv(0)");
    expect(await a.close()).toBe(0);
    await rig.still();
    const again = async (reuse: number) => {
      const s = await rig.tcp();
      expect(await s.set(SO.LEVEL, SO.REUSEADDR, reuse)).toBe(0);
      const end = await s.bind(name);
      await s.close();
      return end;
    };
    expect([await again(0), await again(1)]).toEqual(["EADDRINUSE", 0]);
    // Who closed last is gone at once.
    const last = await rig.tcp();
    expect(await last.bind(lo(l.port))).toBe(0);
    await rig.sleep(61);
    expect(await again(0)).toBe(0);
  }),

  longStory(
    "6",
    "FIN_WAIT_2 of a closed socket ends after 60 seconds, and that of an open one does not",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      const open = await rig.toRaw();
      expect(await c.close()).toBe(0);
      expect(await open.c.shutdown("SHUT_WR")).toBe(0);
      await r.getsFin();
      await open.r.getsFin();
      await rig.sleep(70);
      await r.data("late");
      await r.getsRst();
      await open.r.data("in time");
      expect(await open.c.recv(9)).toBe("in time");
    },
  ),

  story("6", "sizes of a fresh socket", async (rig) => {
    const [t, u] = [await rig.tcp(), await rig.udp()];
    const got = [];
    for (const s of [t, u]) got.push(await s.get(SO.LEVEL, SO.SNDBUF), await s.get(SO.LEVEL, SO.RCVBUF));
    expect(got).toEqual([128_000, 1_048_576, 57_344, 57_344]);
    expect([await t.get(TCP.LEVEL, TCP.KEEPIDLE), await t.get(TCP.LEVEL, TCP.KEEPALIVE_THRESHOLD)]).toEqual([
      7200, 7_200_000,
    ]);
    expect(await t.get(TCP.LEVEL, TCP.LINGER2)).toBe(60);
  }),

  longStory("6", "what nobody acknowledges for 5 minutes ends the connection: ETIMEDOUT", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    const from = rig.seconds();
    expect(await c.send("x")).toBe(1);
    expect(await c.recv(9)).toBe("ETIMEDOUT");
    expect(Math.abs(rig.seconds() - from - 300)).toBeLessThan(15);
    await c.sees("disconnected(ETIMEDOUT)");
    expect([await c.recv(9), await c.send("x"), await c.tryPeername(16), await c.shutdown("SHUT_WR")]).toEqual([
      "",
      "EPIPE",
      "ENOTCONN",
      "ENOTCONN",
    ]);
  }),

  story("6", "a lone segment is acknowledged within 100 ms", async (rig) => {
    const { r } = await rig.toRaw();
    await rig.still();
    const before = r.seen.length;
    const from = rig.seconds();
    await r.data("x");
    while (r.seen.length === before && rig.seconds() - from < 1) await rig.sleep(0.01);
    expect(rig.seconds() - from).toBeLessThanOrEqual(0.12);
  }),

  story(
    "9",
    "nothing is told from the moment at which a close begins, though the peer ends and resets",
    async (rig) => {
      const { c, l, a } = await rig.connected();
      expect([await a.send("x"), await c.close(), await a.close(), await l.close()]).toEqual([1, 0, 0, 0]);
      await rig.still();
      for (const s of [c, l])
        expect(s.took().filter((event) => event !== "newconn" && event !== "recv(1)")).toEqual([]);
    },
  ),

  story("9", "getsockname after a reset is nobody's, and the port is free", async (rig) => {
    const { c, r } = await rig.toRaw();
    const port = portOf(await c.sockname());
    await r.rst();
    await c.sees("disconnected(ECONNRESET)");
    expect(await c.sockname()).toEqual(any(0));
    const other = await rig.tcp();
    expect(await other.bind(at("10.0.0.1", port))).toBe(0);
    expect(await c.connect(at(RAW_HOST, rig.raw().port))).toBe("ECONNRESET");
  }),
];
