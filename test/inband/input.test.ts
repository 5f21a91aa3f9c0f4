import { describe, expect, test } from "@jest/globals";
import { buildArp, parseArp } from "../../services/abi/packet/arp.ts";
import { buildEthernet, parseEthernet, type EthernetFrame } from "../../services/abi/packet/ethernet.ts";
import { buildIcmp } from "../../services/abi/packet/icmp.ts";
import { buildIpv4, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { MAC_BROADCAST } from "../../services/abi/packet/mac.ts";
import { buildUdp } from "../../services/abi/packet/udp.ts";
import { pushTag } from "../../services/abi/packet/vlan.ts";
import { bindPacket, sendPacket } from "../../services/inband/model/stack/packet-calls.ts";
import { receive } from "../../services/inband/model/stack/stack.ts";
import { sendUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { host, ip, mac, there, udpSocket, withVlan, type Host } from "./stack-harness.ts";

const US = mac("02:00:00:00:00:01");
const HER = mac("02:00:00:00:00:02");
const frame = (more: Partial<EthernetFrame> = {}): EthernetFrame => ({
  destination: US,
  source: HER,
  ethertype: 0x1234,
  payload: new Uint8Array(46),
  ...more,
});
const ipv4 = (more: Partial<Ipv4Packet> = {}): EthernetFrame => {
  const ends = { source: more.source ?? ip("192.0.2.2"), destination: more.destination ?? ip("192.0.2.1") };
  const packet = {
    ...{ tos: 0, identification: 1, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 64 },
    ...{ protocol: 17, options: new Uint8Array(0) },
    payload: buildUdp({ sourcePort: 1, destinationPort: 9, payload: new Uint8Array(4) }, ends),
    ...more,
    ...ends,
  };
  return frame({ ethertype: 0x0800, payload: buildIpv4(packet) });
};

/** Receives a frame, and answers how it ended, and how many frames it made the host send. */
function fate({ stack, eth }: Host, ...frames: readonly EthernetFrame[]): string {
  const before = new Map(stack.rx.entries());
  let sent = 0;
  for (const one of frames)
    sent += receive(stack, eth.ifindex, buildEthernet(one), 0).filter(({ t }) => t === "transmit").length;
  const words = stack.rx.entries().flatMap(([word, count]) => (count > (before.get(word) ?? 0) ? [word] : []));
  return [...words, ...(sent > 0 ? [`+${sent}`] : [])].join(" ");
}

describe("a frame ends", () => {
  const any = "0.0.0.0";
  test.each<[string, string, Partial<Ipv4Packet>]>([
    ["udp_no_port +1", "for a closed port, answered by asking for the sender", {}],
    ["udp_no_port", "for a closed port, as a broadcast", { destination: ip("192.0.2.255") }],
    [
      "udp_no_port",
      "for a closed port, from one without an address",
      { source: ip(any), destination: ip("255.255.255.255") },
    ],
    ["ip_protocol_unknown +1", "with a protocol that nobody knows", { protocol: 99 }],
    ["not_local", "for another address", { destination: ip("192.0.2.9") }],
    ["multicast_not_joined", "for a group", { destination: ip("224.0.0.1") }],
    ["martian_source", "from a group", { source: ip("224.0.0.1") }],
    ["martian_source", "from everybody", { source: ip("255.255.255.255") }],
    ["martian_source", "from this network", { source: ip("0.0.0.1") }],
    ["martian_source", "from none to one", { source: ip(any) }],
    ["martian_source", "from loopback", { source: ip("127.0.0.1") }],
    ["martian_source", "from ourselves", { source: ip("192.0.2.1") }],
    ["martian_source", "from a whole network", { source: ip("192.0.2.255") }],
    ["martian_destination", "for loopback", { destination: ip("127.0.0.1") }],
    ["martian_destination", "for this network", { destination: ip("0.0.0.1") }],
    ["icmp_short", "as half an ICMP message", { protocol: 1, payload: new Uint8Array(4) }],
    [
      "icmp_no_listener",
      "as a reply to nothing",
      { protocol: 1, payload: buildIcmp({ type: 0, code: 0, rest: 1, body: new Uint8Array(0) }) },
    ],
    [
      "icmp_error_unmatched",
      "as an error about nothing",
      { protocol: 1, payload: buildIcmp({ type: 3, code: 3, rest: 0, body: new Uint8Array(28) }) },
    ],
    [
      "icmp_echo_broadcast",
      "as a ping of everybody",
      {
        protocol: 1,
        destination: ip("192.0.2.255"),
        payload: buildIcmp({ type: 8, code: 0, rest: 1, body: new Uint8Array(0) }),
      },
    ],
  ])("as %s: %s", (word, _story, packet) => {
    expect(fate(host(1), ipv4(packet))).toBe(word);
  });

  test("as other_host when it is for another station, as protocol_unhandled when nobody wants it, as device_down on a dead VLAN", () => {
    const h = host(1);
    expect(fate(h, ipv4(), { ...ipv4(), destination: HER })).toContain("other_host");
    expect(fate(h, frame())).toBe("protocol_unhandled");
    expect(fate(h, frame({ ethertype: 46 }))).toBe("protocol_unhandled");
    const vlan = withVlan(h, 5, "10.0.0.1");
    const tag = { protocol: 0x8100, priority: 0, dropEligible: false, vid: 5 } as const;
    expect(fate(h, pushTag(frame(), tag))).toBe("protocol_unhandled");
    h.stack.devices.down(vlan.ifindex);
    expect(fate(h, pushTag(frame(), tag))).toBe("device_down");
    // A priority tag is no VLAN; one under it is.
    expect(fate(h, pushTag(ipv4({ destination: ip("192.0.2.9") }), { ...tag, vid: 0 }))).toBe("not_local");
    expect(fate(h, pushTag(pushTag(ipv4(), tag), { ...tag, vid: 0 }))).toBe("device_down");
    expect(fate(h, pushTag(ipv4(), { ...tag, vid: 6 }))).toBe("other_host");
    expect(fate(h, frame({ ethertype: 0x8100, payload: new Uint8Array(2) }))).toBe("vlan_short");
  });

  test("with overlapping fragments all under one word", () => {
    const h = host(1);
    const half = { moreFragments: true, payload: new Uint8Array(32) };
    expect(fate(h, ipv4(half))).toBe("");
    expect(fate(h, ipv4({ ...half, fragmentOffset: 16 }))).toBe("fragment_overlap");
    expect(h.stack.rx.of("fragment_overlap")).toBe(2);
    expect(h.eth.rx.of("fragment_overlap")).toBe(2);
  });
});

test("what waits keeps no frame's memory: neither a fragment nor a datagram changes when the frame's buffer is used again", () => {
  const h = host(1);
  const server = udpSocket(h);
  h.stack.udp.bind(server, { address: ip("192.0.2.1"), port: 80 });
  const ends = { source: ip("192.0.2.2"), destination: ip("192.0.2.1") };
  const text = Uint8Array.from({ length: 92 }, (_, at) => at);
  const datagram = buildUdp({ sourcePort: 1, destinationPort: 80, payload: text }, ends);
  for (const one of [
    ipv4({ payload: datagram }),
    ipv4({ identification: 2, payload: datagram.subarray(0, 48), moreFragments: true }),
    ipv4({ identification: 2, payload: datagram.subarray(48), fragmentOffset: 48 }),
  ]) {
    const buffer = buildEthernet(one);
    receive(h.stack, h.eth.ifindex, buffer, 0);
    buffer.fill(0xee);
  }
  expect([server.queue.shift()?.payload, server.queue.shift()?.payload]).toEqual([text, text]);
});

describe("ARP", () => {
  const arp = (
    operation: "request" | "reply",
    sender: string,
    target: string,
    destination = MAC_BROADCAST,
  ): EthernetFrame =>
    frame({
      destination,
      ethertype: 0x0806,
      payload: buildArp({ operation, senderMac: HER, sender: ip(sender), targetMac: US, target: ip(target) }),
    });
  const entries = ({ stack }: Host): readonly string[] => stack.neighbours.entries().map(({ to }) => to);

  test("a request for us is answered, and who asked is remembered as STALE", () => {
    const h = host(1);
    const effects = receive(h.stack, h.eth.ifindex, buildEthernet(arp("request", "192.0.2.2", "192.0.2.1")), 0);
    const sent = effects.flatMap((effect) => (effect.t === "transmit" ? [parseEthernet(effect.frame)] : []))[0];
    const reply = parseArp(sent?.ok === true ? sent.packet.payload : new Uint8Array(0));
    expect(reply).toEqual({
      ok: true,
      packet: { operation: "reply", senderMac: US, sender: ip("192.0.2.1"), targetMac: HER, target: ip("192.0.2.2") },
    });
    expect(entries(h)).toEqual(["STALE"]);
    expect(fate(h, arp("reply", "192.0.2.2", "192.0.2.1", US))).toBe("consumed");
    expect(entries(h)).toEqual(["REACHABLE"]);
  });

  test("a probe for our address is answered without learning anything", () => {
    const h = host(1);
    expect(fate(h, arp("request", "0.0.0.0", "192.0.2.1"))).toBe("answered +1");
    expect(entries(h)).toEqual([]);
  });

  test("what does not concern us is ignored", () => {
    const h = host(1);
    for (const [sender, target] of [
      ["192.0.2.2", "192.0.2.3"],
      ["0.0.0.0", "192.0.2.3"],
      ["192.0.2.1", "192.0.2.1"],
      ["224.0.0.1", "192.0.2.1"],
      ["192.0.2.2", "127.0.0.1"],
      ["192.0.2.2", "192.0.2.2"],
    ] as const)
      expect(fate(host(1), arp("request", sender, target))).toBe("arp_ignored");
    expect(fate(h, arp("reply", "192.0.2.2", "192.0.2.1", US))).toBe("arp_ignored");
    expect(fate(h, arp("reply", "192.0.2.2", "192.0.2.1", HER))).toBe("other_host");
    expect(entries(h)).toEqual([]);
  });
});

describe("packet sockets", () => {
  const tag = { protocol: 0x8100, priority: 3, dropEligible: false, vid: 5 } as const;

  test("a tap sees what comes in and what goes out, with the type of each, and SOCK_DGRAM no header", () => {
    const h = host(1);
    const raw = h.stack.packets.create(1, "SOCK_RAW", 3);
    const dgram = h.stack.packets.create(2, "SOCK_DGRAM", 0x1234);
    const idle = h.stack.packets.create(3, "SOCK_RAW", 0);
    for (const destination of [US, HER, MAC_BROADCAST, mac("01:00:5e:00:00:01")])
      expect(fate(h, frame({ destination }))).toBe("delivered");
    sendUdp(h.stack, udpSocket(h), new Uint8Array(1), { address: ip("192.0.2.2"), port: 1 }, 0);
    const types = Array.from({ length: 5 }, () => raw.queue.shift()?.type);
    expect(types).toEqual([
      "PACKET_HOST",
      "PACKET_OTHERHOST",
      "PACKET_BROADCAST",
      "PACKET_MULTICAST",
      "PACKET_OUTGOING",
    ]);
    expect(dgram.queue.length).toBe(4);
    expect(dgram.queue.shift()).toMatchObject({ bytes: new Uint8Array(46), protocol: 0x1234, ifindex: 2, source: HER });
    expect(idle.queue.length).toBe(0);
  });

  test("a tagged frame is seen on the real device and on its VLAN device, untagged, the tag beside it", () => {
    const h = host(1);
    const vlan = withVlan(h, 5, "10.0.0.1");
    const all = h.stack.packets.create(1, "SOCK_RAW", 3);
    const below = h.stack.packets.create(2, "SOCK_RAW", 0);
    expect(bindPacket(h.stack, below, 0x1234, h.eth.ifindex).ok).toBe(true);
    expect(fate(h, pushTag(frame(), tag))).toBe("delivered");
    const [first, second] = [all.queue.shift(), all.queue.shift()];
    expect([first?.ifindex, first?.tag, first?.protocol]).toEqual([h.eth.ifindex, tag, 0x1234]);
    expect([second?.ifindex, second?.tag]).toEqual([vlan.ifindex, undefined]);
    expect(first?.bytes).toEqual(buildEthernet(frame()));
    // Who bound the protocol on the device where it arrived gets it once, as the VLAN device's.
    expect([below.queue.length, below.queue.shift()?.ifindex]).toEqual([1, vlan.ifindex]);
  });

  test("a full tap counts its drops, and a frame that nobody else wanted ends as that", () => {
    const h = host(1);
    const tap = h.stack.packets.create(1, "SOCK_RAW", 3, 100);
    expect([fate(h, frame()), fate(h, frame())]).toEqual(["delivered", "packet_rcvbuf"]);
    expect(tap.queue.drops).toBe(1);
  });

  test("sending: whole frames, payloads with an address, not seen by the sender, and what is refused", () => {
    const h = host(1);
    const [raw, dgram] = [h.stack.packets.create(1, "SOCK_RAW", 3), h.stack.packets.create(2, "SOCK_DGRAM", 0x1234)];
    const to = { ifindex: h.eth.ifindex, protocol: 0x4321, destination: HER };
    const send = (socket: typeof raw, size: number, address?: typeof to): unknown => {
      const { result } = sendPacket(h.stack, socket, new Uint8Array(size), address, 0);
      return result.ok ? result.value : result.errno;
    };
    expect(send(raw, 60)).toBe("ENXIO");
    expect(bindPacket(h.stack, raw, 0, 99)).toEqual({ ok: false, errno: "ENODEV" });
    expect(bindPacket(h.stack, raw, 0, h.eth.ifindex).ok).toBe(true);
    expect([send(raw, 13), send(raw, 14), send(raw, 1514), send(raw, 1515)]).toEqual(["EINVAL", 14, 1514, "EMSGSIZE"]);
    expect(raw.queue.length).toBe(0);
    expect([send(dgram, 10, { ...to, ifindex: 99 }), send(dgram, 1501, to), send(dgram, 1500, to)]).toEqual([
      "ENXIO",
      "EMSGSIZE",
      1500,
    ]);
    dgram.ifindex = h.eth.ifindex;
    expect(send(dgram, 10)).toBe("ENOTCONN");
    const tapped = there(raw.queue.shift());
    expect(parseEthernet(tapped.bytes)).toMatchObject({ packet: { destination: HER, source: US, ethertype: 0x4321 } });
    h.stack.devices.down(h.eth.ifindex);
    expect([send(raw, 60), bindPacket(h.stack, raw, 0, h.eth.ifindex)]).toEqual([
      "ENETDOWN",
      { ok: false, errno: "ENETDOWN" },
    ]);
  });

  test("what a tap got is its own: the frame's memory may be used again", () => {
    const h = host(1);
    const tap = h.stack.packets.create(1, "SOCK_DGRAM", 0x1234);
    const bytes = buildEthernet(frame({ payload: new Uint8Array(46).fill(7) }));
    receive(h.stack, h.eth.ifindex, bytes, 0);
    bytes.fill(0);
    expect(tap.queue.shift()?.bytes).toEqual(new Uint8Array(46).fill(7));
  });
});
