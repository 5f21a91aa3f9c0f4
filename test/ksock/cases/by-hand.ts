import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { at, FORBIDDEN_IOCTLS, IP, lo, SO, TCP } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** What no public suite has: callbacks, and the sharp corners beside them. */
export const BY_HAND: readonly Case[] = [
  story("E01", "a NULL in the struct of callbacks is an event that is off", async (rig) => {
    const { c, a } = await rig.connected();
    await a.watchOnly("disconnected", "exception");
    expect(await c.send("unheard")).toBe(7);
    await a.none();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.sees("exception");
  }),

  story("E02", "NULL for the struct switches everything off", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("heard")).toBe(5);
    await a.sees("recv(5)");
    expect(await a.unwatch()).toBe(0);
    expect(await c.send("unheard")).toBe(7);
    expect(await c.close()).toBe(0);
    await a.none();
    expect(await a.recv(64)).toBe("heardunheard");
  }),

  story("E03", "installing again replaces the argument", async (rig) => {
    const { c, a } = await rig.connected();
    await a.watch("first");
    expect(await c.send("1")).toBe(1);
    await a.until("recv(1)");
    expect(a.lastArgument()).toBe("first");
    await a.watch("second");
    expect(await c.send("22")).toBe(2);
    await a.until("recv(2)");
    expect(a.lastArgument()).toBe("second");
  }),

  story("E04 Q8", "what was so before the callbacks were installed is not told", async (rig) => {
    const l = await rig.tcp();
    expect(await l.bind(lo(rig.port()))).toBe(0);
    expect(await l.listen(5)).toBe(0);
    const c = await rig.tcp();
    expect(await c.connect(await l.sockname())).toBe(0);
    expect(await c.send("early")).toBe(5);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    await l.watch();
    await c.watch();
    const a = await l.accept();
    await a.watch();
    for (const s of [l, c, a]) await s.none();
    await a.nonblocking();
    expect(await a.recv(64)).toBe("early");
    expect(await a.recv(64)).toBe("");
  }),

  story("E05 P4 Q2", "no event after a close has begun, with events on their way", async (rig) => {
    const { c, a } = await rig.connected();
    const gate = a.hold("recv(1)");
    expect(await c.send("1")).toBe(1);
    await gate.entered;
    expect(await c.send("22")).toBe(2);
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await rig.still();
    const closing = a.close();
    await rig.still();
    expect(await c.send("333")).toBeDefined();
    gate.open();
    expect(await closing).toBe(0);
    await rig.still();
    expect(a.took()).toEqual(["recv(1)"]);
  }),

  story("E06 P2 Q7", "a call inside a callback is EDEADLK, and counted; hold and rele are allowed", async (rig) => {
    const { c, a } = await rig.connected();
    const before = await rig.facts("ksock_violation");
    const seen: unknown[] = [];
    a.within(async () => {
      seen.push(await a.recv(64), await a.send("x"), await a.close());
      seen.push(await a.shutdown("SHUT_WR"), await a.get(SO.LEVEL, SO.ERROR));
      seen.push(await a.tryHold(), await a.tryRele());
    });
    expect(await c.send("hello")).toBe(5);
    await a.sees("recv(5)");
    expect(seen).toEqual(["EDEADLK", "EDEADLK", "EDEADLK", "EDEADLK", "EDEADLK", 0, 0]);
    expect((await rig.facts("ksock_violation")) - before).toBe(5);
    // Nothing was done.
    expect(await a.recv(64)).toBe("hello");
    expect(await a.send("alive")).toBe(5);
    // Other sockets are out of reach too.
    const other = await rig.tcp();
    const refused: unknown[] = [];
    a.within(async () => void refused.push(await other.bind(lo(rig.port()))));
    expect(await c.send("again")).toBe(5);
    await a.sees("recv(5)");
    expect(refused).toEqual(["EDEADLK"]);
  }),

  story("E07 P5 Q9", "a slow callback holds the events of its socket up, and those of no other", async (rig) => {
    const { c, a } = await rig.connected();
    const other = await rig.connected();
    const gate = a.hold("recv(1)");
    expect(await c.send("1")).toBe(1);
    await gate.entered;
    expect(await c.send("22")).toBe(2);
    expect(await c.send("333")).toBe(3);
    expect(await other.c.send("free")).toBe(4);
    await other.a.sees("recv(4)");
    expect(a.events).toEqual(["recv(1)"]);
    gate.open();
    await a.sees("recv(1)", "recv(2)", "recv(3)");
  }),

  story("E08", "an event comes before the return of the blocked call that it completes", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    c.name = "C";
    await c.watch();
    const accepting = rig.logged("accept", l.accept());
    await rig.still();
    await rig.logged("connect", c.connect(lo(l.port)));
    const a = await accepting;
    a.name = "A";
    await a.watch();
    const reading = rig.logged("recv", a.recv(64));
    await rig.still();
    expect(await c.send("x")).toBe(1);
    await reading;
    const order = (event: string, call: string): void => {
      expect(rig.log).toContain(event);
      expect(rig.log.indexOf(event)).toBeLessThan(rig.log.indexOf(call));
    };
    order("L newconn", "accept returned");
    order("C connected", "connect returned");
    order("A recv(1)", "recv returned");
  }),

  story("E09", "xmit(0) and cantsendmore come inside shutdown", async (rig) => {
    const { c, a } = await rig.connected();
    await rig.logged("shutdown", c.shutdown("SHUT_WR"));
    expect(rig.log.filter((line) => line.startsWith("C") || line.startsWith("shutdown"))).toEqual([
      "C xmit(0)",
      "shutdown returned",
    ]);
    rig.log.length = 0;
    await a.watchAlias();
    await rig.logged("shutdown", a.shutdown("SHUT_RDWR"));
    expect(rig.log.filter((line) => line.startsWith("A") || line.startsWith("shutdown"))).toEqual([
      "A cantsendmore(0)",
      "A cantrecvmore(0)",
      "shutdown returned",
    ]);
  }),

  story("E10", "connected comes inside the connect of a datagram socket", async (rig) => {
    const s = await rig.udp();
    s.name = "U";
    await s.watch();
    rig.log.length = 0;
    await rig.logged("connect", s.connect(lo(rig.port())));
    expect(rig.log).toEqual(["U connected", "connect returned"]);
  }),

  story("E11", "disconnected with an errno comes alone", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.rst();
    await c.sees("disconnected(ECONNRESET)");
    await rig.still();
    await c.none();
  }),

  story("E12 Q5", "disconnected(0) comes once, when both directions have ended", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.fin();
    await c.sees("recv(0)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("xmit(0)", "disconnected(0)");
    await rig.still();
    expect(await c.shutdown("SHUT_WR")).toBeDefined();
    await rig.still();
    expect(c.took().filter((event) => event.startsWith("disconnected"))).toEqual([]);
  }),

  story("E13", "a reset in LAST-ACK or CLOSING is no event", async (rig) => {
    const lastAck = await rig.toRaw();
    lastAck.r.acks = false;
    await lastAck.r.fin();
    await lastAck.c.until("recv(0)");
    expect(await lastAck.c.shutdown("SHUT_WR")).toBe(0);
    await lastAck.r.getsFin();
    await rig.still();
    lastAck.c.took();
    await lastAck.r.rst();
    await lastAck.c.none();
    expect(await lastAck.c.get(SO.LEVEL, SO.ERROR)).toBe(0);

    const closing = await rig.toRaw();
    closing.r.acks = false;
    expect(await closing.c.shutdown("SHUT_WR")).toBe(0);
    await closing.r.getsFin();
    // Its FIN crosses ours: it does not acknowledge it.
    await closing.r.finUnacknowledged();
    await closing.c.until("recv(0)");
    await rig.still();
    closing.c.took();
    await closing.r.rst();
    await closing.c.none();
    expect(await closing.c.get(SO.LEVEL, SO.ERROR)).toBe(0);
  }),

  story("E14", "xmit comes when sending was stopped and may go on, and at no other time", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("never stopped")).toBe(13);
    expect(await a.recv(64)).toBe("never stopped");
    await c.none();
    const sent = await rig.stop(c);
    await c.none();
    await rig.drain(a, sent);
    await c.until(/^xmit\(/);
    await rig.still();
    expect(c.took()).toEqual(["xmit(>0)"]);
  }),

  story("E15 Q4", "recv counts what arrived, newdata all that waits", async (rig) => {
    const { c, a } = await rig.connected();
    const other = await rig.connected();
    await other.a.watchAlias();
    for (const text of ["12345", "678"]) {
      expect(await c.send(text)).toBe(text.length);
      expect(await other.c.send(text)).toBe(text.length);
    }
    await a.sees("recv(5)", "recv(3)");
    await other.a.sees("newdata(5)", "newdata(8)");
  }),

  story("E16 Q12", "an empty datagram is recv(-1), and newdata(0)", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send("")).toBe(0);
    await y.sees("recv(-1)");
    await x.watchAlias();
    expect(await y.send("")).toBe(0);
    await x.sees("newdata(0)");
  }),

  story("E17", "an exception comes with the urgent byte, and not with the mark", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.mark(4, "12");
    await c.sees("recv(2)");
    expect(await c.ioctl("SIOCATMARK")).toBe(0);
    expect(await c.recv(1, "MSG_OOB")).toBe("EAGAIN");
    await r.data("345");
    await c.until("exception");
    expect(await c.recv(1, "MSG_OOB")).toBe("5");
  }),

  story(
    "E18",
    "forbidden commands are EOPNOTSUPP, and leave a pending error pending; FIONREAD returns it",
    async (rig) => {
      const { c, r } = await rig.toRaw();
      await r.rst();
      await c.until("disconnected(ECONNRESET)");
      for (const cmd of FORBIDDEN_IOCTLS) expect([cmd, await c.ioctl(cmd)]).toEqual([cmd, "EOPNOTSUPP"]);
      expect(await c.ioctl("FIONREAD")).toBe("ECONNRESET");
      expect(await c.ioctl("FIONREAD")).toBe(0);
      for (const cmd of FORBIDDEN_IOCTLS) expect([cmd, await c.ioctl(cmd)]).toEqual([cmd, "EOPNOTSUPP"]);
    },
  ),

  story("E19 P3 D10", "close waits for a hold, and wakes accept, connect, send and recv with EINTR", async (rig) => {
    const l = await rig.listener();
    const connecting = await rig.tcp();
    const { c: sending } = await rig.connected();
    await rig.stop(sending);
    await sending.blocking();
    const { a: reading } = await rig.connected();
    const waiting = [
      { s: l, call: l.tryAccept() },
      { s: connecting, call: connecting.connect(at(RAW_HOST, rig.port())) },
      { s: sending, call: sending.send("more") },
      { s: reading, call: reading.recv(64) },
    ];
    await rig.still();
    for (const { s, call } of waiting) {
      expect(await s.tryHold()).toBe(0);
      let isClosed = false;
      const closing = s.close().then((error) => {
        isClosed = true;
        return error;
      });
      expect(await call).toBe("EINTR");
      await rig.still();
      expect(isClosed).toBe(false);
      expect(await s.get(SO.LEVEL, SO.TYPE)).toBe("ENOTSOCK");
      expect(await s.tryRele()).toBe(0);
      expect(await closing).toBe(0);
    }
  }),

  story("E20 P1 D1", "a second close is ENOTSOCK, and so is everything else, and every foreign handle", async (rig) => {
    const s = await rig.tcp();
    expect(await s.close()).toBe(0);
    expect(await rig.everyCall(s.handle)).toEqual(["ENOTSOCK"]);
    for (const foreign of rig.foreignHandles()) expect(await rig.everyCall(foreign)).toEqual(["ENOTSOCK"]);
  }),

  story(
    "E21",
    "both interfaces on one socket: the callbacks that were installed last are those that it has",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.send("1")).toBe(1);
      await a.sees("recv(1)");
      await a.watchAlias();
      expect(await c.send("22")).toBe(2);
      await a.sees("newdata(3)");
      // Only the slots with a flag change.
      await a.watchAliasOnly("oobdata");
      expect(await c.send("333")).toBe(3);
      await a.sees("newdata(6)");
      await a.watch();
      expect(await c.send("4444")).toBe(4);
      await a.sees("recv(4)");
      // Calls of both interfaces work on it.
      expect(await a.aliasRecv(64)).toBe("1223334444");
      expect(await a.aliasSend("reply")).toBe(5);
      expect(await c.recv(64)).toBe("reply");
    },
  ),

  story("E22 Q1 P10", "the events of a failed connect and of an abort, swapped under illumosQuirks", async (rig) => {
    for (const isOdd of [false, true]) {
      const failed = await (isOdd ? rig.oddTcp() : rig.tcp());
      await failed.watchAlias();
      expect(await failed.connect(lo(rig.port()))).toBe("ECONNREFUSED");
      await failed.sees(isOdd ? "disconnected(ECONNREFUSED)" : "connectfailed(ECONNREFUSED)");
      const { c, a } = await (isOdd ? rig.oddConnected() : rig.connected());
      await c.watchAlias();
      expect(await a.setLinger(1, 0)).toBe(0);
      expect(await a.close()).toBe(0);
      await c.sees(isOdd ? "connectfailed(ECONNRESET)" : "disconnected(ECONNRESET)");
      // The interface of the seed has one callback for both, and nothing to swap.
      const primary = await (isOdd ? rig.oddTcp() : rig.tcp());
      await primary.watch();
      expect(await primary.connect(lo(rig.port()))).toBe("ECONNREFUSED");
      await primary.sees("disconnected(ECONNREFUSED)");
    }
  }),

  story("E23", "accept inherits options, timeouts and buffers, but neither FIONBIO nor callbacks", async (rig) => {
    const l = await rig.listener();
    const flags = [SO.DEBUG, SO.REUSEADDR, SO.KEEPALIVE, SO.DONTROUTE, SO.BROADCAST, SO.USELOOPBACK, SO.OOBINLINE];
    for (const name of flags) expect(await l.set(SO.LEVEL, name, 1)).toBe(0);
    expect(await l.setLinger(1, 7)).toBe(0);
    await l.timeout(SO.RCVTIMEO, 3);
    await l.timeout(SO.SNDTIMEO, 4);
    expect(await l.set(SO.LEVEL, SO.SNDBUF, 50_000)).toBe(0);
    expect(await l.set(SO.LEVEL, SO.RCVBUF, 146_000)).toBe(0);
    expect(await l.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe(0);
    expect(await l.set(IP.LEVEL, IP.TTL, 33)).toBe(0);
    expect(await l.set(IP.LEVEL, IP.TOS, 0x08)).toBe(0);
    await l.nonblocking();
    const rcvbuf = await l.get(SO.LEVEL, SO.RCVBUF);
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    await l.until("newconn");
    const a = await l.accept();
    for (const name of flags) expect([name, await a.get(SO.LEVEL, name)]).toEqual([name, await l.get(SO.LEVEL, name)]);
    expect(await a.linger()).toEqual([0x80, 7]);
    expect(await a.timeoutOf(SO.RCVTIMEO)).toBe(3);
    expect(await a.timeoutOf(SO.SNDTIMEO)).toBe(4);
    expect(await a.get(SO.LEVEL, SO.SNDBUF)).toBe(50_000);
    expect(await a.get(SO.LEVEL, SO.RCVBUF)).toBe(rcvbuf);
    expect(await a.get(TCP.LEVEL, TCP.NODELAY)).toBe(1);
    expect(await a.get(IP.LEVEL, IP.TTL)).toBe(33);
    expect(await a.get(IP.LEVEL, IP.TOS)).toBe(0x08);
    // Neither non-blocking: the read waits for its timeout; nor with callbacks.
    await a.timeout(SO.RCVTIMEO, 0.2);
    const from = rig.seconds();
    expect(await a.recv(64)).toBe("EAGAIN");
    expect(rig.seconds() - from).toBeGreaterThanOrEqual(0.19);
    await a.none();
    l.took();
    expect(await c.send("unheard")).toBe(7);
    for (const s of [a, l]) await s.none();
  }),

  story(
    "E24 D30 D31",
    "after SHUT_WR getpeername, setsockopt and bind are EINVAL; getsockname and recv are not",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      expect(await c.tryPeername(16)).toBe("EINVAL");
      expect(await c.set(SO.LEVEL, SO.KEEPALIVE, 1)).toBe("EINVAL");
      expect(await c.set(TCP.LEVEL, TCP.NODELAY, 1)).toBe("EINVAL");
      expect(await c.set(SO.LEVEL, 0x7fff, 1)).toBe("EINVAL");
      expect(await c.bind(lo(rig.port()))).toBe("EINVAL");
      expect(await c.trySockname(16)).toBe(0);
      expect(await c.get(SO.LEVEL, SO.KEEPALIVE)).toBe(0);
      expect(await a.send("still")).toBe(5);
      expect(await c.recv(64)).toBe("still");
      // What the peer does changes none of it: its getpeername goes on.
      expect(await a.tryPeername(16)).toBe(0);
    },
  ),
];
