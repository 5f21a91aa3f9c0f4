import { describe, expect, test } from "@jest/globals";
import { LOOPBACK_IFINDEX } from "../../services/inband/model/device.ts";
import { parseEthernet } from "../../services/abi/packet/ethernet.ts";
import { buildIcmp, parseIcmp } from "../../services/abi/packet/icmp.ts";
import { INADDR_ANY, INADDR_BROADCAST, type Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { parseIpv4 } from "../../services/abi/packet/ipv4.ts";
import {
  addRoute,
  removeAddress,
  removeDevice,
  setCarrier,
  setMtu,
  setUp,
} from "../../services/inband/model/stack/admin.ts";
import { sendRaw } from "../../services/inband/model/stack/raw-calls.ts";
import { unaccounted } from "../../services/inband/model/stack/sizes.ts";
import { receive } from "../../services/inband/model/stack/stack.ts";
import { bindUdp, connectUdp, receiveUdp, sendUdp, shutdownUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { SECOND, Wire, host, ip, there, udpSocket, withVlan, type Host } from "./stack-harness.ts";

const text = (word: string): Uint8Array => new TextEncoder().encode(word);
const pair = (): { a: Host; b: Host; wire: Wire } => {
  const [a, b] = [host(1), host(2)];
  return { a, b, wire: new Wire(a, b) };
};
const A = ip("192.0.2.1");
const B = ip("192.0.2.2");

/** Sends one datagram from a to b's port 80 at an address, and answers what b's socket gets. */
function exchange(a: Host, b: Host, wire: Wire, to: Ipv4Address, payload: Uint8Array): unknown {
  const [client, server] = [udpSocket(a), udpSocket(b)];
  expect(bindUdp(b.stack, server, { address: INADDR_ANY, port: 80 }).ok).toBe(true);
  const sent = sendUdp(a.stack, client, payload, { address: to, port: 80 }, wire.nowNs);
  expect(sent.result).toEqual({ ok: true, value: payload.length });
  wire.perform(a, sent.effects);
  const got = receiveUdp(server);
  if (!got.ok || got.value === undefined) return got;
  // And back.
  const answer = sendUdp(b.stack, server, text("back"), got.value.from, wire.nowNs);
  wire.perform(b, answer.effects);
  expect(receiveUdp(client)).toMatchObject({ ok: true, value: { payload: text("back"), from: { port: 80 } } });
  return got.value;
}

/** Pings, and answers the replies' bytes. */
function ping(from: Host, wire: Wire, to: Ipv4Address, size: number): readonly Uint8Array[] {
  const raw = from.stack.raw.create(900, 1);
  const body = Uint8Array.from({ length: size }, (_, at) => at & 0xff);
  const request = buildIcmp({ type: 8, code: 0, rest: 0x0001_0001, body });
  const sent = sendRaw(from.stack, raw, request, to, wire.nowNs);
  expect(sent.result.ok).toBe(true);
  wire.perform(from, sent.effects);
  const replies: Uint8Array[] = [];
  for (let item = raw.queue.shift(); item !== undefined; item = raw.queue.shift()) {
    const packet = parseIpv4(item.bytes);
    const icmp = parseIcmp(packet.ok ? packet.packet.payload : new Uint8Array(0));
    if (icmp.ok && icmp.packet.type === 0) replies.push(icmp.packet.body);
  }
  from.stack.raw.close(900);
  return replies;
}

const balanced = (...hosts: readonly Host[]): void => {
  expect(hosts.map(({ stack }) => unaccounted(stack))).toEqual(hosts.map(() => 0));
};

describe("two stacks back to back", () => {
  test("ping each other: the first asks for the address, and only the first", () => {
    const { a, b, wire } = pair();
    expect(ping(a, wire, B, 56)).toHaveLength(1);
    expect(wire.frames.map((frame) => (parseEthernet(frame).ok ? frame[13] : -1))).toEqual([6, 6, 0, 0]);
    expect(ping(b, wire, A, 56)).toHaveLength(1);
    expect(wire.frames).toHaveLength(6);
    expect(b.stack.rx.entries()).toEqual([
      ["answered", 2],
      ["delivered", 1],
    ]);
    balanced(a, b);
  });

  test("ping with 60,000 bytes, cut and put together on both sides", () => {
    const { a, b, wire } = pair();
    const [reply] = ping(a, wire, B, 60_000);
    expect(reply?.length).toBe(60_000);
    expect(there(reply)[59_999]).toBe(59_999 & 0xff);
    balanced(a, b);
  });

  test("exchange a small datagram, which says where it came from", () => {
    const { a, b, wire } = pair();
    expect(exchange(a, b, wire, B, text("hello"))).toMatchObject({
      payload: text("hello"),
      from: { address: A, port: 32_768 },
      to: { address: B, port: 80 },
    });
    balanced(a, b);
  });

  test("exchange 4,000 bytes at an MTU of 1,500: three fragments, and all three end as delivered", () => {
    const { a, b, wire } = pair();
    const payload = Uint8Array.from({ length: 4000 }, (_, at) => at % 251);
    expect(exchange(a, b, wire, B, payload)).toMatchObject({ payload });
    expect(wire.frames.map(({ length }) => length).filter((length) => length > 100)).toEqual([1514, 1514, 1082]);
    expect(b.stack.rx.of("delivered")).toBe(3);
    balanced(a, b);
  });

  test("a fragment is lost: after 30 seconds the rest is counted, and the sender is told", () => {
    const { a, b, wire } = pair();
    ping(a, wire, B, 1);
    const client = udpSocket(a);
    let large = 0;
    wire.loses = (frame) => frame.length > 100 && ++large === 3;
    wire.perform(a, sendUdp(a.stack, client, new Uint8Array(4000), { address: B, port: 80 }, wire.nowNs).effects);
    expect(b.stack.reassembler.held).toBe(2);
    balanced(b);
    wire.until(31 * SECOND);
    expect(b.stack.rx.of("fragment_timeout")).toBe(2);
    // Time exceeded is a soft error: the socket keeps quiet, the frame is accounted for.
    expect(a.stack.rx.of("consumed")).toBeGreaterThan(0);
    expect(client.error).toBeUndefined();
    balanced(a, b);
  });

  test("a silent host: EHOSTUNREACH after three seconds, for each who sent, and the event for the core's front cache", () => {
    const { a, b, wire } = pair();
    const [one, other] = [udpSocket(a), udpSocket(a)];
    for (const socket of [one, other])
      wire.perform(a, sendUdp(a.stack, socket, text("x"), { address: ip("192.0.2.77"), port: 80 }, 0).effects);
    wire.until(3 * SECOND - 1);
    expect([one.error, other.error]).toEqual([undefined, undefined]);
    wire.until(3 * SECOND);
    expect(receiveUdp(one)).toEqual({ ok: false, errno: "EHOSTUNREACH" });
    const again = sendUdp(a.stack, other, text("y"), { address: B, port: 80 }, wire.nowNs);
    expect(again.result).toEqual({ ok: false, errno: "EHOSTUNREACH" });
    expect(receiveUdp(one)).toEqual({ ok: false, errno: "EAGAIN" });
    expect(a.effects.filter(({ t }) => t === "errno")).toHaveLength(2);
    const changes = a.effects.flatMap((effect) =>
      effect.t === "event" && effect.event.t === "neighbour" ? [effect.event.to] : [],
    );
    expect(changes).toEqual(["INCOMPLETE", "FAILED"]);
    expect([b.stack.rx.of("arp_ignored"), a.stack.tx.of("neighbour_unreachable")]).toEqual([3, 2]);
    balanced(a, b);
  });

  test("a port that nobody has: ECONNREFUSED for a connected socket, nothing for another, and no more than six a burst", () => {
    const { a, b, wire } = pair();
    const [connected, loose] = [udpSocket(a), udpSocket(a)];
    expect(connectUdp(a.stack, connected, { address: B, port: 9 }, 0).result.ok).toBe(true);
    wire.perform(a, sendUdp(a.stack, connected, text("x"), undefined, 0).effects);
    expect(receiveUdp(connected)).toEqual({ ok: false, errno: "ECONNREFUSED" });
    for (let sent = 0; sent < 9; sent++)
      wire.perform(a, sendUdp(a.stack, loose, text("x"), { address: B, port: 9 }, 0).effects);
    expect(loose.error).toBeUndefined();
    expect([b.stack.rx.of("udp_no_port"), b.stack.tx.of("icmp_ratelimit")]).toEqual([10, 4]);
    balanced(a, b);
  });

  test("over a VLAN the tag goes on and comes off, and plain traffic passes beside it", () => {
    const { a, b, wire } = pair();
    const [va, vb] = [withVlan(a, 42, "10.0.0.1"), withVlan(b, 42, "10.0.0.2")];
    expect(exchange(a, b, wire, ip("10.0.0.2"), text("tagged"))).toMatchObject({ ifindex: vb.ifindex });
    expect(wire.frames.every((frame) => frame[12] === 0x81 && frame[15] === 42)).toBe(true);
    const plain = new Wire(a, b);
    b.stack.udp.close(there(b.stack.udp.all()[0]).sk);
    expect(exchange(a, b, plain, B, new Uint8Array(4000))).toMatchObject({ ifindex: b.eth.ifindex });
    expect(va.tx.of("sent")).toBe(2);
    balanced(a, b);
  });

  test("a VLAN that the other side has no device for is somebody else's, and nobody answers", () => {
    const { a, b, wire } = pair();
    withVlan(a, 42, "10.0.0.1");
    const socket = udpSocket(a);
    wire.perform(a, sendUdp(a.stack, socket, text("x"), { address: ip("10.0.0.2"), port: 80 }, 0).effects);
    wire.until(4 * SECOND);
    expect(socket.error).toBe("EHOSTUNREACH");
    expect(b.stack.rx.entries()).toEqual([["other_host", 3]]);
  });

  test("a router's word makes large datagrams smaller, and EMSGSIZE for who insists on one piece", () => {
    const { a, b, wire } = pair();
    const socket = udpSocket(a);
    connectUdp(a.stack, socket, { address: B, port: 80 }, 0);
    wire.perform(a, sendUdp(a.stack, socket, new Uint8Array(1400), undefined, 0).effects);
    const sent = there(wire.frames.at(-2)).subarray(14);
    // b plays the router: what it sends is what the stack would forward.
    const raw = b.stack.raw.create(901, 1);
    const needed = buildIcmp({ type: 3, code: 4, rest: 1000, body: sent.slice(0, 28) });
    wire.perform(b, sendRaw(b.stack, raw, needed, A, 0).effects);
    expect(receiveUdp(socket)).toEqual({ ok: false, errno: "EMSGSIZE" });
    const before = wire.frames.length;
    wire.perform(a, sendUdp(a.stack, socket, new Uint8Array(1400), undefined, 0).effects);
    expect(wire.frames.slice(before, before + 2).map(({ length }) => length)).toEqual([14 + 996, 14 + 20 + 432]);
    expect(receiveUdp(socket)).toEqual({ ok: false, errno: "ECONNREFUSED" });
    socket.pmtudisc = "do";
    expect(sendUdp(a.stack, socket, new Uint8Array(1400), undefined, 0).result).toEqual({
      ok: false,
      errno: "EMSGSIZE",
    });
  });

  test("what fits in one piece says so, unless the socket does not want it; pieces never do", () => {
    const { a, wire } = pair();
    ping(a, wire, B, 1);
    const socket = udpSocket(a);
    const flags = (size: number): readonly number[] =>
      sendUdp(a.stack, socket, new Uint8Array(size), { address: B, port: 80 }, 0).effects.flatMap((effect) =>
        effect.t === "transmit" ? [(effect.frame[20] ?? 0) >>> 5] : [],
      );
    expect([flags(1472), flags(1473)]).toEqual([[2], [1, 0]]);
    socket.pmtudisc = "dont";
    expect(flags(1472)).toEqual([0]);
  });

  test("a broadcast reaches every socket on its port, needs SO_BROADCAST, and is never answered with an error", () => {
    const { a, b, wire } = pair();
    const [sender, one, two] = [udpSocket(a), udpSocket(b), udpSocket(b)];
    for (const socket of [one, two]) {
      socket.reuseAddress = true;
      bindUdp(b.stack, socket, { address: INADDR_ANY, port: 80 });
    }
    const everybody = { address: ip("192.0.2.255"), port: 80 };
    expect(sendUdp(a.stack, sender, text("x"), everybody, 0).result).toEqual({ ok: false, errno: "EACCES" });
    sender.broadcast = true;
    wire.perform(a, sendUdp(a.stack, sender, text("x"), everybody, 0).effects);
    expect([one.queue.length, two.queue.length]).toEqual([1, 1]);
    wire.perform(a, sendUdp(a.stack, sender, text("x"), { ...everybody, port: 9 }, 0).effects);
    expect(wire.frames).toHaveLength(2);
    // Without a route the limited broadcast goes nowhere, with a device it does.
    const limited = { address: INADDR_BROADCAST, port: 80 };
    expect(sendUdp(a.stack, sender, text("x"), limited, 0).result).toEqual({ ok: false, errno: "ENETUNREACH" });
    sender.ifindex = a.eth.ifindex;
    wire.perform(a, sendUdp(a.stack, sender, text("x"), limited, 0).effects);
    expect([one.queue.length, two.queue.length]).toEqual([2, 2]);
    balanced(a, b);
  });

  test("a full receive queue is counted at the socket and as the frame's end", () => {
    const { a, b, wire } = pair();
    const [client, server] = [udpSocket(a), udpSocket(b)];
    bindUdp(b.stack, server, { address: B, port: 80 });
    server.queue.rcvbuf = 1000;
    for (let sent = 0; sent < 3; sent++)
      wire.perform(a, sendUdp(a.stack, client, new Uint8Array(900), { address: B, port: 80 }, 0).effects);
    expect([server.queue.length, server.queue.drops, b.stack.rx.of("socket_rcvbuf")]).toEqual([1, 2, 2]);
    balanced(a, b);
  });
});

describe("one host alone", () => {
  test("talks to itself over loopback, at 127.0.0.1, at its own address, and at none", () => {
    const a = host(1);
    const wire = new Wire(a, host(2));
    expect(exchange(a, a, wire, ip("127.0.0.1"), text("me"))).toMatchObject({ ifindex: LOOPBACK_IFINDEX });
    for (const { sk } of a.stack.udp.all()) a.stack.udp.close(sk);
    expect(exchange(a, a, wire, A, new Uint8Array(60_000))).toMatchObject({ from: { address: A } });
    for (const { sk } of a.stack.udp.all()) a.stack.udp.close(sk);
    expect(exchange(a, a, wire, INADDR_ANY, text("me"))).toMatchObject({ to: { address: ip("127.0.0.1") } });
    expect(ping(a, wire, ip("127.1.2.3"), 56)).toHaveLength(1);
    expect(wire.frames).toEqual([]);
    balanced(a);
  });

  test("refuses its own closed ports at once, without a limit", () => {
    const a = host(1);
    const socket = udpSocket(a);
    connectUdp(a.stack, socket, { address: ip("127.0.0.1"), port: 9 }, 0);
    for (let sent = 0; sent < 20; sent++) {
      expect(sendUdp(a.stack, socket, text("x"), undefined, 0).effects).toContainEqual({
        t: "errno",
        sk: socket.sk,
        errno: "ECONNREFUSED",
      });
      expect(receiveUdp(socket).ok).toBe(false);
    }
    balanced(a);
  });

  test("says what is wrong with a send", () => {
    const { stack } = host(1);
    const socket = udpSocket({ stack, eth: there(stack.devices.at(2)), effects: [] });
    const send = (size: number, address?: string, port = 80): unknown => {
      const { result } = sendUdp(
        stack,
        socket,
        new Uint8Array(size),
        address === undefined ? undefined : { address: ip(address), port },
        0,
      );
      return result.ok ? result.value : result.errno;
    };
    expect(send(1)).toBe("EDESTADDRREQ");
    expect(send(1, "192.0.2.2", 0)).toBe("EINVAL");
    expect(send(1, "198.51.100.1")).toBe("ENETUNREACH");
    expect(send(65_508, "192.0.2.2")).toBe("EMSGSIZE");
    expect(send(65_507, "192.0.2.2")).toBe(65_507);
    expect(bindUdp(stack, socket, { address: ip("192.0.2.9"), port: 1 })).toEqual({
      ok: false,
      errno: "EADDRNOTAVAIL",
    });
    expect(shutdownUdp(socket, "both")).toEqual({ ok: false, errno: "ENOTCONN" });
    expect(send(1, "192.0.2.2")).toBe("EPIPE");
    expect(receiveUdp(socket)).toEqual({ ok: true, value: undefined });
  });

  test("sends through a gateway, whose address is the one that is asked for", () => {
    const { a, b, wire } = pair();
    const base = { ifindex: a.eth.ifindex, metric: 0, source: undefined };
    const far = { ...base, type: "unicast", destination: INADDR_ANY, bits: 0, gateway: B } as const;
    expect(addRoute(a.stack, far)).toEqual({ ok: true, value: true });
    const closed = {
      ...base,
      type: "unreachable",
      destination: ip("203.0.113.0"),
      bits: 24,
      gateway: undefined,
    } as const;
    addRoute(a.stack, closed);
    const socket = udpSocket(a);
    wire.perform(a, sendUdp(a.stack, socket, text("x"), { address: ip("198.51.100.1"), port: 80 }, 0).effects);
    expect(b.stack.rx.of("not_local")).toBe(1);
    const refused = sendUdp(a.stack, socket, text("x"), { address: ip("203.0.113.1"), port: 80 }, 0);
    expect(refused.result).toEqual({ ok: false, errno: "EHOSTUNREACH" });
  });

  test("a device that goes down takes routes and neighbours along, and brings its own routes back", () => {
    const { a, wire } = pair();
    ping(a, wire, B, 1);
    const before = a.stack.routes.all();
    setUp(a.stack, a.eth.ifindex, false, 0);
    expect([a.stack.neighbours.size, a.stack.routes.lookup(B)]).toEqual([0, undefined]);
    expect(receive(a.stack, a.eth.ifindex, new Uint8Array(60), 0)).toEqual([]);
    expect(receive(a.stack, 77, new Uint8Array(60), 0)).toEqual([]);
    expect([a.stack.rx.of("device_down"), a.stack.rx.of("no_device")]).toEqual([1, 1]);
    setUp(a.stack, a.eth.ifindex, true, 0);
    expect(new Set(a.stack.routes.all())).toEqual(new Set(before));
    removeAddress(a.stack, a.eth.ifindex, A);
    expect(a.stack.routes.all().every(({ ifindex }) => ifindex === LOOPBACK_IFINDEX)).toBe(true);
    balanced(a);
    expect(removeDevice(a.stack, a.eth.ifindex).result).toEqual({ ok: false, errno: "EBUSY" });
    setUp(a.stack, a.eth.ifindex, false, 0);
    expect(removeDevice(a.stack, a.eth.ifindex).effects).toEqual([
      { t: "event", event: { t: "device", ifindex: a.eth.ifindex, what: "removed" } },
    ]);
  });

  test("without a carrier frames are counted and gone, and a new MTU holds from the next datagram on", () => {
    const { a, wire } = pair();
    ping(a, wire, B, 1);
    setMtu(a.stack, a.eth.ifindex, 600);
    const socket = udpSocket(a);
    const { effects } = sendUdp(a.stack, socket, new Uint8Array(1000), { address: B, port: 80 }, 0);
    expect(effects.filter(({ t }) => t === "transmit")).toHaveLength(2);
    setCarrier(a.stack, a.eth.ifindex, false, 0);
    sendUdp(a.stack, socket, text("x"), { address: B, port: 80 }, 0);
    expect(a.stack.tx.of("tx_no_carrier")).toBe(1);
  });
});
