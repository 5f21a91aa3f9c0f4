import { expect } from "@jest/globals";
import * as K from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import { errnoName } from "../../../services/ksock/errno.ts";
import { lo, portOf, SO } from "../cases/words.ts";

const cr = K.CRED();

/** Sheet 8: callbacks at every moment. */
export const EVENTS_CROSSED: readonly Case[] = [
  story(
    "S8.1",
    "of an alias set only named slots change, a NULL one goes off, unnamed ones stay, and the argument is another for all",
    async (rig) => {
      const { k } = rig;
      const { c, a } = await rig.connected();
      const heard: unknown[] = [];
      const on =
        (who: string): K.KsocketCallback =>
        (_ks, event, arg, info) =>
          void heard.push([who, event, arg, info]);
      expect(
        await k.ksocket_setcallbacks(
          c.handle,
          {
            ksock_cb_flags: K.KSOCKET_CB_NEWDATA | K.KSOCKET_CB_OOBDATA,
            ksock_cb_newdata: on("one"),
            ksock_cb_oobdata: on("one"),
            ksock_cb_cantrecvmore: on("unnamed"),
          },
          "first",
          cr,
        ),
      ).toEqual([0, undefined]);
      expect(await a.send("ab")).toBe(2);
      await rig.still();
      // The flags name nothing: nothing but the argument changes.
      expect(
        await k.ksocket_setcallbacks(c.handle, { ksock_cb_flags: 0, ksock_cb_newdata: on("never") }, "second", cr),
      ).toEqual([0, undefined]);
      expect(await a.send("c")).toBe(1);
      await rig.still();
      expect(
        await k.ksocket_setcallbacks(
          c.handle,
          {
            ksock_cb_flags: K.KSOCKET_CB_NEWDATA | K.KSOCKET_CB_CANTRECVMORE,
            ksock_cb_newdata: null,
            ksock_cb_cantrecvmore: on("two"),
          },
          "third",
          cr,
        ),
      ).toEqual([0, undefined]);
      expect(await a.send("d")).toBe(1);
      expect(await a.send("X", "MSG_OOB")).toBe(1);
      expect(await a.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      expect(heard).toEqual([
        ["one", K.KSOCKET_EV_NEWDATA, "first", 2],
        ["one", K.KSOCKET_EV_NEWDATA, "second", 3],
        ["one", K.KSOCKET_EV_OOBDATA, "third", 0],
        ["two", K.KSOCKET_EV_CANTRECVMORE, "third", 0],
      ]);
      expect(await k.ksocket_setcallbacks(c.handle, null, "argument", cr)).toEqual([K.EFAULT, undefined]);
      expect(await k.ksocket_setcallbacks(c.handle, null, null, cr)).toEqual([0, undefined]);
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      expect(heard).toHaveLength(4);
    },
  ),

  story("S8.1", "EFAULT of no set with an argument leaves what was on, and comes after ENOTSOCK", async (rig) => {
    const { k } = rig;
    const { c, a } = await rig.connected();
    const heard: unknown[] = [];
    const set = {
      ksock_cb_flags: K.KSOCKET_CB_NEWDATA,
      ksock_cb_newdata: (...args: unknown[]) => void heard.push(args.slice(1)),
    };
    expect(await k.ksocket_setcallbacks(c.handle, set, 7, cr)).toEqual([0, undefined]);
    expect(await k.ksocket_setcallbacks(c.handle, null, 8, cr)).toEqual([K.EFAULT, undefined]);
    expect(await a.send("x")).toBe(1);
    await rig.still();
    expect(heard).toEqual([[K.KSOCKET_EV_NEWDATA, 7, 1]]);
    expect(await c.close()).toBe(0);
    expect(await k.ksocket_setcallbacks(c.handle, null, 8, cr)).toEqual([K.ENOTSOCK, undefined]);
    expect(await k.ksock_callbacks(c.handle, {}, 8)).toEqual([K.ENOTSOCK, undefined]);
    expect(await k.ksock_callbacks(c.handle, null, null)).toEqual([K.ENOTSOCK, undefined]);
  }),

  story("S10", "either interface replaces the other's set whole, at any moment", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.send("a")).toBe(1);
    await c.sees("recv(1)");
    await c.watchAliasOnly("newdata");
    expect(await a.send("b")).toBe(1);
    await c.sees("newdata(2)");
    await c.watchOnly("recv");
    expect(await a.send("c")).toBe(1);
    expect(await a.send("X", "MSG_OOB")).toBe(1);
    await c.sees("recv(1)");
    await c.watchAliasOnly("oobdata");
    expect(await a.send("d")).toBe(1);
    expect(await a.send("X", "MSG_OOB")).toBe(1);
    await c.sees("oobdata(0)");
    expect(await c.unwatch()).toBe(0);
    expect(await a.send("e")).toBe(1);
    await c.none();
    await c.watchAlias();
    await c.none();
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await c.sees("cantrecvmore(0)");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await c.sees("cantsendmore(0)");
  }),

  story("S8.1", "an empty set is all off, as NULL is, and each of six can be alone", async (rig) => {
    const events: Record<string, unknown> = {};
    for (const slot of ["connected", "disconnected", "newconn", "recv", "xmit", "exception"] as const) {
      const l = await rig.listener();
      const s = await rig.tcp();
      await l.watchOnly(slot);
      await s.watchOnly(slot);
      expect(await s.connect(lo(l.port))).toBe(0);
      const a = await l.accept();
      await a.watchOnly(slot);
      expect(await a.send("bX", "MSG_OOB")).toBe(2);
      await rig.still();
      expect(await s.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      expect(await a.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      events[slot] = [l.took(), s.took(), a.took()];
      expect(await rig.k.ksock_callbacks(s.handle, {}, null)).toEqual([0, undefined]);
    }
    expect(events).toEqual({
      connected: [[], ["connected"], []],
      disconnected: [[], ["disconnected(0)"], ["disconnected(0)"]],
      newconn: [["newconn"], [], []],
      recv: [[], ["recv(1)", "recv(0)"], ["recv(0)"]],
      xmit: [[], ["xmit(0)"], ["xmit(0)"]],
      exception: [[], ["exception"], []],
    });
  }),

  story(
    "S8 P2",
    "from inside a callback every function is EDEADLK, of every socket, with no effect; hold and rele are not",
    async (rig) => {
      const { k } = rig;
      const { c, a } = await rig.connected();
      const other = await rig.udp();
      const before = await rig.facts("ksock_violation");
      const answers: Record<string, string> = {};
      let entered = 0;
      const s = c.handle;
      const data = new Uint8Array([120]);
      const calls: Record<string, () => Promise<readonly [number, unknown]>> = {
        socket: () => k.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0),
        "a socket that cannot be": () => k.ksock_socket(99, 99, 99),
        bind: () => k.ksock_bind(s, null),
        listen: () => k.ksock_listen(s, 1),
        accept: () => k.ksock_accept(s, null),
        connect: () => k.ksock_connect(s, lo(1)),
        send: () => k.ksock_send(s, data, 1, 0),
        "send NULL": () => k.ksock_send(s, null, 1, 0),
        recv: () => k.ksock_recv(s, 1, 0),
        shutdown: () => k.ksock_shutdown(s, 9),
        setsockopt: () => k.ksock_setsockopt(s, SO.LEVEL, SO.KEEPALIVE, K.int(1)),
        getsockopt: () => k.ksock_getsockopt(s, SO.LEVEL, SO.ERROR, null),
        getpeername: () => k.ksock_getpeername(s, null),
        getsockname: () => k.ksock_getsockname(s, {}),
        ioctl: () => k.ksock_ioctl(s, K.FIOASYNC, null),
        callbacks: () => k.ksock_callbacks(s, null, null),
        close: () => k.ksock_close(s),
        "close of another": () => k.ksock_close(other.handle),
        "a name of another": () => k.ksock_getsockname(other.handle, {}),
        "no socket": () => k.ksock_listen(null, 1),
        spoll: () => k.ksocket_spoll(s, 0, K.POLLIN, cr),
        sendto: () => k.ksocket_sendto(other.handle, data, 1, 0, lo(9), 16, cr),
        recvmsg: () => k.ksocket_recvmsg(other.handle, { msg_iov: [1] }, 0, cr),
        setcallbacks: () => k.ksocket_setcallbacks(s, null, 1, cr),
        hold: () => k.ksocket_hold(s),
        rele: () => k.ksocket_rele(s),
        "hold of another": () => k.ksocket_hold(other.handle),
        "rele of another": () => k.ksocket_rele(other.handle),
      };
      expect(
        await k.ksock_callbacks(
          s,
          {
            async recv() {
              if (entered++ > 0) return;
              for (const [name, call] of Object.entries(calls)) {
                const [error] = await call();
                answers[name] = error === 0 ? "0" : errnoName(error);
              }
            },
          },
          null,
        ),
      ).toEqual([0, undefined]);
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      const refused = Object.keys(calls).filter((name) => !/hold|rele/.test(name));
      expect(answers).toEqual({
        ...Object.fromEntries(refused.map((name) => [name, "EDEADLK"])),
        hold: "0",
        rele: "0",
        "hold of another": "0",
        "rele of another": "0",
      });
      expect((await rig.facts("ksock_violation")) - before).toBe(refused.length);
      // Nothing was done: the callback is still on, the data is there, and so is the other socket.
      expect([await c.ioctl("FIONREAD"), await other.trySockname(16), await c.get(SO.LEVEL, SO.KEEPALIVE)]).toEqual([
        3, 0, 0,
      ]);
      expect(await a.send("d")).toBe(1);
      await rig.still();
      expect(entered).toBe(2);
    },
  ),

  story(
    "S8 P2",
    "a callback of one socket does not forbid calls that others make meanwhile, of other sockets",
    async (rig) => {
      const { c, a } = await rig.connected();
      const gate = c.hold("recv(1)");
      expect(await a.send("x")).toBe(1);
      await gate.entered;
      const other = await rig.udp();
      expect([await other.bind(lo(rig.port())), await a.send("y"), await a.ioctl("FIONREAD")]).toEqual([0, 1, 0]);
      gate.open();
      await c.sees("recv(1)", "recv(1)");
    },
  ),

  story(
    "S8.3",
    "setting callbacks is a barrier: it returns when the callback that runs is over, and no later one is of the old set",
    async (rig) => {
      const { c, a } = await rig.connected();
      const gate = c.hold("recv(1)");
      expect(await a.send("x")).toBe(1);
      await gate.entered;
      expect(await a.send("y")).toBe(1);
      const off = rig.logged("off", c.unwatch());
      await rig.sleep(1);
      expect(rig.log).not.toContain("off returned");
      gate.open();
      expect(await off).toBe(0);
      await rig.still();
      expect(rig.log.slice(-1)).toEqual(["off returned"]);
    },
  ),

  story(
    "S8.4 P10",
    "a callback that never returns stalls its socket for 5 s, not others, and close does not wait for ever",
    async (rig) => {
      const { c, a } = await rig.connected();
      const before = await rig.facts("ksock_overrun");
      const gate = c.hold("recv(1)");
      expect(await a.send("x")).toBe(1);
      await gate.entered;
      const from = rig.seconds();
      expect(await a.send("y")).toBe(1);
      expect(await c.recv(9, "MSG_WAITALL|MSG_DONTWAIT")).toBe("xy");
      expect(rig.seconds() - from).toBeGreaterThan(4);
      expect(rig.seconds() - from).toBeLessThan(6);
      gate.open();
      expect((await rig.facts("ksock_overrun")) - before).toBeGreaterThan(0);
      expect(await c.close()).toBe(0);
    },
  ),

  story(
    "S8.1",
    "on a listener: callbacks may be set, are not replayed, are not the connection's, and newconn comes for each",
    async (rig) => {
      const l = await rig.tcp();
      expect(await l.listen(5)).toBe(0);
      const to = lo(portOf(await l.sockname()));
      const first = await rig.tcp();
      expect(await first.connect(to)).toBe(0);
      await l.watch();
      await l.none();
      const second = await rig.tcp();
      expect(await second.connect(to)).toBe(0);
      await l.sees("newconn");
      const a = await l.accept();
      expect([await first.send("x"), await second.send("y")]).toEqual([1, 1]);
      await l.none();
      await a.none();
      await l.watchAlias();
      const third = await rig.tcp();
      expect(await third.connect(to)).toBe(0);
      await l.sees("newconn(0)");
    },
  ),

  story("S8.3 Q5", "the end told once: whoever is first, by shutdown or by close of the other", async (rig) => {
    for (const how of ["FIN first", "we first", "together"]) {
      const { c, a } = await rig.connected();
      if (how === "FIN first") {
        expect(await a.shutdown("SHUT_WR")).toBe(0);
        await c.sees("recv(0)");
        expect(await c.shutdown("SHUT_WR")).toBe(0);
        await c.sees("xmit(0)", "disconnected(0)");
      } else if (how === "we first") {
        expect(await c.shutdown("SHUT_WR")).toBe(0);
        await c.sees("xmit(0)");
        expect(await a.close()).toBe(0);
        await c.sees("recv(0)", "disconnected(0)");
      } else {
        await Promise.all([c.shutdown("SHUT_WR"), a.shutdown("SHUT_WR")]);
        await c.sees("xmit(0)", "recv(0)", "disconnected(0)");
      }
      // What is said after the end is no second one.
      expect([await c.shutdown("SHUT_RD"), await c.recv(1)]).toEqual([how === "FIN first" ? expect.anything() : 0, ""]);
      await rig.still();
      expect(c.took().filter((event) => event.startsWith("disconnected"))).toEqual([]);
    }
  }),

  story(
    "S8.3",
    "a reset after SHUT_WR and after SHUT_RD: disconnected(ECONNRESET), and no disconnected(0) before or after",
    async (rig) => {
      for (const how of ["SHUT_WR", "SHUT_RD", "SHUT_RDWR"] as const) {
        const { c, r } = await rig.toRaw();
        expect(await c.shutdown(how)).toBe(0);
        await rig.still();
        c.took();
        await r.rst();
        await c.sees("disconnected(ECONNRESET)");
        expect([await c.shutdown("SHUT_WR"), await c.tryPeername(16)]).toEqual(["ENOTCONN", "ENOTCONN"]);
        expect([await c.send("x"), await c.recv(1), await c.recv(1)]).toEqual(["EPIPE", "ECONNRESET", ""]);
        await c.none();
      }
    },
  ),

  story("S8.3", "an alias never hears of an orderly end, in any order of it", async (rig) => {
    const { c, a } = await rig.connected();
    await c.watchAlias();
    await a.watchAlias();
    expect(await c.shutdown("SHUT_RDWR")).toBe(0);
    await c.sees("cantsendmore(0)", "cantrecvmore(0)");
    await a.sees("cantrecvmore(0)");
    expect(await a.shutdown("SHUT_RDWR")).toBe(0);
    await a.sees("cantsendmore(0)", "cantrecvmore(0)");
    await c.sees("cantrecvmore(0)");
  }),

  story("S8.3", "setsockopt(SO_SNDBUF) that makes room tells it, in the call", async (rig) => {
    const { c } = await rig.connected();
    expect(await c.set(SO.LEVEL, SO.SNDBUF, 8192)).toBe(0);
    await rig.stop(c);
    expect(await c.send("x")).toBe("EAGAIN");
    expect(await rig.logged("set", c.set(SO.LEVEL, SO.SNDBUF, 1 << 20))).toBe(0);
    expect(rig.log.slice(-2)).toEqual(["C xmit(>0)", "set returned"]);
    expect(await c.send("x")).toBe(1);
  }),

  story("S8.3", "what is closed hears no more, and its number is nobody else's", async (rig) => {
    const { c, a } = await rig.connected();
    const gate = c.hold("recv(1)");
    expect([await a.send("x")]).toEqual([1]);
    await gate.entered;
    expect(await a.send("y")).toBe(1);
    expect(await a.send("Z", "MSG_OOB")).toBe(1);
    const closing = c.close();
    await rig.still();
    expect([await c.recv(1), await c.close(), await c.unwatch()]).toEqual(["ENOTSOCK", "ENOTSOCK", "ENOTSOCK"]);
    gate.open();
    expect(await closing).toBe(0);
    await c.sees("recv(1)");
  }),
];
