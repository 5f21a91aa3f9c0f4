import { buildArp } from "../../services/abi/packet/arp.ts";
import { checksum } from "../../services/abi/packet/checksum.ts";
import { buildEthernet, type EthernetFrame } from "../../services/abi/packet/ethernet.ts";
import { fragment } from "../../services/abi/packet/fragment.ts";
import { buildIcmp } from "../../services/abi/packet/icmp.ts";
import { buildIpv4, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { MAC_ZERO, MAC_BROADCAST } from "../../services/abi/packet/mac.ts";
import { buildUdp } from "../../services/abi/packet/udp.ts";
import { pushTag } from "../../services/abi/packet/vlan.ts";
import { capturedFrames } from "./captures.ts";
import { ip, mac } from "./stack-harness.ts";

/** A small generator of numbers below a bound: the same seed gives the same run (xorshift32). */
export function draws(seed: number): (below: number) => number {
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
export function goodFrames(): readonly Uint8Array[] {
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
export function nextFrame(good: readonly Uint8Array[], draw: (below: number) => number): Uint8Array {
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
