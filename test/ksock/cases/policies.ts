import { expect } from "@jest/globals";
import { longStory, story, type Case } from "./case.ts";
import { at, lo, portOf, SO } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** Policies and rulings that no row, trace or difference shows. */
export const POLICIES: readonly Case[] = [
  story("P1", "a handle is dead as soon as its close has begun", async (rig) => {
    const { a } = await rig.connected();
    expect(await a.tryHold()).toBe(0);
    const closing = a.close();
    await rig.still();
    expect(await rig.everyCall(a.handle, ["rele"])).toEqual(["ENOTSOCK"]);
    expect(await a.tryRele()).toBe(0);
    expect(await closing).toBe(0);
  }),

  story("P3", "a call that is under way is a hold: a close wakes it, and waits for it", async (rig) => {
    const { a } = await rig.connected();
    const order: string[] = [];
    const reading = a.recv(64).then((end) => order.push(`recv ${end}`));
    await rig.still();
    const closing = a.close().then((end) => order.push(`close ${end}`));
    await Promise.all([reading, closing]);
    // The house answers in this order; on their way the answers may pass each other.
    expect(order.sort()).toEqual(["close 0", "recv EINTR"]);
  }),

  story("P7", "what is NULL with a length is EFAULT", async (rig) => {
    const { c, a } = await rig.connected();
    const fresh = await rig.tcp();
    const u = await rig.udp();
    expect(await fresh.bindNull(16)).toBe("EFAULT");
    expect(await fresh.connectNull(16)).toBe("EFAULT");
    expect(await u.sendtoNull("x", 16)).toBe("EFAULT");
    expect(await c.sendNull(5)).toBe("EFAULT");
    expect(await c.sendNull(0)).toBe(0);
    expect(await c.send("x")).toBe(1);
    await a.until("recv(1)");
    expect(await a.recvNull(5)).toBe("EFAULT");
    expect(await a.recv(64)).toBe("x");
    expect(await c.trySockname(16, true)).toBe("EFAULT");
    expect(await c.tryPeername(16, true)).toBe("EFAULT");
    const l = await rig.listener();
    expect(await l.tryAccept(null)).toBe("EFAULT");
  }),

  story("P12", "names travel on the wire, and numbers that have none as they are", async (rig) => {
    const s = await rig.tcp();
    expect(await s.ioctl(0x1234_5678)).toBe("EINVAL");
    expect(await s.getRaw(0x12_3456, 1, 4)).toBe("ENOPROTOOPT");
    const said = rig.saidOnTheWire();
    expect(said).toContain("AF_INET");
    expect(said).toContain("SOCK_STREAM");
    expect(said).toContain(String(0x1234_5678));
  }),

  story("P15", "recvfrom copies as much of an address as there is room for, and tells its true length", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send("datagram")).toBe(8);
    const cut = await y.recvfrom(64, 4);
    expect([cut.data, cut.addr.length, cut.addrlen]).toEqual(["datagram", 4, 16]);
    const { c, a } = await rig.connected();
    expect(await c.send("stream")).toBe(6);
    const stream = await a.recvfrom(64);
    expect([stream.data, stream.addr.length, stream.addrlen]).toEqual(["stream", 0, 0]);
  }),

  longStory("P17", "timeouts, lingers, TIME-WAIT and keep-alives go by the virtual clock", async (rig) => {
    const { a } = await rig.connected();
    await a.timeout(SO.RCVTIMEO, 15_410);
    let from = rig.seconds();
    expect(await a.recv(64)).toBe("EAGAIN");
    expect(rig.seconds() - from).toBeGreaterThanOrEqual(15_410);
    expect(rig.seconds() - from).toBeLessThan(15_411);

    const lingers = await rig.toRaw();
    lingers.r.acks = false;
    expect(await lingers.c.setLinger(1, 30)).toBe(0);
    expect(await lingers.c.send("never acknowledged")).toBe(18);
    from = rig.seconds();
    expect(await lingers.c.close()).toBe(0);
    expect(rig.seconds() - from).toBeGreaterThanOrEqual(30);
    expect(rig.seconds() - from).toBeLessThan(31);

    // Two hours without a word, and a peer that does not answer any more.
    const idle = await rig.toRaw();
    expect(await idle.c.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe(0);
    idle.r.stop();
    await rig.sleep(7100);
    await idle.c.none();
    await rig.sleep(1200);
    await idle.c.sees("disconnected(ETIMEDOUT)");
    expect(await idle.c.recv(64)).toBe("ETIMEDOUT");
  }),

  longStory(
    "P17",
    "a port in TIME-WAIT is free for SO_REUSEADDR at once, and for everybody after a minute",
    async (rig) => {
      const { c, a, l } = await rig.connected();
      expect(await l.close()).toBe(0);
      expect(await a.shutdown("SHUT_WR")).toBe(0);
      await c.until("recv(0)");
      expect(await c.close()).toBe(0);
      await a.until("disconnected(0)");
      expect(await a.close()).toBe(0);
      const again = await rig.tcp();
      expect(await again.set(SO.LEVEL, SO.REUSEADDR, 1)).toBe(0);
      expect(await again.bind(lo(l.port))).toBe(0);
      expect(await again.close()).toBe(0);
      await rig.sleep(70);
      const late = await rig.tcp();
      expect(await late.bind(lo(l.port))).toBe(0);
    },
  ),

  story("Q6", "data is told at once, pushed or not, however little", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.unpushed("a");
    await c.sees("recv(1)");
    expect(await c.recv(64)).toBe("a");
  }),

  longStory("Q10", "a callback that does not return holds its socket up for a while, and is counted", async (rig) => {
    const { c, a } = await rig.connected();
    const gate = a.hold("recv(1)");
    expect(await c.send("1")).toBe(1);
    await gate.entered;
    const before = await rig.facts("ksock_overrun");
    const from = rig.seconds();
    expect(await a.recv(64)).toBe("1");
    expect(rig.seconds() - from).toBeGreaterThan(0);
    expect((await rig.facts("ksock_overrun")) - before).toBe(1);
    gate.open();
    expect(await c.send("22")).toBe(2);
    await a.sees("recv(1)", "recv(2)");
  }),

  story("P16", "a non-blocking connect over loopback is EINPROGRESS, each time", async (rig) => {
    const l = await rig.listener(20);
    for (let i = 0; i < 10; i++) {
      const c = await rig.tcp();
      await c.nonblocking();
      expect(await c.connect(lo(l.port))).toBe("EINPROGRESS");
    }
  }),

  story("P18", "newconn of the listener comes before connected of the client, each time", async (rig) => {
    const l = await rig.listener(20);
    for (let i = 0; i < 10; i++) {
      const c = await rig.tcp();
      c.name = "C";
      await c.watch();
      await c.nonblocking();
      rig.log.length = 0;
      expect(await c.connect(lo(l.port))).toBe("EINPROGRESS");
      await c.sees("connected");
      expect(rig.log).toEqual(["L newconn", "C connected"]);
    }
    expect(portOf(at(RAW_HOST, 9))).toBe(9);
  }),
];
