import { assert } from "../../services/abi/assert.ts";
import { buildArp } from "../../services/abi/packet/arp.ts";
import { checksum } from "../../services/abi/packet/checksum.ts";
import { buildEthernet, type EthernetFrame } from "../../services/abi/packet/ethernet.ts";
import { buildIcmp } from "../../services/abi/packet/icmp.ts";
import { INADDR_ANY } from "../../services/abi/packet/ipv4-address.ts";
import { buildIpv4, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { MAC_BROADCAST, MAC_ZERO } from "../../services/abi/packet/mac.ts";
import { buildUdp } from "../../services/abi/packet/udp.ts";
import { pushTag } from "../../services/abi/packet/vlan.ts";
import { addAddress } from "../../services/inband/model/stack/admin.ts";
import { sizesOf, unaccounted } from "../../services/inband/model/stack/sizes.ts";
import { receive, tick } from "../../services/inband/model/stack/stack.ts";
import type { Effect } from "../../services/inband/model/stack/state.ts";
import { bindUdp, connectUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { fragment } from "../../services/abi/packet/fragment.ts";
import { capturedFrames } from "./captures.ts";
import { SECOND, host, ip, mac, udpSocket, withVlan } from "./stack-harness.ts";

/** A small generator of numbers below a bound: the same seed gives the same run (xorshift32). */
function draws(seed: number): (below: number) => number {
  let x = seed >>> 0 || 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const US = mac("02:00:00:00:00:01");
const HER = mac("02:00:00:00:00:02");

/** Good frames of every kind, made here and captured from real kernels, to be mutated. */
function seeds(): readonly Uint8Array[] {
  const ends = { source: ip("192.0.2.2"), destination: ip("192.0.2.1") };
  const packet = (protocol: number, payload: Uint8Array, more: Partial<Ipv4Packet> = {}): Ipv4Packet => ({
    tos: 0,
    identification: 1,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol,
    options: new Uint8Array(0),
    payload,
    ...ends,
    ...more,
  });
  const frame = (ethertype: number, payload: Uint8Array, destination = US): EthernetFrame => ({
    destination,
    source: HER,
    ethertype,
    payload,
  });
  const udp = (destinationPort: number, size: number): Uint8Array =>
    buildUdp({ sourcePort: 4000, destinationPort, payload: new Uint8Array(size) }, ends);
  const arp = (operation: "request" | "reply"): Uint8Array =>
    buildArp({ operation, senderMac: HER, sender: ends.source, targetMac: MAC_ZERO, target: ends.destination });
  const back = { source: ends.destination, destination: ends.source };
  const quoted = buildIpv4({ ...packet(17, udp(80, 8)), ...back }).subarray(0, 28);
  const pieces = fragment(packet(17, udp(80, 300)), 140);
  const datagrams = [
    packet(17, udp(80, 20)),
    packet(17, udp(9, 20)),
    packet(17, udp(80, 20), { destination: ip("192.0.2.255") }),
    packet(17, udp(80, 20), { options: Uint8Array.of(7, 3, 4, 1) }),
    packet(1, buildIcmp({ type: 8, code: 0, rest: 1, body: new Uint8Array(20) })),
    packet(1, buildIcmp({ type: 3, code: 3, rest: 0, body: quoted })),
    packet(1, buildIcmp({ type: 3, code: 4, rest: 900, body: quoted })),
    packet(99, new Uint8Array(20)),
    ...(pieces.ok ? pieces.value : []),
  ].map((one) => frame(0x0800, buildIpv4(one)));
  const tag = { protocol: 0x8100, priority: 0, dropEligible: false, vid: 5 } as const;
  const plain = [
    ...datagrams,
    frame(0x0806, arp("request"), MAC_BROADCAST),
    frame(0x0806, arp("reply")),
    frame(0x1234, udp(1, 1)),
  ];
  return [
    ...plain,
    ...plain.map((one) => pushTag(one, tag)),
    ...plain.slice(0, 3).map((one) => pushTag(one, { ...tag, vid: 0 })),
  ]
    .map(buildEthernet)
    .concat(capturedFrames());
}

/** Makes the header of a mutated IPv4 datagram right again, so that the mutation gets past the checksum. */
function repair(bytes: Uint8Array): void {
  const at = bytes[12] === 0x81 ? 18 : 14;
  const length = ((bytes[at] ?? 0) & 0xf) * 4;
  if (length < 20 || bytes.length < at + length) return;
  bytes.set([0, 0], at + 10);
  const sum = checksum(bytes.subarray(at, at + length));
  bytes.set([sum >>> 8, sum & 0xff], at + 10);
}

/** A frame: mutated mostly, random or untouched now and then. */
function nextFrame(good: readonly Uint8Array[], draw: (below: number) => number): Uint8Array {
  const kind = draw(16);
  if (kind === 0) return Uint8Array.from({ length: draw(120) }, () => draw(256));
  const bytes = (good[draw(good.length)] ?? new Uint8Array(0)).slice();
  if (kind === 1) return bytes;
  for (let flips = draw(6); flips >= 0; flips--) {
    // The headers are where it matters.
    const at = draw(draw(2) === 0 ? Math.min(60, bytes.length) : bytes.length);
    bytes[at] = draw(3) === 0 ? draw(256) : (bytes[at] ?? 0) ^ (1 << draw(8));
  }
  if (draw(3) > 0) repair(bytes);
  if (kind === 2) return bytes.subarray(0, draw(bytes.length));
  return bytes;
}

/** What a run saw; the assertions are inside. */
export interface Fuzzed {
  readonly frames: number;
  /** Ways in which frames ended. */
  readonly fates: readonly string[];
  readonly transmitted: number;
}

/**
 * Throws frames at a host with sockets of every kind. After each frame it must be accounted for; after `every` frames all
 * that can grow must be within its bounds, some time passes, and the readers read.
 */
export function fuzz(seed: number, frames: number, every: number): Fuzzed {
  const draw = draws(seed);
  const good = seeds();
  const h = host(1, { reassembly: { bytesMax: 200_000 }, neighbour: { entriesMax: 64, waitingBytesMax: 50_000 } });
  const { stack, eth } = h;
  withVlan(h, 5, "10.0.0.1");
  // Who the captured frames speak to.
  addAddress(stack, eth.ifindex, { address: ip("10.9.0.1"), bits: 24 });
  const [server, client] = [udpSocket(h), udpSocket(h)];
  for (const socket of [server, client]) socket.queue.rcvbuf = 20_000;
  assert(bindUdp(stack, server, { address: INADDR_ANY, port: 80 }).ok, "the server is bound");
  assert(connectUdp(stack, client, { address: ip("192.0.2.2"), port: 4000 }, 0).result.ok, "the client is connected");
  const raw = stack.raw.create(100_000, 1, 20_000);
  const tap = stack.packets.create(100_001, "SOCK_RAW", 0x1234, 20_000);
  const known = new Set([server.sk, client.sk, raw.sk, tap.sk]);
  const longest = eth.mtu + 18;
  /** Frames that were not yet told to have ended. */
  const open = new Set<number>();
  let transmitted = 0;
  let nowNs = 0;

  const check = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.t === "transmit") {
        transmitted++;
        assert(effect.ifindex === eth.ifindex, "only the real device transmits");
        assert(effect.frame.length >= 14 && effect.frame.length <= longest, "what is sent fits the device");
      } else if (effect.t === "fate") assert(open.delete(effect.ticket), "a frame ends once, and not before it came");
      else if ("sk" in effect) assert(known.has(effect.sk), "only sockets that exist are woken");
    }
  };

  for (let sent = 1; sent <= frames; sent++) {
    const frame = nextFrame(good, draw);
    const before = stack.rx.total() + stack.reassembler.held;
    open.add(sent);
    check(receive(stack, eth.ifindex, frame, nowNs, sent));
    assert(open.size === stack.reassembler.held, "the end of every frame is told, unless it waits");
    assert(
      stack.rx.total() + stack.reassembler.held === before + 1,
      `frame ${sent} of seed ${seed} ended once, or waits`,
    );
    frame.fill(0xee); // Its memory is used again: nothing may still look at it.
    if (sent % every !== 0) continue;
    nowNs += draw(4) * SECOND;
    check(tick(stack, nowNs));
    assert(unaccounted(stack) === 0, "every frame is accounted for");
    const sizes = sizesOf(stack);
    assert(sizes.neighbours <= 64 && sizes.neighbourBytes <= 50_000, "the neighbour table is bounded");
    assert(sizes.fragmentBytes <= 200_000, "reassembly is bounded");
    assert(sizes.pathMtus <= 1024 && sizes.icmpPeers <= 1024, "what is remembered of peers is bounded");
    assert(sizes.queueBytes <= 20_000 + 2000, "receive queues are bounded, one datagram beyond apart");
    for (const { queue } of [server, client, raw, tap]) if (draw(2) === 0) while (queue.shift() !== undefined);
  }
  // An hour later nothing waits any more.
  check(tick(stack, nowNs + 3600 * SECOND));
  assert(unaccounted(stack) === 0 && stack.reassembler.held === 0, "no frame is forgotten");
  return { frames: stack.received, fates: stack.rx.entries().map(([word]) => word), transmitted };
}
