import { expect, test } from "@jest/globals";
import type { Ipv4Address } from "../../../services/abi/packet/ipv4-address.ts";
import { sizesOf, unaccounted } from "../../../services/inband/model/stack/sizes.ts";
import { receive } from "../../../services/inband/model/stack/stack.ts";
import { closeTcp, receiveTcp, sendTcp, shutdownTcp } from "../../../services/inband/model/stack/tcp-calls.ts";
import { draws } from "../fuzz-frames.ts";
import { ip, there } from "../stack-harness.ts";
import { datagramOf, frameOf } from "./frames.ts";
import { mutate, repair } from "./storm.ts";
import { TcpHosts } from "./tcp-hosts.ts";

const MS = 1_000_000;
const SECOND = 1000 * MS;
const US = ip("192.0.2.1");

test("15,000 SYNs from everywhere: memory is bounded, and who is honest gets in while they come", () => {
  const hosts = new TcpHosts();
  const { wire } = hosts;
  const [victim] = hosts.ends;
  const listener = hosts.listening(80, { queueMax: 16, synQueueMax: 64 });
  const draw = draws(4987);
  let served = 0;
  for (let count = 1; count <= 15_000; count++) {
    const source = (ip("192.0.2.0") + 10 + draw(200)) as Ipv4Address;
    const frame = frameOf({ seq: draw(2 ** 31), sourcePort: 1024 + draw(60_000) }, { source, destination: US });
    wire.perform(victim, receive(victim.stack, victim.eth.ifindex, frame, wire.nowNs));
    victim.effects.splice(0);
    wire.frames.splice(0);
    if (count % 10 === 0) wire.until(wire.nowNs + MS);
    if (count % 1000 !== 0) continue;
    const client = hosts.calling(80);
    wire.until(wire.nowNs + 100 * MS);
    const child = hosts.accept(listener);
    expect(hosts.told(client).some(({ t }) => t === "connected")).toBe(true);
    expect(there(child).connection?.state.t).toBe("ESTABLISHED");
    hosts.call(0, closeTcp(victim.stack, there(child), { abort: true }, wire.nowNs));
    served++;
    expect(victim.stack.tcp.connections).toBeLessThanOrEqual(64 + 16);
    expect(listener.listener?.halfOpen).toBeLessThanOrEqual(64);
    expect(sizesOf(victim.stack).neighbours).toBeLessThanOrEqual(1024);
    expect(unaccounted(victim.stack)).toBe(0);
  }
  expect(served).toBe(15);
  // The flood is over: what it left goes by itself.
  wire.until(wire.nowNs + 300 * SECOND);
  expect(victim.stack.tcp.connections).toBe(0);
});

test("nobody accepts: so many connections wait as the backlog says, and the others when there is room again", () => {
  const hosts = new TcpHosts();
  const listener = hosts.listening(80, { queueMax: 4, synQueueMax: 100 });
  const clients = Array.from({ length: 12 }, () => hosts.calling(80));
  hosts.wire.until(SECOND / 2);
  expect(listener.listener?.waiting).toBe(4);
  const accepted = [];
  for (let seconds = 0; seconds < 60 && accepted.length < 12; seconds++) {
    const child = hosts.accept(listener);
    if (child !== undefined) accepted.push(child);
    hosts.wire.until(hosts.wire.nowNs + SECOND);
    expect(listener.listener?.waiting).toBeLessThanOrEqual(4);
  }
  expect(accepted.length).toBe(12);
  expect(clients.map(({ connection }) => connection?.state.t)).toEqual(clients.map(() => "ESTABLISHED"));
});

test("a port is used again while its last connection is in TIME-WAIT, and old segments of that one change nothing", () => {
  const hosts = new TcpHosts();
  const { wire, ends } = hosts;
  const [server, client] = ends;
  const listener = hosts.listening(80, { queueMax: 4, synQueueMax: 4 });
  const first = hosts.calling(80);
  wire.until(SECOND);
  const child = there(hosts.accept(listener));
  const { port } = first.local;
  // The server closes first: TIME-WAIT is on its side.
  hosts.call(0, shutdownTcp(server.stack, child, wire.nowNs));
  hosts.call(1, closeTcp(client.stack, first, { abort: false }, wire.nowNs));
  wire.until(2 * SECOND);
  hosts.call(0, closeTcp(server.stack, child, { abort: false }, wire.nowNs));
  expect(child.connection?.state.t).toBe("TIME-WAIT");
  const old = wire.frames.filter((frame) => frame.length > 50);

  // The same four numbers once more: its SYN is newer than all that came before (RFC 9293 3.6.1, MAY-2).
  const state = child.connection?.state;
  const seq = state !== undefined && "rcv" in state ? (state.rcv.irs + state.rcv.nxt + 100_000) >>> 0 : 0;
  const road = { source: ip("192.0.2.2"), destination: US };
  const syn = frameOf({ seq, sourcePort: port, timestamp: { value: 3_000_000, echo: 0 } }, road);
  // The other host knows nothing of this SYN, and is not to hear of it.
  wire.loses = () => true;
  wire.perform(server, receive(server.stack, server.eth.ifindex, syn, wire.nowNs));
  expect(listener.listener?.halfOpen).toBe(1);
  for (const frame of old) wire.perform(server, receive(server.stack, server.eth.ifindex, frame, wire.nowNs));
  expect(listener.listener?.waiting).toBe(0);
  wire.until(wire.nowNs + 300 * SECOND);
  expect(server.stack.tcp.connections).toBe(0);
});

test("mutated frames at a host with live connections: each ends once, all is bounded, and honest bytes still come", () => {
  const hosts = new TcpHosts();
  const { wire, ends } = hosts;
  const [server, client] = ends;
  const listener = hosts.listening(80, { queueMax: 16, synQueueMax: 32 });
  const draw = draws(777);
  let rounds = 0;
  for (let round = 0; round < 30; round++) {
    const socket = hosts.calling(80);
    wire.until(wire.nowNs + 10 * MS);
    const child = hosts.accept(listener);
    if (child === undefined) continue;
    rounds++;
    hosts.call(1, sendTcp(client.stack, socket, new Uint8Array(3000).fill(round), {}, wire.nowNs));
    const seen = wire.frames.filter((frame) => frame.length >= 54 && frame[23] === 6).slice(-20);
    for (let count = 0; count < 100; count++) {
      const frame = (seen[draw(seen.length)] ?? new Uint8Array(60)).slice();
      for (let flips = draw(4); flips >= 0; flips--) frame[14 + draw(Math.min(60, frame.length - 14))] = draw(256);
      const before = server.stack.rx.total() + server.stack.reassembler.held;
      wire.perform(server, receive(server.stack, server.eth.ifindex, frame, wire.nowNs));
      expect(server.stack.rx.total() + server.stack.reassembler.held).toBeGreaterThan(before);
      frame.fill(0xee);
    }
    wire.until(wire.nowNs + SECOND);
    const bytes = hosts.call(0, receiveTcp(server.stack, child, 100_000, {}, wire.nowNs));
    // No mutation passes the checksums, so what the peer wrote is what is read.
    expect(bytes).toEqual(new Uint8Array(3000).fill(round));
    hosts.call(0, closeTcp(server.stack, child, { abort: false }, wire.nowNs));
    hosts.call(1, closeTcp(client.stack, socket, { abort: draw(2) === 0 }, wire.nowNs));
    wire.until(wire.nowNs + SECOND);
    expect(unaccounted(server.stack)).toBe(0);
    wire.frames.splice(0);
    for (const { effects } of ends) effects.splice(0);
  }
  expect(rounds).toBe(30);
  wire.until(wire.nowNs + 600 * SECOND);
  expect(ends.map(({ stack }) => stack.tcp.connections)).toEqual([0, 0]);
});

test("mutated segments with good checksums at a host with live sockets: all is bounded, and nothing is left of them", () => {
  const hosts = new TcpHosts();
  const { wire, ends } = hosts;
  const [server, client] = ends;
  const listener = hosts.listening(80, { queueMax: 16, synQueueMax: 32 });
  const draw = draws(778);
  const road = { source: ip("192.0.2.2"), destination: US };
  for (let round = 0; round < 25; round++) {
    const socket = hosts.calling(80);
    wire.until(wire.nowNs + 10 * MS);
    hosts.call(1, sendTcp(client.stack, socket, new Uint8Array(5000), { urgent: draw(2) === 0 }, wire.nowNs));
    const seen = wire.frames.filter((frame) => frame.length >= 54 && frame[23] === 6 && frame[5] === 1).slice(-20);
    for (let count = 0; count < 100; count++) {
      const good = seen[draw(seen.length)] ?? new Uint8Array(60);
      const segment = mutate(good.subarray(34), draw);
      if (segment.length < 20) continue;
      repair(segment, road);
      const frame = datagramOf(segment, road);
      wire.perform(server, receive(server.stack, server.eth.ifindex, frame, wire.nowNs));
      frame.fill(0xee);
      if (draw(10) === 0) wire.until(wire.nowNs + draw(500) * MS);
      expect(server.stack.tcp.connections).toBeLessThanOrEqual(16 + 32 + round + 1);
    }
    for (let child = hosts.accept(listener); child !== undefined; child = hosts.accept(listener)) {
      hosts.call(0, receiveTcp(server.stack, child, 100_000, {}, wire.nowNs));
      hosts.call(0, closeTcp(server.stack, child, { abort: draw(3) === 0 }, wire.nowNs));
    }
    hosts.call(1, closeTcp(client.stack, socket, { abort: draw(3) === 0 }, wire.nowNs));
    expect(unaccounted(server.stack)).toBe(0);
    wire.frames.splice(0);
    for (const { effects } of ends) effects.splice(0);
  }
  wire.until(wire.nowNs + 4 * 3600 * SECOND);
  for (let child = hosts.accept(listener); child !== undefined; child = hosts.accept(listener))
    hosts.call(0, closeTcp(server.stack, child, { abort: true }, wire.nowNs));
  expect(ends.map(({ stack }) => stack.tcp.connections)).toEqual([0, 0]);
});
