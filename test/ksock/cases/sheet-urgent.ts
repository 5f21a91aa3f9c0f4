import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { SO } from "./sock.ts";

/** Section 7: urgent data, U1 to U3 and R1 to R10. */
export const SHEET_URGENT: readonly Case[] = [
  story("U1", "a mark forgets an older urgent byte that was not read, and moves", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("1a", "MSG_OOB")).toBe(2);
    await a.until("exception");
    expect(await c.send("2b", "MSG_OOB")).toBe(2);
    await a.until("exception", "exception");
    expect(await a.recv(1, "MSG_OOB")).toBe("b");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await a.recv(64)).toBe("12");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
  }),

  story("U1", "a mark alone is no event, and is at the mark where nothing waits before it", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.mark(0);
    await c.none();
    expect(await c.ioctl("SIOCATMARK")).toBe(1);
    expect(await c.recv(1, "MSG_OOB")).toBe("EAGAIN");
  }),

  story("U2", "an urgent byte is kept aside: it is not counted, not read, and told by an exception", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("abcX", "MSG_OOB")).toBe(4);
    await a.until("exception");
    expect(await a.ioctl("FIONREAD")).toBe(3);
    expect(await a.recv(64)).toBe("abc");
    expect(await a.recv(64, "MSG_DONTWAIT")).toBe("EAGAIN");
  }),

  story("U3", "inline, an urgent byte is told by an exception alone, and wakes who reads", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    const reading = a.recv(64);
    await rig.still();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    expect(await reading).toBe("!");
    await a.sees("exception");
  }),

  story("R1", "MSG_OOB: EINVAL inline, with nothing pending, and once it was read", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 0)).toBe(0);
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
  }),

  story("R2", "MSG_OOB never waits: EAGAIN until the byte is there, on a blocking socket too", async (rig) => {
    const { c, r } = await rig.toRaw();
    await r.mark(3, "ab");
    await c.until("recv(2)");
    expect(await c.recv(1, "MSG_OOB")).toBe("EAGAIN");
    await r.data("cX");
    await c.until("exception");
    expect(await c.recv(1, "MSG_OOB")).toBe("X");
  }),

  story("R3", "MSG_OOB with a length of 0 takes the byte and returns none", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.recv(0, "MSG_OOB")).toBe("");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
  }),

  story("R4", "MSG_OOB with MSG_PEEK leaves it", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    for (let i = 0; i < 3; i++) expect(await a.recv(9, "MSG_OOB|MSG_PEEK")).toBe("!");
    expect(await a.recv(9, "MSG_OOB")).toBe("!");
  }),

  story(
    "R5 R6",
    "a read stops at the mark; the next goes on beyond it, and an unread urgent byte is gone",
    async (rig) => {
      const { c, a } = await rig.connected();
      expect(await c.send("before!", "MSG_OOB")).toBe(7);
      expect(await c.send("after")).toBe(5);
      await a.until("exception", "recv(5)");
      expect(await a.recv(64)).toBe("before");
      expect(await a.ioctl("SIOCATMARK")).toBe(1);
      expect(await a.recv(64)).toBe("after");
      expect(await a.ioctl("SIOCATMARK")).toBe(0);
      expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    },
  ),

  story("R7", "a peek stops at the mark, and never passes it", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("ab!", "MSG_OOB")).toBe(3);
    expect(await c.send("cd")).toBe(2);
    await a.until("exception", "recv(2)");
    expect(await a.recv(64, "MSG_PEEK")).toBe("ab");
    expect(await a.recv(64)).toBe("ab");
    expect(await a.recv(64, "MSG_PEEK")).toBe("cd");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
    expect(await a.recv(64)).toBe("cd");
  }),

  story("R8", "MSG_WAITALL stops at the mark with what there is", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("abc!", "MSG_OOB")).toBe(4);
    expect(await c.send("defgh")).toBe(5);
    await a.until("exception", "recv(5)");
    expect(await a.recv(8, "MSG_WAITALL")).toBe("abc");
    expect(await a.recv(5, "MSG_WAITALL")).toBe("defgh");
  }),

  story("R9", "SIOCATMARK stays 1 after the byte was read, until bytes beyond it are", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await a.until("exception");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await c.send("x")).toBe(1);
    await a.until("recv(1)");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1)).toBe("x");
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
  }),

  story("R10", "turning SO_OOBINLINE on does not move a byte that is kept aside", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("ab!", "MSG_OOB")).toBe(3);
    await a.until("exception");
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    expect(await a.ioctl("FIONREAD")).toBe(2);
    expect(await a.recv(64)).toBe("ab");
    expect(await a.recv(64, "MSG_DONTWAIT")).toBe("EAGAIN");
  }),

  story("S7", "urgent data that was sent before accept is there after it", async (rig) => {
    const l = await rig.listener();
    const c = await rig.tcp();
    expect(await c.connect(await l.sockname())).toBe(0);
    expect(await c.send("!", "MSG_OOB")).toBe(1);
    await rig.still();
    const a = await l.accept();
    expect(await a.recv(1, "MSG_OOB")).toBe("!");
  }),

  story("S7", "sending urgent data is not held up by a full buffer", async (rig) => {
    const { c } = await rig.connected();
    await rig.stop(c);
    expect(await c.send("!", "MSG_OOB")).toBe(1);
  }),
];
