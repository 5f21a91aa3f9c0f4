import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { SO } from "./sock.ts";

/** Urgent data. */
export const ROWS_URGENT: readonly Case[] = [
  story("C117", "MSG_OOB with nothing urgent is EINVAL", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await c.send("plain")).toBe(5);
    await a.until("recv(5)");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await a.recv(64)).toBe("plain");
  }),

  story("C118", "one urgent byte: MSG_OOB returns it, and the mark is there before and after", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("x", "MSG_OOB")).toBe(1);
    await a.sees("exception");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB")).toBe("x");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
  }),

  story("C119", "hello with MSG_OOB: the o comes first, then hell", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("hello", "MSG_OOB")).toBe(5);
    await a.until("exception");
    expect(await a.recv(1, "MSG_OOB")).toBe("o");
    expect(await a.recv(64)).toBe("hell");
  }),

  story("C120", "a read stops before the mark, and then it is at the mark", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("hello", "MSG_OOB")).toBe(5);
    await a.until("exception");
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
    expect(await a.recv(64)).toBe("hell");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(1, "MSG_OOB")).toBe("o");
  }),

  story("C124", "SO_OOBINLINE: MSG_OOB is EINVAL, and the byte is read with the others", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    expect(await c.send("x", "MSG_OOB")).toBe(1);
    await a.sees("exception");
    expect(await a.recv(1, "MSG_OOB")).toBe("EINVAL");
    expect(await a.recv(64)).toBe("x");
  }),

  story("C125", "SO_OOBINLINE: a read stops before the urgent byte, and the next begins with it", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await a.set(SO.LEVEL, SO.OOBINLINE, 1)).toBe(0);
    expect(await c.send("hello", "MSG_OOB")).toBe(5);
    await a.until("exception");
    expect(await a.recv(64)).toBe("hell");
    expect(await a.ioctl("SIOCATMARK")).toBe(1);
    expect(await a.recv(64)).toBe("o");
    expect(await a.ioctl("SIOCATMARK")).toBe(0);
  }),

  story("C126", "hello with MSG_OOB and world: an exception, and reads of hell and world", async (rig) => {
    const { c, a } = await rig.connected();
    expect(await c.send("hello", "MSG_OOB")).toBe(5);
    expect(await c.send("world")).toBe(5);
    await a.until("exception", "recv(5)");
    expect(await a.recv(5)).toBe("hell");
    expect(await a.recv(5)).toBe("world");
  }),
];
