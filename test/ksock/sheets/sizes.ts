import { expect } from "@jest/globals";
import * as K from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import { lo } from "../cases/words.ts";

/** Section 1: numbers that no C program could hand over, or only by mistake. Each call resolves, and the kernel lives on. */
export const SIZES: readonly Case[] = [
  story("1", "a size below 0 is the largest that there is, as in C, and what is no number is 0", async (rig) => {
    const { k } = rig;
    const { c, a } = await rig.connected();
    const none = new Uint8Array(0);
    for (const [size, got] of [
      [-1, "abc"],
      [1e300, "abc"],
      [2 ** 40, "abc"],
      [2.5, "ab"],
    ] as const) {
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      expect(await c.recv(size, "MSG_DONTWAIT")).toBe(got);
    }
    expect([await c.recv(NaN, "MSG_DONTWAIT"), await c.recv(9, "MSG_DONTWAIT")]).toEqual(["", "c"]);
    const room = { msg_iov: [-1] };
    expect(await k.ksocket_recvmsg(c.handle, room, K.MSG_DONTWAIT, K.CRED())).toMatchObject([K.EAGAIN, { recvd: 0 }]);
    expect(await k.ksock_send(c.handle, new Uint8Array(3), NaN, 0)).toEqual([0, 0]);
    expect(await k.ksock_send(c.handle, new Uint8Array(3), -1, 0)).toEqual([0, 0]);
    expect(await k.ksock_recv(a.handle, 9, K.MSG_DONTWAIT)).toEqual([K.EAGAIN, none]);
  }),

  story("1", "lengths of addresses and options that are none are EINVAL", async (rig) => {
    const { k } = rig;
    const { handle: s } = await rig.tcp();
    const { handle: u } = await rig.udp();
    for (const length of [NaN, -1, 1e300, 2 ** 40, 0.5])
      expect([
        await k.ksock_bind(s, lo(9), length),
        await k.ksock_connect(s, lo(9), length),
        await k.ksocket_sendto(u, new Uint8Array(1), 1, 0, lo(9), length, K.CRED()),
        await k.ksock_setsockopt(s, K.SOL_SOCKET, K.SO_KEEPALIVE, K.int(1), length),
      ]).toEqual([
        [K.EINVAL, undefined],
        [K.EINVAL, undefined],
        [K.EINVAL, 0],
        [K.EINVAL, undefined],
      ]);
  }),
];
