import { describe, expect, test } from "@jest/globals";
import { assert } from "../../services/abi/assert.ts";
import { buildIcmp, ICMP, UNREACH } from "../../services/abi/packet/icmp.ts";
import { buildEthernet, ETH_P, parseEthernet } from "../../services/abi/packet/ethernet.ts";
import { buildIpv4, IPPROTO, parseIpv4, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../services/abi/packet/tcp.ts";
import { setMtu } from "../../services/inband/model/stack/admin.ts";
import { receive } from "../../services/inband/model/stack/stack.ts";
import { unaccounted } from "../../services/inband/model/stack/sizes.ts";
import {
  acceptTcp,
  bindTcp,
  closeTcp,
  connectTcp,
  createTcp,
  listenTcp,
  receiveTcp,
  sendTcp,
  type TcpSocket,
} from "../../services/inband/model/stack/tcp-calls.ts";
import { host, ip, SECOND, Wire, type Host } from "./stack-harness.ts";

const NO_BYTES = new Uint8Array(0);
const PORT = 80;

/** Two hosts on one wire: the second listens at port 80. */
class Net {
  readonly client = host(1);
  readonly server = host(2);
  readonly wire = new Wire(this.client, this.server);
  readonly listener: TcpSocket;

  constructor(queueMax = 8, synQueueMax = 16) {
    const { stack } = this.server;
    this.listener = createTcp(stack, stack.numbers.next(), "linux");
    bindTcp(stack, this.listener, { address: ip("192.0.2.2"), port: PORT });
    listenTcp(stack, this.listener, { queueMax, synQueueMax });
  }

  socket({ stack }: Host = this.client, flavour: "linux" | "illumos" = "linux"): TcpSocket {
    return createTcp(stack, stack.numbers.next(), flavour);
  }

  connect(socket: TcpSocket, to = "192.0.2.2"): void {
    const made = connectTcp(this.client.stack, socket, { address: ip(to), port: PORT }, this.wire.nowNs);
    expect(made.result).toMatchObject({ ok: true });
    this.wire.perform(this.client, made.effects);
  }

  accept(): TcpSocket {
    const child = acceptTcp(this.server.stack, this.listener);
    assert(child !== undefined, "a connection waits");
    return child;
  }

  pair(): { client: TcpSocket; server: TcpSocket } {
    const client = this.socket();
    this.connect(client);
    return { client, server: this.accept() };
  }

  send(from: Host, socket: TcpSocket, bytes: Uint8Array): number {
    const sent = sendTcp(from.stack, socket, bytes, {}, this.wire.nowNs);
    this.wire.perform(from, sent.effects);
    return sent.result;
  }

  read(at: Host, socket: TcpSocket): Uint8Array {
    const got = receiveTcp(at.stack, socket, 1_000_000, {}, this.wire.nowNs);
    this.wire.perform(at, got.effects);
    return got.result;
  }

  close(at: Host, socket: TcpSocket): void {
    this.wire.perform(at, closeTcp(at.stack, socket, { abort: false }, this.wire.nowNs).effects);
  }

  /** A packet comes to the server, or to the client, as if from the wire. */
  inject(packet: Given, to: Host = this.server): void {
    this.wire.perform(to, receive(to.stack, to.eth.ifindex, this.frameOf(packet, to), this.wire.nowNs));
  }

  /** The same, and what is answered is lost. */
  injectUnanswered(packet: Given): void {
    const { stack, eth } = this.server;
    receive(stack, eth.ifindex, this.frameOf(packet, this.server), this.wire.nowNs);
  }

  frameOf(packet: Given, to: Host): Uint8Array {
    const from = to === this.server ? this.client : this.server;
    const payload = buildIpv4({
      tos: 0,
      ttl: 64,
      protocol: IPPROTO.IPPROTO_TCP,
      source: ip("192.0.2.1"),
      destination: ip("192.0.2.2"),
      options: NO_BYTES,
      identification: 0,
      moreFragments: false,
      fragmentOffset: 0,
      dontFragment: true,
      ...packet,
    });
    return buildEthernet({ destination: to.eth.mac, source: from.eth.mac, ethertype: ETH_P.ETH_P_IP, payload });
  }
}

/** What a packet has that is not like others. */
type Given = Partial<Ipv4Packet> & Pick<Ipv4Packet, "payload">;

/** The segments of the frames that crossed since the last look. */
function segments({ wire }: Net): TcpSegment[] {
  return wire.frames.splice(0).flatMap((bytes) => {
    const frame = parseEthernet(bytes);
    if (!frame.ok || frame.packet.ethertype !== ETH_P.ETH_P_IP) return [];
    const packet = parseIpv4(frame.packet.payload);
    if (!packet.ok || packet.packet.protocol !== IPPROTO.IPPROTO_TCP) return [];
    const segment = parseTcp(packet.packet.payload, packet.packet);
    return segment.ok ? [segment.packet] : [];
  });
}

const syn = (sourcePort: number, seq = 1): Uint8Array =>
  buildTcp(
    {
      sourcePort,
      destinationPort: PORT,
      seq,
      ack: 0,
      flags: TCP_FLAG.SYN,
      window: 1000,
      urgent: 0,
      mss: 1460,
      payload: NO_BYTES,
    },
    { source: ip("192.0.2.1"), destination: ip("192.0.2.2") },
  );

const quiet = (net: Net): void => {
  for (const { stack } of net.wire.ends) expect(unaccounted(stack)).toBe(0);
};

describe("TCP in the stack", () => {
  test("a connection over ARP, a wire and two stacks; every frame is accounted for, and nothing is left in the end", () => {
    const net = new Net();
    const { client, server } = net.pair();
    expect(net.send(net.client, client, new Uint8Array(100_000).fill(7))).toBe(100_000);
    let got = 0;
    for (let i = 0; i < 200 && got < 100_000; i++) {
      got += net.read(net.server, server).length;
      net.wire.until(net.wire.nowNs + SECOND / 20);
    }
    expect(got).toBe(100_000);
    net.close(net.client, client);
    net.close(net.server, server);
    net.wire.until(net.wire.nowNs + 61 * SECOND);
    expect(net.client.stack.tcp.connections + net.server.stack.tcp.connections).toBe(0);
    expect(net.client.stack.tcpTimers.nextNs()).toBeUndefined();
    expect([...net.client.stack.tcp.all()]).toEqual([]);
    quiet(net);
  });

  test("a segment that nobody has a connection for is answered with RST; what went to everybody with nothing", () => {
    const net = new Net();
    net.inject({ payload: syn(5000) });
    net.wire.until(SECOND);
    segments(net);
    const stray: TcpSegment = {
      sourcePort: 6000,
      destinationPort: 81,
      seq: 100,
      ack: 200,
      flags: TCP_FLAG.ACK,
      window: 0,
      urgent: 0,
      payload: NO_BYTES,
    };
    const ends = { source: ip("192.0.2.1"), destination: ip("192.0.2.2") };
    net.inject({ payload: buildTcp(stray, ends) });
    expect(segments(net).at(-1)).toMatchObject({ flags: TCP_FLAG.RST, seq: 200, sourcePort: 81 });
    net.inject({ payload: buildTcp({ ...stray, flags: TCP_FLAG.RST }, ends) });
    expect(segments(net)).toEqual([]);
    const all = { source: ip("192.0.2.1"), destination: ip("192.0.2.255") };
    net.inject({ payload: buildTcp(stray, all), destination: all.destination });
    expect(segments(net)).toEqual([]);
    expect(net.server.stack.rx.of("tcp_not_unicast")).toBe(1);
    expect(net.server.stack.rx.of("tcp_no_port")).toBe(2);
    quiet(net);
  });

  test("a flood of SYNs costs a bounded amount, and neither hides nor keeps out who means it", () => {
    const net = new Net(4, 16);
    const first = net.socket();
    net.connect(first);
    for (let port = 1; port <= 1000; port++) net.injectUnanswered({ payload: syn(port) });
    expect(net.listener.listener?.halfOpen).toBe(16);
    expect([...net.server.stack.tcp.all()].length).toBeLessThanOrEqual(1 + 1 + 16);
    const honest = net.socket();
    net.connect(honest);
    expect(honest.connection?.state.t).toBe("ESTABLISHED");
    expect(net.accept().peer?.port).toBe(first.local.port);
    expect(net.accept().peer?.port).toBe(honest.local.port);
    expect(net.server.stack.tcpCounters.of("syn_queue_evictions")).toBeGreaterThan(900);
    net.wire.until(300 * SECOND);
    expect(net.listener.listener?.halfOpen).toBe(0);
    quiet(net);
  });

  test("a full accept queue drops SYNs, and lets nobody complete, until somebody accepts", () => {
    const net = new Net(1);
    const [one, two] = [net.socket(), net.socket()];
    net.connect(one);
    net.connect(two);
    expect(two.connection?.state.t).toBe("SYN-SENT");
    expect(net.server.stack.rx.of("tcp_listen_overflow")).toBe(1);
    net.accept();
    net.wire.until(4 * SECOND);
    expect(two.connection?.state.t).toBe("ESTABLISHED");
    quiet(net);
  });

  test("a router that tells of a smaller MTU is believed if it quotes what is on its way, and the segment is sent again", () => {
    const net = new Net();
    const { client, server } = net.pair();
    net.wire.loses = (frame) => frame.length > 1014;
    net.send(net.client, client, new Uint8Array(3000).fill(1));
    const large = parseEthernet(net.wire.frames.find((frame) => frame.length > 1014) ?? NO_BYTES);
    assert(large.ok, "a large frame was sent");
    const told = (body: Uint8Array): void => {
      const icmp = { type: ICMP.ICMP_DEST_UNREACH, code: UNREACH.ICMP_FRAG_NEEDED, rest: 1000, body };
      const payload = buildIcmp(icmp);
      const ends = { source: ip("192.0.2.2"), destination: ip("192.0.2.1") };
      net.inject({ protocol: IPPROTO.IPPROTO_ICMP, payload, ...ends }, net.client);
    };
    const forged = large.packet.payload.slice(0, 28);
    forged[27] = (forged[27] ?? 0) ^ 0x80;
    forged[24] = (forged[24] ?? 0) ^ 0x80;
    told(forged);
    expect(net.client.stack.rx.of("icmp_error_unmatched")).toBe(1);
    expect(net.read(net.server, server)).toHaveLength(0);
    told(large.packet.payload.slice(0, 28));
    net.wire.until(net.wire.nowNs + 2 * SECOND);
    let got = 0;
    for (let i = 0; i < 20; i++) {
      got += net.read(net.server, server).length;
      net.wire.until(net.wire.nowNs + SECOND / 10);
    }
    expect(got).toBe(3000);
    quiet(net);
  });

  test("a device that takes less than before gets what was cut for more in pieces", () => {
    const net = new Net();
    const { client, server } = net.pair();
    setMtu(net.client.stack, net.client.eth.ifindex, 600);
    net.send(net.client, client, new Uint8Array(2000).fill(1));
    net.wire.until(net.wire.nowNs + SECOND);
    expect(net.read(net.server, server)).toHaveLength(2000);
    expect(Math.max(...net.wire.frames.slice(-8).map(({ length }) => length))).toBeLessThanOrEqual(614);
    quiet(net);
  });

  test("nobody has the address: on Linux connect fails as ARP does, on illumos when its time is over", () => {
    const net = new Net();
    const [linux, illumos] = [net.socket(), net.socket(net.client, "illumos")];
    for (const socket of [linux, illumos]) net.connect(socket, "192.0.2.77");
    net.wire.until(4 * SECOND);
    expect(linux).toMatchObject({ error: "EHOSTUNREACH", connection: { state: { t: "CLOSED" } } });
    expect(illumos.connection?.state.t).toBe("SYN-SENT");
    net.wire.until(200 * SECOND);
    expect(illumos).toMatchObject({ error: "EHOSTUNREACH", connection: { state: { t: "CLOSED" } } });
    quiet(net);
  });

  test("a new SYN takes the place of a connection in TIME-WAIT, an old one does not", () => {
    const net = new Net();
    const { client, server } = net.pair();
    const { port } = client.local;
    net.close(net.server, server);
    net.close(net.client, client);
    expect(net.server.stack.tcp.connections).toBe(1);
    net.inject({ payload: syn(port, 1) });
    expect(net.listener.listener?.halfOpen).toBe(0);
    const again = net.socket();
    bindTcp(net.client.stack, again, { address: ip("192.0.2.1"), port });
    net.wire.until(net.wire.nowNs + SECOND);
    net.connect(again);
    expect(again.connection?.state.t).toBe("ESTABLISHED");
    quiet(net);
  });

  test("four numbers are one connection's; ports are not given twice to the same peer, and 500 connections are found", () => {
    const net = new Net(4096, 4096);
    const sockets = Array.from({ length: 500 }, () => net.socket());
    for (const socket of sockets) net.connect(socket);
    expect(new Set(sockets.map(({ local }) => local.port)).size).toBe(500);
    expect(net.server.stack.tcp.connections).toBe(500);
    const [some] = sockets;
    const twin = net.socket();
    bindTcp(net.client.stack, twin, { address: ip("192.0.2.1"), port: some?.local.port ?? 0 });
    const bound = Object.assign(net.socket(), { reuseAddress: true, local: { ...twin.local, port: some?.local.port } });
    const made = connectTcp(net.client.stack, bound, { address: ip("192.0.2.2"), port: PORT }, net.wire.nowNs);
    expect(made.result).toMatchObject({ errno: "EADDRNOTAVAIL" });
    quiet(net);
  });
});
