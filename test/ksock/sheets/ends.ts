import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import type { Sock } from "../cases/sock.ts";
import { RAW_HOST } from "../cases/tap.ts";
import { at, lo, SO } from "../cases/words.ts";

/** Sections 8.3 and 8.5: how connections end, and who is told. */
export const ENDS: readonly Case[] = [
  story(
    "S8.3",
    "a listener that closes: no event of its own, disconnected(ECONNRESET) for who was not accepted",
    async (rig) => {
      const l = await rig.listener();
      const clients: Sock[] = [];
      for (let i = 0; i < 3; i++) {
        const c = await rig.tcp();
        await c.watch();
        expect(await c.connect(lo(l.port))).toBe(0);
        await c.sees("connected");
        clients.push(c);
      }
      const a = await l.accept();
      l.took();
      expect(await l.close()).toBe(0);
      await clients[1]?.sees("disconnected(ECONNRESET)");
      await clients[2]?.sees("disconnected(ECONNRESET)");
      await clients[0]?.none();
      expect(await a.send("alive")).toBe(5);
      await clients[0]?.sees("recv(5)");
      await l.none();
    },
  ),

  story("T11", "a close with data unread is a FIN to the peer, and what the peer sends then its end", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("unread")).toBe(6);
    await c.sees("recv(6)");
    expect(await c.close()).toBe(0);
    await a.sees("recv(0)");
    expect(await a.send("late")).toBe(4);
    await a.sees("disconnected(ECONNRESET)");
    expect(await a.send("later")).toBe("EPIPE");
    expect(await a.recv(9)).toBe("ECONNRESET");
    expect(await a.recv(9)).toBe("");
  }),

  longStory(
    "S8.3",
    "ICMP: host unreachable is remembered while SYNs go out, and told when they give up",
    async (rig) => {
      const r = rig.raw();
      const c = await rig.tcp();
      await c.watch();
      await c.nonblocking();
      expect(await c.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
      await r.syn();
      await rig.unreachable(r.port, 1);
      await c.none();
      expect(await c.connect(at(RAW_HOST, r.port))).toBe("EALREADY");
      await rig.sleep(200);
      await c.sees("disconnected(EHOSTUNREACH)");
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("EHOSTUNREACH"));
    },
  ),

  story("S8.3", "ICMP: a port that is unreachable refuses a connection", async (rig) => {
    const r = rig.raw();
    const c = await rig.tcp();
    await c.watch();
    const connect = c.connect(at(RAW_HOST, r.port));
    await r.syn();
    await rig.unreachable(r.port, 3);
    expect(await connect).toBe("ECONNREFUSED");
    await c.sees("disconnected(ECONNREFUSED)");
  }),

  longStory("S8.3", "a keep-alive that nobody answers: disconnected(ETIMEDOUT), and the error once", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe(0);
    r.stop();
    await rig.sleep(7000);
    await c.none();
    await rig.sleep(2000);
    await c.sees("disconnected(ETIMEDOUT)");
    expect(await c.recv(9)).toBe("ETIMEDOUT");
    expect(await c.recv(9)).toBe("");
    expect(await c.send("x")).toBe("EPIPE");
  }),

  story("S8.3", "local SHUT_RD, then urgent data and a FIN: the end is told once more, data not", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    await c.sees("recv(0)");
    await r.data("swallowed");
    await c.none();
    expect(await c.recv(64)).toBe("");
    expect(await c.ioctl("FIONREAD")).toBe(0);
    await r.fin();
    await c.sees("recv(0)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)", "disconnected(0)");
  }),
];
