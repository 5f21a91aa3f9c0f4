import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { FORBIDDEN_IOCTLS, lo, SO } from "./sock.ts";

/** Sections 5, 3.13 and 3.14: commands, poll, references. */
export const SHEET_IOCTL: readonly Case[] = [
  ...FORBIDDEN_IOCTLS.map((cmd) =>
    story("S5", `${cmd} is EOPNOTSUPP on every socket, with and without an argument`, async (rig) => {
      const { c, l } = await rig.connected();
      for (const s of [await rig.tcp(), await rig.udp(), c, l]) {
        expect(await s.ioctl(cmd)).toBe("EOPNOTSUPP");
        expect(await s.ioctl(cmd, null)).toBe("EOPNOTSUPP");
      }
    }),
  ),

  story("S5", "every command of STREAMS is EOPNOTSUPP, known or not, and SIOCSQPTR", async (rig) => {
    const s = await rig.tcp();
    for (let n = 0; n < 256; n += 15) expect(await s.ioctl((0x53 << 8) | n)).toBe("EOPNOTSUPP");
  }),

  story("S5", "FIONBIO: any number but 0 makes calls not wait, and 0 makes them wait", async (rig) => {
    const { c, a } = await rig.connected();
    for (const on of [1, 42, -1]) {
      expect(await a.ioctl("FIONBIO", on)).toBe(on);
      expect(await a.recv(64)).toBe("EAGAIN");
    }
    expect(await a.ioctl("FIONBIO", 0)).toBe(0);
    const reading = a.recv(64);
    await rig.still();
    expect(await c.send("x")).toBe(1);
    expect(await reading).toBe("x");
  }),

  story("S5", "FIONBIO does not wake who waits already", async (rig) => {
    const { c, a } = await rig.connected();
    const reading = a.recv(64);
    await rig.still();
    await a.nonblocking();
    await rig.still();
    expect(await c.send("x")).toBe(1);
    expect(await reading).toBe("x");
    expect(await a.recv(64)).toBe("EAGAIN");
  }),

  story("S5", "FIONREAD counts bytes beyond the mark, and not an urgent byte that is kept aside", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("before!", "MSG_OOB")).toBe(7);
    expect(await c.send("after")).toBe(5);
    await a.until("exception", "recv(5)");
    expect(await a.ioctl("FIONREAD")).toBe(11);
    expect(await a.recv(64)).toBe("before");
    expect(await a.ioctl("FIONREAD")).toBe(5);
  }),

  story("S5", "SIOCATMARK of a datagram socket is EINVAL; without an argument all are EFAULT", async (rig) => {
    const u = await rig.udp();
    expect(await u.ioctl("SIOCATMARK")).toBe("EINVAL");
    const { c } = await rig.connected();
    expect(await c.ioctl("SIOCATMARK")).toBe(0);
    for (const cmd of ["FIONBIO", "FIONREAD", "SIOCATMARK"]) expect(await c.ioctl(cmd, null)).toBe("EFAULT");
  }),

  story("S5", "a command that nobody knows is EINVAL", async (rig) => {
    for (const s of [await rig.tcp(), await rig.udp()])
      for (const cmd of [0, 1, 0x7fff_ffff, 0x6677]) expect(await s.ioctl(cmd)).toBe("EINVAL");
  }),

  story("S5", "each allowed command returns a pending error first, and clears it", async (rig) => {
    for (const cmd of ["FIONBIO", "FIONREAD", "SIOCATMARK"]) {
      const { c, r } = await rig.toRaw();
      await r.rst();
      await c.until("disconnected(ECONNRESET)");
      expect(await c.ioctl(cmd)).toBe("ECONNRESET");
      expect(await c.ioctl(cmd)).toBe(0);
      expect(await c.get(SO.LEVEL, SO.ERROR)).toBe(0);
    }
  }),

  story("S3.13", "poll: a listener with a connection, data, room, the end of file", async (rig) => {
    const l = await rig.listener();
    expect(await l.poll("POLLIN|POLLOUT", 0)).toBe("");
    const c = await rig.tcp();
    expect(await c.connect(lo(l.port))).toBe(0);
    await l.until("newconn");
    expect(await l.poll("POLLIN|POLLRDNORM", 0)).toBe("POLLIN|POLLRDNORM");
    const a = await l.accept();
    expect(await a.poll("POLLIN|POLLOUT", 0)).toBe("POLLOUT");
    expect(await c.send("x")).toBe(1);
    await rig.still();
    expect(await a.poll("POLLIN|POLLOUT", 0)).toBe("POLLIN|POLLOUT");
    expect(await a.recv(64)).toBe("x");
    expect(await a.poll("POLLIN", 0)).toBe("");
    expect(await c.shutdown("SHUT_WR")).toBe(0);
    await rig.still();
    expect(await a.poll("POLLIN|POLLRDHUP", 0)).toBe("POLLIN|POLLRDHUP");
  }),

  story("S3.13", "poll: a timeout is an answer without events, and whoever waits is woken", async (rig) => {
    const { c, a } = await rig.connected();
    const from = rig.seconds();
    expect(await a.poll("POLLIN", 100)).toBe("");
    expect(rig.seconds() - from).toBeGreaterThanOrEqual(0.09);
    const polling = a.poll("POLLIN", -1);
    await rig.still();
    expect(await c.send("x")).toBe(1);
    expect(await polling).toBe("POLLIN");
  }),

  story("S3.13", "poll: urgent data is POLLPRI, and a full socket has no room", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.poll("POLLPRI|POLLIN", 0)).toContain("POLLPRI");
    await rig.stop(c);
    expect(await c.poll("POLLOUT", 0)).toBe("");
  }),

  story("S3.14", "hold and rele count; a rele below the base is EINVAL", async (rig) => {
    const s = await rig.tcp();
    for (let i = 0; i < 3; i++) expect(await s.tryHold()).toBe(0);
    for (let i = 0; i < 3; i++) expect(await s.tryRele()).toBe(0);
    expect(await s.tryRele()).toBe("EINVAL");
    expect(await s.close()).toBe(0);
  }),
];
