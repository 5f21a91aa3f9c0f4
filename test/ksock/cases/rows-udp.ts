import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import { lo, portOf, unspecified } from "./sock.ts";

/** Datagrams. */
export const ROWS_UDP: readonly Case[] = [
  story("C106", "an unconnected send is EDESTADDRREQ, and sendto binds", async (rig) => {
    const s = await rig.udp();
    expect(await s.send("x")).toBe("EDESTADDRREQ");
    expect(portOf(await s.sockname())).toBe(0);
    expect(await s.sendto("x", lo(rig.port()))).toBe(1);
    expect(portOf(await s.sockname())).toBeGreaterThan(0);
  }),

  story(
    "C107",
    "connect sets the peer, may be repeated, and tells connected each time; a bind after it is EINVAL",
    async (rig) => {
      const s = await rig.udp();
      await s.watch();
      for (const port of [rig.port(), rig.port()]) {
        expect(await s.connect(lo(port))).toBe(0);
        await s.sees("connected");
        expect(portOf(await s.peername())).toBe(port);
      }
      expect(await s.bind(lo(rig.port()))).toBe("EINVAL");
    },
  ),

  story("C108", "connect to AF_UNSPEC forgets the peer and keeps the port", async (rig) => {
    const s = await rig.udp();
    expect(await s.connect(lo(rig.port()))).toBe(0);
    const port = portOf(await s.sockname());
    expect(await s.connect(unspecified)).toBe(0);
    expect(await s.tryPeername(16)).toBe("ENOTCONN");
    expect(portOf(await s.sockname())).toBe(port);
    expect(await s.send("x")).toBe("EDESTADDRREQ");
  }),

  story("C109", "a connected socket receives from its peer only", async (rig) => {
    const { x, y } = await rig.datagrams();
    const stranger = await rig.udp();
    expect(await stranger.sendto("not me", await y.sockname())).toBe(6);
    expect(await x.send("me")).toBe(2);
    expect(await y.recv(64)).toBe("me");
    await y.nonblocking();
    expect(await y.recv(64)).toBe("EAGAIN");
  }),

  story("C112", "messages stay messages", async (rig) => {
    const { x, y } = await rig.datagrams();
    const messages = ["first", "the second one", "3"];
    for (const message of messages) expect(await x.send(message)).toBe(message.length);
    for (const message of messages) expect(await y.recv(64)).toBe(message);
  }),

  story("C113", "a short recvmsg gets what fits, and MSG_TRUNC, and nothing is left", async (rig) => {
    const { x, y } = await rig.datagrams();
    expect(await x.send("truncated")).toBe(9);
    const got = await y.recvmsg(5);
    expect(got.data).toBe("trunc");
    expect(got.flags).toContain("MSG_TRUNC");
    await y.nonblocking();
    expect(await y.recv(64)).toBe("EAGAIN");
    expect(await x.send("whole")).toBe(5);
    await y.until("recv(5)");
    expect((await y.recvmsg(5)).flags).toBe("");
  }),

  story("C114", "SHUT_RD wakes a blocked read with 0", async (rig) => {
    const { x, y } = await rig.datagrams();
    const reading = y.recv(64);
    await rig.still();
    expect(await y.shutdown("SHUT_RD")).toBe(0);
    expect(await reading).toBe("");
    expect(await x.send("swallowed")).toBe(9);
    await rig.still();
    expect(await y.recv(64)).toBe("");
  }),
];
