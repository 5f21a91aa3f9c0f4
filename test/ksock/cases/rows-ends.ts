import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { SO } from "./sock.ts";

/** Shutting down and closing. */
export const ROWS_ENDS: readonly Case[] = [
  story("C083", "SHUT_RD, SHUT_WR and SHUT_RDWR, as they are read and sent on", async (rig) => {
    const rd = await rig.connected();
    expect(await rd.c.shutdown("SHUT_RD")).toBe(0);
    expect(await rd.c.recv(64)).toBe("");
    expect(await rd.c.send("ok")).toBe(2);
    const wr = await rig.connected();
    await wr.c.nonblocking();
    expect(await wr.c.shutdown("SHUT_WR")).toBe(0);
    expect(await wr.c.recv(64)).toBe("EAGAIN");
    expect(await wr.c.send("x")).toBe("EPIPE");
    const both = await rig.connected();
    expect(await both.c.shutdown("SHUT_RDWR")).toBe(0);
    expect(await both.c.recv(64)).toBe("");
    expect(await both.c.send("x")).toBe("EPIPE");
  }),

  story("C084 P6", "a `how` that is none is EINVAL, and an unconnected socket ENOTCONN", async (rig) => {
    const { c } = await rig.connected();
    for (const how of [-1, 3, 100]) expect(await c.shutdown(how)).toBe("EINVAL");
    const fresh = await rig.tcp();
    for (const how of [0, 1, 2]) expect(await fresh.shutdown(how)).toBe("ENOTCONN");
    const unconnected = await rig.udp();
    for (const how of [0, 1, 2]) expect(await unconnected.shutdown(how)).toBe("ENOTCONN");
  }),

  story("C085", "a blocked read returns 0 at a local SHUT_RD, with recv(0)", async (rig) => {
    const { c } = await rig.connected();
    const reading = c.recv(64);
    await rig.still();
    expect(await c.shutdown("SHUT_RD")).toBe(0);
    expect(await reading).toBe("");
    await c.sees("recv(0)");
  }),

  story("C086", "a blocked read returns 0 at the peer's SHUT_WR, with recv(0)", async (rig) => {
    const { c, a } = await rig.connected();
    const reading = c.recv(64);
    await rig.still();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    expect(await reading).toBe("");
    await c.sees("recv(0)");
  }),

  story("C087", "SHUT_WR once more in FIN-WAIT-1 and FIN-WAIT-2 is 0, and tells xmit(0) again", async (rig) => {
    const { c, r } = await rig.toRaw();
    r.acks = false;
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await r.getsFin();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await r.ack();
    await rig.still();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)", "xmit(0)", "xmit(0)");
  }),

  story("C091", "SHUT_WR with unread data sends a FIN, which the peer reads as 0", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("unread")).toBe(6);
    await c.until("recv(6)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    expect(await a.recv(64)).toBe("");
    expect(await c.recv(64)).toBe("unread");
  }),

  story("C094", "SO_LINGER is off at first; {1, 5} reads back as {0x80, 5}", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.linger()).toEqual([0, 0]);
    expect(await c.setLinger(1, 5)).toBe(0);
    expect(await c.linger()).toEqual([0x80, 5]);
    expect(await c.setLinger(0, 5)).toBe(0);
    expect(await c.linger()).toEqual([0, 0]);
  }),

  story("C096", "close with a linger of 5 s returns as soon as the data was acknowledged", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.setLinger(1, 5)).toBe(0);
    expect(await c.send("soon")).toBe(4);
    const from = rig.seconds();
    expect(await c.close()).toBe(0);
    expect(rig.seconds() - from).toBeLessThan(4);
    expect(await a.recv(64)).toBe("soon");
    expect(await a.recv(64)).toBe("");
  }),

  story("C097", "what was sent before a close arrives, all of it", async (rig) => {
    const { c, a } = await rig.connected();
    const size = 100_000;
    expect(await c.send(new Uint8Array(size).fill(3))).toBe(size);
    expect(await c.close()).toBe(0);
    const all = await a.recvBytes(size, "MSG_WAITALL");
    expect(all.length).toBe(size);
    expect(all.every((byte) => byte === 3)).toBe(true);
    expect(await a.recv(64)).toBe("");
    expect(await a.get(SO.LEVEL, SO.ERROR)).toBe(0);
  }),

  story("C129 Q5", "SHUT_WR on both sides: each sees recv(0), then disconnected(0)", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)", "recv(0)", "disconnected(0)");
    await a.sees("recv(0)", "xmit(0)", "disconnected(0)");
  }),
];
