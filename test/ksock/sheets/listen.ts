import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import type { Sock } from "../cases/sock.ts";
import { any, AF_INET, AF_INET6, FIRST_ANONYMOUS, hostOf, lo, portOf, SO } from "../cases/words.ts";

/** Section 3.3, sentence by sentence. */
export const LISTEN: readonly Case[] = [
  story("3.3", "listen in each state", async (rig) => {
    const u = await rig.udp();
    expect([await u.listen(1), await u.bind(lo(rig.port())), await u.listen(-5)]).toEqual([
      "EOPNOTSUPP",
      0,
      "EOPNOTSUPP",
    ]);
    const { x } = await rig.datagrams();
    expect(await x.listen(1)).toBe("EOPNOTSUPP");
    const { c, l, a } = await rig.connected();
    expect([await c.listen(1), await a.listen(1), await l.listen(0), await l.listen(7)]).toEqual([
      "EINVAL",
      "EINVAL",
      0,
      0,
    ]);
    expect(await a.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect([await c.listen(1), await a.listen(1)]).toEqual(["EINVAL", "EINVAL"]);
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect([await c.listen(1), await a.listen(1)]).toEqual(["EINVAL", "EINVAL"]);
  }),

  story("3.3", "without a name it gets the wildcard and an anonymous port, with one it keeps it", async (rig) => {
    for (const family of [AF_INET, AF_INET6]) {
      const s = await rig.tcp(family);
      expect(await s.listen(2)).toBe(0);
      const name = await s.sockname();
      expect(hostOf(name)).toBe(hostOf(any(0, family)));
      expect(portOf(name)).toBeGreaterThanOrEqual(FIRST_ANONYMOUS);
      expect(await s.listen(3)).toBe(0);
      expect(await s.sockname()).toEqual(name);
      expect(await s.get(SO.LEVEL, SO.ACCEPTCONN)).toBe(2);
      const c = await rig.tcp(family);
      expect(await c.connect(any(portOf(name), family))).toBe(0);
      expect((await s.accept()).from).toEqual(await c.sockname());
    }
  }),

  story("3.3", "the limit of the queue, before and after it changes; a full queue refuses nobody", async (rig) => {
    const l = await rig.listener(-3);
    const clients: Sock[] = [];
    for (let i = 0; i < 4; i++) {
      const c = await rig.tcp();
      await c.nonblocking();
      expect(await c.connect(lo(l.port))).toBe("EINPROGRESS");
      clients.push(c);
    }
    await rig.still();
    const states = async () => Promise.all(clients.map((c) => c.connect(lo(l.port))));
    expect((await states()).filter((state) => state === "EISCONN")).toHaveLength(1);
    expect((await states()).filter((state) => state === "EALREADY")).toHaveLength(3);
    expect(await l.listen(2)).toBe(0);
    await rig.sleep(40);
    expect(await states()).toEqual(["EISCONN", "EISCONN", "EISCONN", "EISCONN"]);
    expect(await l.listen(0)).toBe(0);
    for (let i = 0; i < 4; i++) await l.accept();
    await l.nonblocking();
    expect(await l.tryAccept()).toBe("EAGAIN");
  }),
];
