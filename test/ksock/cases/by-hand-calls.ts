import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { RAW_HOST } from "./tap.ts";
import { at, FORBIDDEN_IOCTLS, IP, lo, SO, TCP } from "./words.ts";

/** What no public suite has: the sharp corners of calls. */
export const BY_HAND_CALLS: readonly Case[] = [
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
