import { expect } from "@jest/globals";
import { longStory, story, type Case } from "./case.ts";
import { at, lo, SO } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

const RST = 4;
const FIN = 1;

/** Section 9: what a peer sees of a close. */
export const SHEET_CLOSE: readonly Case[] = [
  story("S9", "fresh, bound or failed: nothing", async (rig) => {
    const fresh = await rig.tcp();
    const bound = await rig.tcp();
    expect(await bound.bind(lo(rig.port()))).toBe(0);
    const failed = await rig.tcp();
    expect(await failed.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    for (const s of [fresh, bound, failed]) {
      expect(await s.close()).toBe(0);
      expect(await s.close()).toBe("ENOTSOCK");
    }
  }),

  story("S9", "nothing unread: what waits to be sent, then a FIN", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.send("pending")).toBe(7);
    expect(await c.close()).toBe(0);
    await r.getsFin();
    expect(r.text()).toBe("pending");
    expect(r.has(RST)).toBe(false);
  }),

  story("S9", "data that comes after a close draws a reset", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.close()).toBe(0);
    await r.getsFin();
    expect(r.has(RST)).toBe(false);
    await r.data("too late");
    await r.getsRst();
  }),

  story("S9", "a linger of 0: a reset at once, and what was not sent is lost", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.setLinger(1, 0)).toBe(0);
    expect(await c.close()).toBe(0);
    await r.getsRst();
    expect(r.has(FIN)).toBe(false);
  }),

  longStory("S9", "a linger of n: close returns when the FIN is acknowledged, or n seconds later", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.setLinger(1, 20)).toBe(0);
    r.acks = false;
    expect(await c.send("slowly")).toBe(6);
    const from = rig.seconds();
    const closing = c.close();
    await rig.sleep(5);
    await r.gets(({ flags }) => (flags & FIN) !== 0, "FIN");
    await r.ack();
    expect(await closing).toBe(0);
    expect(rig.seconds() - from).toBeGreaterThanOrEqual(5);
    expect(rig.seconds() - from).toBeLessThan(8);
  }),

  story("S9", "a linger of n on a non-blocking socket does not wait", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    expect(await c.setLinger(1, 20)).toBe(0);
    await c.nonblocking();
    expect(await c.send("x")).toBe(1);
    const from = rig.seconds();
    expect(await c.close()).toBe(0);
    expect(rig.seconds() - from).toBeLessThan(2);
  }),

  story("S9", "a listener: who waits to be accepted is reset, and the port is free", async (rig) => {
    const { l, r } = await rig.fromRaw();
    const waiting = rig.raw();
    await waiting.connect(l.port);
    const half = rig.raw();
    await half.halfOpen(l.port);
    await rig.still();
    expect(await l.close()).toBe(0);
    await waiting.getsRst();
    expect(r.has(RST)).toBe(false);
    const again = await rig.tcp();
    expect(await again.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
    expect(await again.bind(at("10.0.0.1", l.port))).toBe(0);
  }),

  story("S9", "after both FINs: nothing more", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await r.getsFin();
    await r.fin();
    await c.until("disconnected(0)");
    await rig.still();
    const before = r.seen.length;
    expect(await c.close()).toBe(0);
    await rig.still();
    expect(r.seen.slice(before)).toEqual([]);
  }),

  longStory("S9", "FIN-WAIT-2 of a closed socket lasts a minute, and its port with it", async (rig) => {
    const { c, r } = await rig.toRaw();
    expect(await c.close()).toBe(0);
    await r.getsFin();
    await rig.sleep(90);
    const before = r.seen.length;
    await r.fin();
    await rig.still();
    // Nobody knows the connection any more.
    expect(r.seen.slice(before).some(({ flags }) => (flags & RST) !== 0)).toBe(true);
  }),

  story("S9", "SO_OOBINLINE off: an unread urgent byte is no unread data either", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.urgent("!");
    await c.until("exception");
    expect(await c.close()).toBe(0);
    await r.getsFin();
    expect(r.has(RST)).toBe(false);
  }),

  story("S9", "a close of a connecting socket under a hold: EINTR for who connects", async (rig) => {
    const c = await rig.tcp();
    const connecting = c.connect(at(RAW_HOST, rig.port()));
    await rig.still();
    expect(await c.close()).toBe(0);
    expect(await connecting).toBe("EINTR");
  }),

  story("S9", "a close wakes everybody who waits in the socket, whatever for", async (rig) => {
    const l = await rig.listener();
    const accepts = [l.tryAccept(), l.tryAccept(), l.poll("POLLIN", -1)];
    await rig.still();
    expect(await l.close()).toBe(0);
    expect(await Promise.all(accepts)).toEqual(["EINTR", "EINTR", "EINTR"]);
    const u = await rig.udp();
    expect(await u.bind(lo(rig.port()))).toBe(0);
    const reading = u.recv(64);
    await rig.still();
    expect(await u.close()).toBe(0);
    expect(await reading).toBe("EINTR");
  }),
];
