import { describe, expect, test } from "@jest/globals";
import { settled } from "../../kit.ts";
import { at, bytes, heard, int, sent, world, type Host } from "./harness.ts";

/** A connection on one host: who called, who was accepted, and who listens. */
async function connected(host: Host): Promise<{ l: number; c: number; a: number }> {
  const l = await host.socket();
  await host.call("ksock_bind", { ks: l, addr: at("127.0.0.1:80") });
  await host.call("ksock_listen", { ks: l });
  const c = await host.socket();
  await host.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") });
  const accepted = await host.call("ksock_accept", { ks: l });
  if (typeof accepted === "string") throw new Error(accepted);
  return { l, c, a: accepted.newks };
}

const interrupt = async (host: Host, thread: string): Promise<unknown> => {
  await settled();
  return host.call("ksock_interrupt", { thread });
};

describe("a thread of a module that is interrupted", () => {
  test("wakes with EINTR wherever it slept, and nobody else does", async () => {
    const { alpha } = world();
    const { l, a } = await connected(alpha);
    const d = await alpha.socket({ type: "SOCK_DGRAM" });
    await alpha.call("ksock_bind", { ks: d, addr: at("127.0.0.1:700") });
    const calls = {
      accept: alpha.call("ksock_accept", { ks: l }, "accept"),
      recv: alpha.call("ksock_recv", { ks: a }, "recv"),
      queued: alpha.call("ksock_recv", { ks: a }, "queued"),
      datagram: alpha.call("ksock_recv", { ks: d }, "datagram"),
      poll: alpha.call("ksocket_spoll", { ks: d, timeout_ms: -1, events: "POLLIN" }, "poll"),
    };
    const over: string[] = [];
    for (const [thread, call] of Object.entries(calls))
      void call.then((end) => over.push(`${thread} ${typeof end === "string" ? end : "done"}`));
    for (const thread of Object.keys(calls)) {
      expect(await interrupt(alpha, thread)).toEqual({ woken: true });
      await settled();
    }
    expect(over).toEqual(Object.keys(calls).map((thread) => `${thread} EINTR`));
  });

  test("that does not sleep, or is none, is told so; nothing is kept for its next call", async () => {
    const { alpha } = world();
    const { a, c } = await connected(alpha);
    expect(await interrupt(alpha, "reader")).toEqual({ woken: false });
    const reading = alpha.call("ksock_recv", { ks: a }, "reader");
    await alpha.call("ksock_send", { ks: c, msg: bytes("here") });
    expect(heard(await reading)).toBe("here");
    expect(await interrupt(alpha, "reader")).toEqual({ woken: false });
  });

  test("takes nothing: what comes afterwards is there for the next one, and so is a connection", async () => {
    const { alpha } = world();
    const { l, c, a } = await connected(alpha);
    const calls = [alpha.call("ksock_recv", { ks: a }, "t"), alpha.call("ksock_accept", { ks: l }, "u")];
    await interrupt(alpha, "t");
    await interrupt(alpha, "u");
    expect(await Promise.all(calls)).toEqual(["EINTR", "EINTR"]);
    await alpha.call("ksock_send", { ks: c, msg: bytes("whole") });
    expect(heard(await alpha.call("ksock_recv", { ks: a }))).toBe("whole");
    await alpha.call("ksock_connect", { ks: await alpha.socket(), addr: at("127.0.0.1:80") });
    expect(await alpha.call("ksock_accept", { ks: l })).toMatchObject({ again: false });
  });

  test("has what it moved so far: a short count is no EINTR, neither of MSG_WAITALL nor of a send", async () => {
    const { alpha } = world();
    const { c, a } = await connected(alpha);
    const reading = alpha.call("ksock_recv", { ks: a, msgsize: 100, flags: "MSG_WAITALL" }, "reader");
    await alpha.call("ksock_send", { ks: c, msg: bytes("some") });
    await interrupt(alpha, "reader");
    expect(heard(await reading)).toBe("some");
    await alpha.call("ksock_setsockopt", { ks: c, optname: "SO_SNDBUF", optval: int(9000) });
    const sending = alpha.call("ksock_send", { ks: c, msg: new Uint8Array(3_000_000) }, "writer");
    await interrupt(alpha, "writer");
    const count = sent(await sending);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(3_000_000);
    const again = alpha.call("ksock_send", { ks: c, msg: new Uint8Array(10) }, "writer");
    await interrupt(alpha, "writer");
    expect(await again).toBe("EINTR");
  });

  test("leaves its connect to go on: EALREADY meanwhile, until it ends as it would have", async () => {
    const { alpha, clock } = world();
    const c = await alpha.socket();
    const connecting = alpha.call("ksock_connect", { ks: c, addr: at("10.0.0.9:80") }, "caller");
    expect(await interrupt(alpha, "caller")).toEqual({ woken: true });
    expect(await connecting).toBe("EINTR");
    expect(await alpha.call("ksock_connect", { ks: c, addr: at("10.0.0.9:80") })).toBe("EALREADY");
    await clock.advance(200_000_000_000);
    expect(await alpha.call("ksock_send", { ks: c, msg: bytes("x") })).toBe("EPIPE");
  });

  test("does not stop a close: what a close waits for it waits for on behalf of nobody", async () => {
    const { alpha } = world();
    const { a } = await connected(alpha);
    await alpha.call("ksocket_hold", { ks: a });
    const closing = alpha.call("ksock_close", { ks: a }, "closer");
    expect(await interrupt(alpha, "closer")).toEqual({ woken: false });
    await alpha.call("ksocket_rele", { ks: a });
    expect(await closing).toEqual({ again: false });
  });
});
