import { expect } from "@jest/globals";
import { longStory, story, type Case } from "../cases/case.ts";
import { lo, SO } from "../cases/words.ts";

/** Calls that are asked again behind the user's back: they are one call all the same. */
export const ASKED_AGAIN: readonly Case[] = [
  longStory("S5 3.12", "FIONBIO while calls wait is for the next ones, however long these wait", async (rig) => {
    const { l } = await rig.connected();
    const d = await rig.connected();
    const accept = rig.logged("accept", l.tryAccept());
    await rig.stop(d.c);
    await d.c.blocking();
    const send = rig.logged("send", d.c.send("x"));
    const recv = rig.logged("recv of d", d.c.recv(9));
    await rig.sleep(1);
    for (const s of [l, d.c]) await s.nonblocking();
    await rig.sleep(350);
    expect(rig.log.filter((line) => line.endsWith("returned"))).toEqual([]);
    expect(await d.a.send("late")).toBe(4);
    expect(await recv).toBe("late");
    const s = await rig.tcp();
    expect(await s.connect(lo(l.port))).toBe(0);
    expect(await accept).toBe(0);
    await rig.drain(d.a, 600_000);
    expect(await send).toBe(1);
  }),

  longStory("S2 S3.7", "bytes that come one by one over minutes are one receive with MSG_WAITALL", async (rig) => {
    const { c, a } = await rig.connected();
    const waiting = c.recv(9, "MSG_WAITALL");
    for (const byte of "ninebytes") {
      await rig.sleep(70);
      expect(await a.send(byte)).toBe(1);
    }
    expect(await waiting).toBe("ninebytes");
  }),

  longStory("S2 S3.6", "a send whose reader takes minutes is one send, and takes all", async (rig) => {
    const { c, a } = await rig.connected();
    const sending = rig.logged("send", c.send(new Uint8Array(3 << 20).fill(7)));
    await rig.still();
    let got = 0;
    for (let i = 0; i < 12; i++) {
      await rig.sleep(45);
      await rig.drain(a, 150_000);
      got += 150_000;
    }
    expect(rig.log).not.toContain("send returned");
    await rig.drain(a, (3 << 20) - got);
    expect(await sending).toBe(3 << 20);
  }),

  story("S3.7", "a receive takes all that is there, as FIONREAD says it, up to its size", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.set(SO.LEVEL, SO.RCVBUF, 1 << 20)).toBe(0);
    const total = await rig.stop(a);
    const queued = Number(await c.ioctl("FIONREAD"));
    expect(queued).toBeGreaterThan(500_000);
    expect(total).toBeGreaterThanOrEqual(queued);
    expect((await c.recvBytes(8 << 20, "MSG_PEEK")).length).toBe(queued);
    expect((await c.recvBytes(8 << 20)).length).toBe(queued);
  }),

  longStory("S9", "a call that has waited for minutes is EINTR when its socket is closed", async (rig) => {
    const { l, c } = await rig.connected();
    const calls = [c.recv(1), l.tryAccept(), c.poll("POLLIN", -1)];
    await rig.sleep(555);
    expect([await c.close(), await l.close()]).toEqual([0, 0]);
    expect(await Promise.all(calls)).toEqual(["EINTR", "EINTR", "EINTR"]);
  }),

  longStory("S2 S4.2", "a time of minutes is that of the whole call, with progress in between", async (rig) => {
    const { c, a } = await rig.connected();
    await c.timeout(SO.RCVTIMEO, 250);
    const from = rig.seconds();
    const waiting = c.recv(9, "MSG_WAITALL");
    await rig.sleep(150);
    expect(await a.send("abc")).toBe(3);
    expect(await waiting).toBe("abc");
    expect(Math.round(rig.seconds() - from)).toBe(250);
    expect(await c.recv(9)).toBe("EAGAIN");
    expect(Math.round(rig.seconds() - from)).toBe(500);
  }),
];
