import { describe, expect, test } from "@jest/globals";
import type { RawSockets } from "../../services/inband/model/raw.ts";
import {
  acceptTcp,
  bindTcp,
  closeTcp,
  connectTcp,
  createTcp,
  listenTcp,
  receiveTcp,
  sendTcp,
} from "../../services/inband/model/stack/tcp-calls.ts";
import { addAddress, removeAddress } from "../../services/inband/model/stack/admin.ts";
import { receive } from "../../services/inband/model/stack/stack.ts";
import { LastingFrames, PassingFrames } from "../../services/inband/model/frame-memory.ts";
import { host, ip, SECOND, there, Wire, type Host } from "./stack-harness.ts";

/** A conversation with loss, from the first SYN to TIME-WAIT; answers all frames, and what was received. */
function converse(prepare: (end: Host) => void): { readonly frames: readonly string[]; readonly heard: number } {
  const [client, server] = [host(1), host(2)];
  prepare(client);
  prepare(server);
  const wire = new Wire(client, server);
  let data = 0;
  wire.loses = (frame) => frame.length > 1000 && ++data % 7 === 0;
  const listening = createTcp(server.stack, 100, "linux");
  bindTcp(server.stack, listening, { address: ip("192.0.2.2"), port: 80 });
  listenTcp(server.stack, listening, { queueMax: 1, synQueueMax: 1 });
  const socket = createTcp(client.stack, 100, "linux");
  const to = { address: ip("192.0.2.2"), port: 80 };
  wire.perform(client, connectTcp(client.stack, socket, to, wire.nowNs).effects);
  wire.until(SECOND);
  const child = there(acceptTcp(server.stack, listening));
  wire.perform(client, sendTcp(client.stack, socket, new Uint8Array(50_000).fill(7), {}, wire.nowNs).effects);
  wire.until(20 * SECOND);
  const heard = receiveTcp(server.stack, child, 100_000, {}, wire.nowNs);
  wire.perform(server, heard.effects);
  wire.perform(client, closeTcp(client.stack, socket, { abort: false }, wire.nowNs).effects);
  wire.perform(server, closeTcp(server.stack, child, { abort: false }, wire.nowNs).effects);
  wire.until(22 * SECOND);
  return { frames: wire.frames.map((frame) => Buffer.from(frame).toString("hex")), heard: heard.result.length };
}

describe("the short way of a segment", () => {
  test("makes the same frames, bit for bit, as the long one, and the same of them", () => {
    const short = converse(() => undefined);
    // Whoever taps, for nothing that ever comes, makes frames go the long way out and in.
    const long = converse(({ stack }) => stack.packets.create(1000, "SOCK_RAW", 0));
    expect(short.heard).toBe(50_000);
    expect(short.frames.length).toBeGreaterThan(50);
    expect(short).toEqual(long);
  });

  test("a raw socket of the protocol gets its copies, so that frames go the long way in", () => {
    const sockets: RawSockets[] = [];
    const raw = converse(({ stack }) => {
      stack.raw.create(1000, 6, 1_000_000);
      sockets.push(stack.raw);
    });
    expect(raw.heard).toBe(50_000);
    const copies = sockets.map((one) => there(one.find(1000)).queue.length);
    expect(Math.min(...copies)).toBeGreaterThan(10);
  });
});

describe("the ends of the last segment", () => {
  /** A host that was sent a segment, and that segment once more: what became of it the second time. */
  function again(between: (end: Host) => void): readonly (readonly [string, number])[] {
    const [client, server] = [host(1), host(2)];
    const wire = new Wire(client, server);
    const socket = createTcp(client.stack, 100, "linux");
    const to = { address: ip("192.0.2.2"), port: 80 };
    wire.perform(client, connectTcp(client.stack, socket, to, wire.nowNs).effects);
    wire.until(SECOND);
    const syn = there(wire.frames.find((frame) => frame.length > 60));
    const before = new Map(server.stack.rx.entries());
    between(server);
    receive(server.stack, server.eth.ifindex, syn, wire.nowNs);
    return server.stack.rx.entries().filter(([word, count]) => count !== before.get(word));
  }

  test("need not be routed for the next one", () => {
    expect(again(() => undefined)).toEqual([["tcp_no_port", expect.any(Number)]]);
  });

  test("are looked at anew when an address of the host has gone", () => {
    const gone = again(({ stack, eth }) => removeAddress(stack, eth.ifindex, ip("192.0.2.2")));
    expect(gone).toEqual([["not_local", 1]]);
  });

  test("are looked at anew when the other end's address has become the host's own", () => {
    const taken = again(({ stack, eth }) => addAddress(stack, eth.ifindex, { address: ip("192.0.2.1"), bits: 24 }));
    expect(taken).toEqual([["martian_source", 1]]);
  });
});

describe("memory of frames that are copied", () => {
  test("frames between two recyclings have memory of their own, and the next ones have the same", () => {
    const frames = new PassingFrames();
    const first = Array.from({ length: 300 }, () => frames.take(1514));
    first.forEach((frame, i) => frame.fill(i & 0xff));
    expect(first.every((frame, i) => frame.every((byte) => byte === (i & 0xff)))).toBe(true);
    frames.recycle();
    expect(frames.take(1514)).toBe(first[0]);
    expect(frames.take(60)).toHaveLength(60);
    expect(frames.take(9014)).toHaveLength(9014);
  });

  test.each([
    ["passing", new PassingFrames()],
    ["lasting", new LastingFrames()],
  ])("what is written through the view of %s frames stands in the frame that was taken last", (_, frames) => {
    for (let round = 0; round < 300; round++) {
      for (const length of [60, 1514, 9014, 70_000]) {
        const frame = frames.take(length).fill(0);
        frames.view.setUint16(frames.at, 0x0102);
        frames.view.setUint16(frames.at + length - 2, 0x0304);
        expect([...frame.subarray(0, 2), ...frame.subarray(-2)]).toEqual([1, 2, 3, 4]);
      }
    }
  });
});
