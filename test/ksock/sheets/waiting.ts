import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, lo, SO } from "../cases/words.ts";

/** Section 2, partial transfers and who waits, sentence by sentence. */
export const WAITING: readonly Case[] = [
  story("2", "a reset inside MSG_WAITALL undoes what was taken; an end, a timeout and a close do not", async (rig) => {
    const reset = await rig.toRaw();
    const receiving = reset.c.recv(9, "MSG_WAITALL");
    await reset.r.data("abc");
    await rig.still();
    await reset.r.rst();
    expect([await receiving, await reset.c.recv(9), await reset.c.get(SO.LEVEL, SO.ERROR)]).toEqual([
      "ECONNRESET",
      "",
      0,
    ]);

    const { c, a } = await rig.connected();
    await c.timeout(SO.RCVTIMEO, 1);
    expect(await a.send("abc")).toBe(3);
    expect(await c.recv(9, "MSG_WAITALL")).toBe("abc");
    const ending = c.recv(9, "MSG_WAITALL");
    expect(await a.send("de")).toBe(2);
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    expect([await ending, await c.recv(9)]).toEqual(["de", ""]);

    const other = await rig.connected();
    const cut = other.c.recv(9, "MSG_WAITALL");
    expect(await other.a.send("fgh")).toBe(3);
    await rig.still();
    expect(await other.c.close()).toBe(0);
    expect(await cut).toBe("fgh");

    const read = await rig.connected();
    const stopped = read.c.recv(9, "MSG_WAITALL");
    expect(await read.a.send("ij")).toBe(2);
    await rig.still();
    expect(await read.c.shutdown("SHUT_RD")).toBe(0);
    expect(await stopped).toBe("ij");
  }),

  story(
    "2",
    "who sends in vain: what was taken counts with a timeout and a close, not with a reset or SHUT_WR",
    async (rig) => {
      const much = new Uint8Array(2_000_000);
      const counts: unknown[] = [];
      for (const end of ["timeout", "close", "shutdown"] as const) {
        const { c } = await rig.connected();
        if (end === "timeout") await c.timeout(SO.SNDTIMEO, 2);
        const sending = c.send(much);
        await rig.still();
        if (end === "close") expect(await c.close()).toBe(0);
        if (end === "shutdown") expect(await c.shutdown("SHUT_WR")).toBe(0);
        const got = await sending;
        counts.push(typeof got === "number" ? got > 0 && got < much.length : got);
        if (end === "timeout")
          expect([await c.send("x"), await c.send("x", "MSG_DONTWAIT")]).toEqual(["EAGAIN", "EAGAIN"]);
      }
      const { c, r } = await rig.toRaw();
      r.acks = false;
      const sending = c.send(much);
      await rig.still();
      await r.rst();
      counts.push(await sending, await c.send("x"), await c.recv(1), await c.send("x"));
      expect(counts).toEqual([true, true, "EPIPE", "EPIPE", "EPIPE", "ECONNRESET", "EPIPE"]);
    },
  ),

  story("2", "a send that has taken nothing: EINTR by a close, EPIPE by SHUT_WR, EAGAIN by its time", async (rig) => {
    const got = [];
    for (const end of ["close", "shutdown", "timeout"] as const) {
      const { c } = await rig.connected();
      await rig.stop(c);
      await c.blocking();
      if (end === "timeout") await c.timeout(SO.SNDTIMEO, 1);
      const sending = c.send("x");
      await rig.still();
      if (end === "close") await c.close();
      if (end === "shutdown") await c.shutdown("SHUT_WR");
      got.push(await sending);
    }
    expect(got).toEqual(["EINTR", "EPIPE", "EAGAIN"]);
  }),

  story(
    "2",
    "one receives at a time: who waits may wait, who may not has EWOULDBLOCK, even about data",
    async (rig) => {
      const { c, a } = await rig.connected();
      const first = c.recv(6, "MSG_WAITALL");
      await rig.still();
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      expect([await c.recv(1, "MSG_DONTWAIT"), await c.recv(1, "MSG_DONTWAIT|MSG_PEEK")]).toEqual(["EAGAIN", "EAGAIN"]);
      const second = c.recv(9);
      await rig.still();
      const third = c.recv(9);
      await rig.still();
      expect(await a.send("defgh")).toBe(5);
      expect([await first, await second]).toEqual(["abcdef", "gh"]);
      expect(await a.send("ij")).toBe(2);
      expect(await third).toBe("ij");
    },
  ),

  story("2", "two wait and the peer resets: the first has the error, the second the end", async (rig) => {
    const { c, r } = await rig.toRaw();
    const both = [c.recv(9)];
    await rig.still();
    both.push(c.recv(9));
    await rig.still();
    await r.rst();
    expect(await Promise.all(both)).toEqual(["ECONNRESET", ""]);
    const { c: d, a } = await rig.connected();
    const ends = [d.recv(9), d.recv(9), d.recv(9)];
    await rig.still();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    expect(await Promise.all(ends)).toEqual(["", "", ""]);
  }),

  story("2", "a close ends all who wait with EINTR, and there is nothing for any later call", async (rig) => {
    const l = await rig.listener();
    const { c } = await rig.connected();
    const u = await rig.udp();
    expect(await u.bind(lo(rig.port()))).toBe(0);
    const d = await rig.tcp();
    const waiting = [
      l.tryAccept(),
      l.tryAccept(),
      c.recv(1),
      c.recv(1),
      u.recv(1),
      l.poll("POLLIN", -1),
      d.connect(at(RAW_HOST, rig.raw().port)),
    ];
    await rig.still();
    for (const s of [l, c, u, d]) expect(await s.close()).toBe(0);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => "EINTR"));
    for (const s of [l, c, u, d]) expect(await s.close()).toBe("ENOTSOCK");
  }),
];
