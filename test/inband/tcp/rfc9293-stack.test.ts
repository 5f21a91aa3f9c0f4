import { describe, expect, test } from "@jest/globals";
import { assert } from "../../../services/abi/assert.ts";
import { buildEthernet, ETH_P, parseEthernet } from "../../../services/abi/packet/ethernet.ts";
import { buildIcmp, ICMP } from "../../../services/abi/packet/icmp.ts";
import { buildIpv4, IPPROTO, parseIpv4, type Ipv4Packet } from "../../../services/abi/packet/ipv4.ts";
import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import { setMtu } from "../../../services/inband/model/stack/admin.ts";
import { receive } from "../../../services/inband/model/stack/stack.ts";
import {
  acceptTcp,
  bindTcp,
  connectTcp,
  createTcp,
  listenTcp,
  receiveTcp,
  sendTcp,
  type TcpSocket,
} from "../../../services/inband/model/stack/tcp-calls.ts";
import { takeSoftError } from "../../../services/inband/model/tcp/user-calls.ts";
import { host, ip, SECOND, Wire, type Host } from "../stack-harness.ts";

const NO_BYTES = new Uint8Array(0);
const PORT = 80;

const newSocket = ({ stack }: Host): TcpSocket => createTcp(stack, stack.numbers.next(), "linux");

/** Two hosts on a wire, and a connection between them. */
class Net {
  readonly client = host(1);
  readonly server = host(2);
  readonly wire = new Wire(this.client, this.server);
  readonly listener = newSocket(this.server);
  readonly from = newSocket(this.client);

  constructor(mtu = 1500) {
    setMtu(this.client.stack, this.client.eth.ifindex, mtu);
    bindTcp(this.server.stack, this.listener, { address: ip("192.0.2.2"), port: PORT });
    listenTcp(this.server.stack, this.listener, { queueMax: 8, synQueueMax: 16 });
    this.wire.perform(
      this.client,
      connectTcp(this.client.stack, this.from, { address: ip("192.0.2.2"), port: PORT }, 0).effects,
    );
  }

  accept(): TcpSocket {
    const child = acceptTcp(this.server.stack, this.listener);
    assert(child !== undefined, "a connection waits");
    return child;
  }

  send(bytes: number): void {
    const sent = sendTcp(this.client.stack, this.from, new Uint8Array(bytes).fill(1), {}, this.wire.nowNs);
    this.wire.perform(this.client, sent.effects);
  }

  read(socket: TcpSocket): number {
    const got = receiveTcp(this.server.stack, socket, 100_000, {}, this.wire.nowNs);
    this.wire.perform(this.server, got.effects);
    return got.result.length;
  }

  /** The TCP packets of the client that crossed since the last look. */
  packets(): Ipv4Packet[] {
    return this.wire.frames.splice(0).flatMap((bytes) => {
      const frame = parseEthernet(bytes);
      if (!frame.ok || frame.packet.ethertype !== ETH_P.ETH_P_IP) return [];
      const packet = parseIpv4(frame.packet.payload);
      if (!packet.ok || packet.packet.source !== ip("192.0.2.1")) return [];
      return packet.packet.protocol === IPPROTO.IPPROTO_TCP ? [packet.packet] : [];
    });
  }

  segments(): TcpSegment[] {
    return this.packets().map((packet) => {
      const parsed = parseTcp(packet.payload, packet);
      assert(parsed.ok, "what the client sends can be read");
      return parsed.packet;
    });
  }

  /** A packet comes to a host, as if from the other. */
  inject(to: "client" | "server", given: Partial<Ipv4Packet> & Pick<Ipv4Packet, "payload">): void {
    const [here, there] = to === "server" ? [this.server, this.client] : [this.client, this.server];
    const [source, destination] =
      to === "server" ? [ip("192.0.2.1"), ip("192.0.2.2")] : [ip("192.0.2.2"), ip("192.0.2.1")];
    const payload = buildIpv4({
      tos: 0,
      ttl: 64,
      protocol: IPPROTO.IPPROTO_TCP,
      source,
      destination,
      options: NO_BYTES,
      identification: 0,
      moreFragments: false,
      fragmentOffset: 0,
      dontFragment: true,
      ...given,
    });
    const frame = buildEthernet({
      destination: here.eth.mac,
      source: there.eth.mac,
      ethertype: ETH_P.ETH_P_IP,
      payload,
    });
    this.wire.perform(here, receive(here.stack, here.eth.ifindex, frame, this.wire.nowNs));
  }

  /** An ICMP error about what the client has on its way comes to it. */
  icmp(type: number, code: number): void {
    this.packets();
    this.wire.loses = () => true;
    this.send(100);
    this.wire.loses = () => false;
    const [packet] = this.packets();
    assert(packet !== undefined, "a segment was sent");
    const body = buildIpv4(packet).slice(0, 28);
    const payload = buildIcmp({ type, code, rest: 0, body });
    this.inject("client", { protocol: IPPROTO.IPPROTO_ICMP, payload });
  }
}

const syn = (sourcePort: number): TcpSegment => ({
  sourcePort,
  destinationPort: PORT,
  seq: 1,
  ack: 0,
  flags: TCP_FLAG.SYN,
  window: 1000,
  urgent: 0,
  payload: NO_BYTES,
});

/** Source quench (RFC 792), which RFC 6633 took back. */
const ICMP_SOURCE_QUENCH = 4;

describe("what RFC 9293 asks of TCP and IP together", () => {
  test("TTL and TOS of a socket are in its segments, and follow while the connection lasts", () => {
    const net = new Net();
    const socket = net.accept();
    net.packets();
    for (const [ttl, tos] of [
      [9, 0x28],
      [200, 0xb8],
    ] as const) {
      Object.assign(net.from, { ttl, tos });
      net.send(3000);
      net.wire.until(net.wire.nowNs + SECOND);
      const packets = net.packets();
      expect(packets.length).toBeGreaterThan(1);
      for (const packet of packets) expect([packet.ttl, packet.tos]).toEqual([ttl, tos]);
    }
    expect(net.read(socket)).toBe(6000);
  });

  test("a soft ICMP error ends no connection, and SO_ERROR tells of it (RFC 9293 3.9.2.2)", () => {
    for (const [type, code, errno] of [
      [ICMP.ICMP_DEST_UNREACH, 0, "ENETUNREACH"],
      [ICMP.ICMP_DEST_UNREACH, 1, "EHOSTUNREACH"],
      [ICMP.ICMP_DEST_UNREACH, 5, "EOPNOTSUPP"],
      [ICMP.ICMP_TIME_EXCEEDED, 0, "EHOSTUNREACH"],
      [ICMP.ICMP_PARAMETERPROB, 0, "EPROTO"],
    ] as const) {
      const net = new Net();
      net.icmp(type, code);
      const { connection } = net.from;
      assert(connection !== undefined, "it is there");
      expect(connection.state.t).toBe("ESTABLISHED");
      // `takeSoftError` is what SO_ERROR asks where there is no error of the socket itself.
      expect(takeSoftError(connection)).toBe(errno);
      expect(takeSoftError(connection)).toBeUndefined();
      net.wire.until(net.wire.nowNs + SECOND);
      expect(net.read(net.accept())).toBe(100);
    }
  });

  test("a source quench is not heard", () => {
    const net = new Net();
    net.icmp(ICMP_SOURCE_QUENCH, 0);
    expect(net.from).toMatchObject({ error: undefined, connection: { softError: undefined } });
    expect(net.from.connection?.state.t).toBe("ESTABLISHED");
    net.wire.until(net.wire.nowNs + SECOND);
    expect(net.read(net.accept())).toBe(100);
  });

  test("options of IP change nothing", () => {
    const net = new Net();
    const ends = { source: ip("192.0.2.1"), destination: ip("192.0.2.2") };
    net.accept();
    // Record route, without room for any; then one that nobody knows.
    for (const [port, options] of [
      [5000, [7, 3, 4, 0]],
      [5001, [0x9e, 4, 1, 2]],
    ] as const) {
      net.inject("server", { payload: buildTcp(syn(port), ends), options: Uint8Array.from(options) });
      expect(net.server.stack.tcpCounters.of("passive_opens")).toBe(port - 5000 + 2);
    }
  });

  test("no connection begins with an address that is nobody's", () => {
    const net = new Net();
    const nobodys = ["255.255.255.255", "224.0.0.1", "192.0.2.255", "127.0.0.1", "0.0.0.0", "240.0.0.1", "192.0.2.2"];
    for (const [at, address] of nobodys.entries()) {
      const ends = { source: ip(address), destination: ip("192.0.2.2") };
      net.inject("server", { payload: buildTcp(syn(6000 + at), ends), source: ends.source });
      expect([address, net.server.stack.tcpCounters.of("passive_opens")]).toEqual([address, 1]);
    }
    for (const address of ["255.255.255.255", "224.0.0.1", "192.0.2.255"]) {
      const socket = newSocket(net.client);
      const made = connectTcp(net.client.stack, socket, { address: ip(address), port: PORT }, net.wire.nowNs);
      expect(made.result).toEqual({ ok: false, errno: "ENETUNREACH" });
    }
  });

  test("the MSS told is the device's MTU less 40", () => {
    for (const mtu of [1500, 576, 9000]) {
      const [first] = new Net(mtu).segments();
      expect(first).toMatchObject({ flags: TCP_FLAG.SYN, mss: mtu - 40 });
    }
  });

  test("somebody may listen at the port of a connection that is being made, and that goes on", () => {
    const net = new Net();
    const { stack } = net.client;
    const local = { address: ip("192.0.2.1"), port: 7000 };
    net.wire.loses = () => true;
    const [calls, listens] = [1, 2].map(() => Object.assign(newSocket(net.client), { reuseAddress: true }));
    assert(calls !== undefined && listens !== undefined, "both are there");
    expect(bindTcp(stack, calls, local).ok).toBe(true);
    connectTcp(stack, calls, { address: ip("192.0.2.2"), port: PORT }, net.wire.nowNs);
    expect(calls.connection?.state.t).toBe("SYN-SENT");
    expect(bindTcp(stack, listens, local).ok).toBe(true);
    expect(listenTcp(stack, listens, { queueMax: 8, synQueueMax: 16 }).ok).toBe(true);
    net.wire.loses = () => false;
    net.wire.until(net.wire.nowNs + 4 * SECOND);
    expect(calls.connection?.state.t).toBe("ESTABLISHED");
    expect(listens.listener?.waiting).toBe(0);
  });
});
