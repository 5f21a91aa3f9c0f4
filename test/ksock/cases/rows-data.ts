import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { fill } from "./sock.ts";
import { lo, SO } from "./words.ts";

/** Sending and receiving. */
export const ROWS_DATA: readonly Case[] = [
  story("C054", "two sends are one read of 10 bytes, and two recv events", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("12345")).toBe(5);
    expect(await c.send("67890")).toBe(5);
    await a.sees("recv(5)", "recv(5)");
    expect(await a.recv(64)).toBe("1234567890");
  }),

  story("C055", "a send of nothing is 0, and nobody hears of it", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("")).toBe(0);
    await a.none();
    await a.nonblocking();
    expect(await a.recv(64)).toBe("EAGAIN");
  }),

  story("C056 Q12", "an empty datagram: recv(-1), and a read of 0 bytes", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send("")).toBe(0);
    await y.sees("recv(-1)");
    expect(await y.recv(64)).toBe("");
    await y.nonblocking();
    expect(await y.recv(64)).toBe("EAGAIN");
  }),

  story("C057", "sendto with an address on a connection sends to the peer", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.sendto("here", lo(rig.port()))).toBe(4);
    expect(await a.recv(64)).toBe("here");
  }),

  story("C059", "a datagram that is too large: EMSGSIZE, and none of it", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.set(SO.LEVEL, SO.SNDBUF, 1 << 20)).toBe(0);
    expect(await x.send(new Uint8Array(65_508))).toBe("EMSGSIZE");
    await y.none();
  }),

  story("C060", "MSG_OOB on a datagram socket is EOPNOTSUPP", async (rig) => {
    const { x } = await rig.datagrams();
    expect(await x.send("x", "MSG_OOB")).toBe("EOPNOTSUPP");
  }),

  story("C061", "a non-blocking send of three buffers takes a part, and then would block", async (rig) => {
    const { c } = await rig.connected();
    await c.nonblocking();
    const size = 3 * Number(await c.get(SO.LEVEL, SO.SNDBUF));
    const sent = await c.send(new Uint8Array(size));
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(size);
    expect(await fill(c)).toBe("EAGAIN");
  }),

  story("C062", "MSG_DONTWAIT does the same on a blocking socket", async (rig) => {
    const { c } = await rig.connected();
    const size = 3 * Number(await c.get(SO.LEVEL, SO.SNDBUF));
    const sent = await c.send(new Uint8Array(size), "MSG_DONTWAIT");
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(size);
    expect(await fill(c, "MSG_DONTWAIT")).toBe("EAGAIN");
  }),

  story("C063", "a blocking send returns when all of it was taken", async (rig) => {
    const { c, a } = await rig.connected();
    const size = 3 * Number(await c.get(SO.LEVEL, SO.SNDBUF));
    const sending = c.send(new Uint8Array(size).fill(7));
    let left = size;
    while (left > 0) {
      const part = await a.recvBytes(65_536);
      expect(part.every((byte) => byte === 7)).toBe(true);
      left -= part.length;
    }
    expect(await sending).toBe(size);
  }),

  story("C064", "SO_SNDTIMEO on full buffers is EAGAIN", async (rig) => {
    const { c } = await rig.connected();
    await rig.stop(c);
    await c.blocking();
    await c.timeout(SO.SNDTIMEO, 0.1);
    const from = rig.seconds();
    expect(await c.send("more")).toBe("EAGAIN");
    expect(rig.seconds() - from).toBeGreaterThanOrEqual(0.09);
  }),

  story("C067", "after SHUT_WR a send is EPIPE, on TCP and on UDP", async (rig) => {
    const { c } = await rig.connected();
    const { x } = await rig.datagrams();
    for (const s of [c, x]) {
      expect(await s.shutdown("SHUT_WR")).toBe(0);
      expect(await s.send("x")).toBe("EPIPE");
      expect(await s.send("x")).toBe("EPIPE");
    }
  }),

  story("C069", "the peer is gone: a send fails with EPIPE", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.close()).toBe(0);
    await c.until("recv(0)");
    expect(await c.send("draws a reset")).toBe(13);
    await c.until("disconnected(ECONNRESET)");
    expect(await c.send("x", "MSG_NOSIGNAL")).toBe("EPIPE");
    expect(await c.send("x")).toBe("EPIPE");
  }),

  story("C070", "three peeks and a read see the same bytes", async (rig) => {
    const { c, a } = await rig.connected();
    const { x, y } = await rig.datagrams();
    for (const [from, to] of [
      [c, a],
      [x, y],
    ] as const) {
      expect(await from.send("look")).toBe(4);
      for (let i = 0; i < 3; i++) expect(await to.recv(64, "MSG_PEEK")).toBe("look");
      expect(await to.recv(64)).toBe("look");
    }
  }),

  story("C071", "MSG_WAITALL spans two sends", async (rig) => {
    const { c, a } = await rig.connected();
    const reading = a.recv(10, "MSG_WAITALL");
    expect(await c.send("12345")).toBe(5);
    await rig.still();
    expect(await c.send("67890")).toBe(5);
    expect(await reading).toBe("1234567890");
  }),

  story("C072", "MSG_WAITALL with MSG_DONTWAIT and nothing there is EAGAIN", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.recv(10, "MSG_WAITALL|MSG_DONTWAIT")).toBe("EAGAIN");
    expect(await c.send("123")).toBe(3);
    await a.until("recv(3)");
    expect(await a.recv(10, "MSG_WAITALL|MSG_DONTWAIT")).toBe("123");
  }),

  story("C074", "MSG_WAITALL for one byte more returns what there is when the peer closes", async (rig) => {
    const { c, a } = await rig.connected();
    const reading = a.recv(5, "MSG_WAITALL");
    expect(await c.send("four")).toBe(4);
    await rig.still();
    expect(await c.close()).toBe(0);
    expect(await reading).toBe("four");
    expect(await a.recv(5, "MSG_WAITALL")).toBe("");
  }),

  story("C075", "SO_RCVTIMEO of a second is EAGAIN after a second", async (rig) => {
    const { a } = await rig.connected();
    const { y } = await rig.datagrams();
    for (const s of [a, y]) {
      await s.timeout(SO.RCVTIMEO, 1);
      const from = rig.seconds();
      expect(await s.recv(64)).toBe("EAGAIN");
      expect(rig.seconds() - from).toBeGreaterThanOrEqual(0.99);
    }
  }),

  story("C076", "nothing there: a non-blocking read is EAGAIN, of 0 bytes", async (rig) => {
    const { a } = await rig.connected();
    const { y } = await rig.datagrams();
    for (const s of [a, y]) {
      await s.nonblocking();
      expect(await s.recv(64)).toBe("EAGAIN");
    }
  }),

  story("C077", "a read sleeps until data comes, and returns after its event", async (rig) => {
    const { c, a } = await rig.connected();
    rig.log.length = 0;
    const reading = a.recv(64).then((text) => {
      rig.log.push("recv returned");
      return text;
    });
    await rig.still();
    expect(rig.log).toEqual([]);
    expect(await c.send("morning")).toBe(7);
    expect(await reading).toBe("morning");
    expect(rig.log).toEqual(["A recv(7)", "recv returned"]);
  }),

  story("C078", "a read of a socket that was never connected is ENOTCONN, of length 0 too", async (rig) => {
    const fresh = await rig.tcp();
    const l = await rig.listener();
    for (const s of [fresh, l]) {
      expect(await s.recv(64)).toBe("ENOTCONN");
      expect(await s.recv(0)).toBe("ENOTCONN");
      expect(await s.recv(64, "MSG_PEEK")).toBe("ENOTCONN");
    }
  }),

  story("C079 D25", "MSG_TRUNC as a flag of a read is ignored: the bytes are copied", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("copied")).toBe(6);
    expect(await a.recv(6, "MSG_TRUNC")).toBe("copied");
    const { x, y } = await rig.datagrams();
    expect(await x.send("longer than that")).toBe(16);
    expect(await y.recv(6, "MSG_TRUNC")).toBe("longer");
  }),

  story("C081", "FIONREAD is 1000, then 0, and a FIN adds nothing", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send(new Uint8Array(1000))).toBe(1000);
    await a.until("recv(1000)");
    expect(await a.ioctl("FIONREAD")).toBe(1000);
    expect((await a.recvBytes(1000)).length).toBe(1000);
    expect(await a.ioctl("FIONREAD")).toBe(0);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await a.until("recv(0)");
    expect(await a.ioctl("FIONREAD")).toBe(0);
  }),
];
