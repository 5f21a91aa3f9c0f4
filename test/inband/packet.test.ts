import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildArp, isGratuitous, parseArp, type ArpPacket } from "../../services/abi/packet/arp.ts";
import { checksum, foldSum, replacedInChecksum, sumWords } from "../../services/abi/packet/checksum.ts";
import { buildEthernet, parseEthernet, protocolOf } from "../../services/abi/packet/ethernet.ts";
import { buildEchoReply, buildIcmp, parseIcmp } from "../../services/abi/packet/icmp.ts";
import { ipv4AddressText, parseIpv4Address, type Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { broadcastOf, multicastMac, networkOf } from "../../services/abi/packet/ipv4-address.ts";
import { buildIpv4, parseIpv4, parseQuotedIpv4, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { isGroupMac, macText, parseMac, type Mac } from "../../services/abi/packet/mac.ts";
import { buildUdp, parseUdp } from "../../services/abi/packet/udp.ts";
import { pushTag, untag } from "../../services/abi/packet/vlan.ts";
import { bytes, ip, mac, there } from "./stack-harness.ts";

const address = fc.integer({ min: 0, max: 0xffff_ffff }).map((value) => value as Ipv4Address);
const station = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((value) => value as Mac);
const word = fc.integer({ min: 0, max: 0xffff });
const octet = fc.integer({ min: 0, max: 0xff });
const data = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

const ipv4Packet: fc.Arbitrary<Ipv4Packet> = fc.record({
  tos: octet,
  identification: word,
  dontFragment: fc.boolean(),
  moreFragments: fc.boolean(),
  fragmentOffset: fc.integer({ min: 0, max: 0x1fff }).map((units) => units * 8),
  ttl: octet,
  protocol: octet,
  source: address,
  destination: address,
  options: fc
    .integer({ min: 0, max: 10 })
    .chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
  payload: data(200),
});

describe("addresses", () => {
  test("their text is read back as the same value, and everything else is refused", () => {
    fc.assert(fc.property(address, (value) => parseIpv4Address(ipv4AddressText(value)) === value));
    fc.assert(fc.property(station, (value) => parseMac(macText(value)) === value));
    for (const text of ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.x", " 1.2.3.4"])
      expect(parseIpv4Address(text)).toBeUndefined();
    for (const text of ["", "02:00:00:00:00", "02:00:00:00:00:0g", "020000000001"])
      expect(parseMac(text)).toBeUndefined();
  });

  test("prefixes, broadcasts and groups are what the RFCs say", () => {
    expect(ipv4AddressText(networkOf(ip("192.0.2.77"), 26))).toBe("192.0.2.64");
    expect(ipv4AddressText(broadcastOf(ip("192.0.2.77"), 26))).toBe("192.0.2.127");
    expect(networkOf(ip("192.0.2.77"), 0)).toBe(0);
    expect(macText(multicastMac(ip("239.129.2.3")))).toBe("01:00:5e:01:02:03");
    expect(isGroupMac(mac("01:00:5e:00:00:01"))).toBe(true);
    expect(isGroupMac(mac("02:00:5e:00:00:01"))).toBe(false);
  });
});

describe("the internet checksum", () => {
  test("adds up the example of RFC 1071 §3", () => {
    expect(foldSum(sumWords(bytes("0001 f203 f4f5 f6f7")))).toBe(0xddf2);
  });

  test("is the one in the header that everybody knows", () => {
    const header = bytes("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7");
    expect(checksum(header)).toBe(0);
    header.set([0, 0], 10);
    expect(checksum(header)).toBe(0xb861);
  });

  test("follows one replaced word as if all were added again, also in the case of RFC 1624 §4", () => {
    expect(replacedInChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 40 }), word, (data, to) => {
        fc.pre(data.some((byte, at) => at > 1 && byte !== 0));
        const before = checksum(data);
        const from = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
        data.set([to >>> 8, to & 0xff]);
        expect(replacedInChecksum(before, from, to) % 0xffff).toBe(checksum(data) % 0xffff);
      }),
    );
  });
});

describe("what is built is parsed as the same", () => {
  test("Ethernet, with tags pushed and taken off", () => {
    const frames = fc.record({ destination: station, source: station, ethertype: word, payload: data(100) });
    fc.assert(
      fc.property(frames, fc.integer({ min: 0, max: 7 }), fc.boolean(), (frame, priority, dropEligible) => {
        expect(parseEthernet(buildEthernet(frame))).toEqual({ ok: true, packet: frame });
        const tag = { protocol: 0x88a8, priority, dropEligible, vid: 4094 } as const;
        const inner = { ...tag, protocol: 0x8100, vid: 1 } as const;
        const twice = parseEthernet(buildEthernet(pushTag(pushTag(frame, inner), tag)));
        const once = untag(twice.ok ? twice.packet : frame, 0x88a8);
        expect(once).toMatchObject({ ok: true, packet: { tag, frame: { ethertype: 0x8100 } } });
        expect(untag(once.ok ? once.packet.frame : frame, 0x8100)).toEqual({ ok: true, packet: { tag: inner, frame } });
      }),
    );
  });

  test("ARP, whatever padding follows", () => {
    const packets: fc.Arbitrary<ArpPacket> = fc.record({
      operation: fc.constantFrom("request", "reply"),
      senderMac: station,
      sender: address,
      targetMac: station,
      target: address,
    });
    fc.assert(
      fc.property(packets, data(18), (packet, padding) => {
        expect(parseArp(Uint8Array.from([...buildArp(packet), ...padding]))).toEqual({ ok: true, packet });
      }),
    );
  });

  test("IPv4 with options, whatever padding follows", () => {
    fc.assert(
      fc.property(ipv4Packet, data(18), (packet, padding) => {
        const built = buildIpv4(packet);
        expect(parseIpv4(Uint8Array.from([...built, ...padding]))).toEqual({ ok: true, packet });
        expect(parseQuotedIpv4(built.subarray(0, built.length - Math.min(packet.payload.length, 8)))).toMatchObject({
          source: packet.source,
          protocol: packet.protocol,
        });
      }),
    );
  });

  test("ICMP, and a reply to an echo is the request with another type and a right checksum", () => {
    const packets = fc.record({
      type: octet,
      code: octet,
      rest: fc.integer({ min: 0, max: 0xffff_ffff }),
      body: data(60),
    });
    fc.assert(
      fc.property(packets, (packet) => {
        expect(parseIcmp(buildIcmp(packet))).toEqual({ ok: true, packet });
        const reply = buildEchoReply(buildIcmp({ ...packet, type: 8 }));
        expect(parseIcmp(reply)).toEqual({ ok: true, packet: { ...packet, type: 0 } });
      }),
    );
  });

  test("an echo that is zero throughout is answered with a right checksum, too", () => {
    const reply = buildEchoReply(buildIcmp({ type: 8, code: 0, rest: 0, body: new Uint8Array(8) }));
    expect(parseIcmp(reply).ok).toBe(true);
  });

  test("UDP, also without a checksum", () => {
    const packets = fc.record({ sourcePort: word, destinationPort: word, payload: data(60) });
    fc.assert(
      fc.property(packets, address, address, data(4), (packet, source, destination, padding) => {
        const built = buildUdp(packet, { source, destination });
        expect(parseUdp(Uint8Array.from([...built, ...padding]), { source, destination })).toEqual({
          ok: true,
          packet,
        });
        expect(built[6] !== 0 || built[7] !== 0).toBe(true);
        built.set([0, 0], 6);
        expect(parseUdp(built, { source, destination })).toEqual({ ok: true, packet });
      }),
    );
  });
});

describe("what is wrong is named", () => {
  const good = buildIpv4({
    tos: 0,
    identification: 1,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: 17,
    source: ip("192.0.2.1"),
    destination: ip("192.0.2.2"),
    options: new Uint8Array(4),
    payload: new Uint8Array(10),
  });
  /** A changed copy whose header checksum is right again. */
  const changed = (change: (packet: Uint8Array) => void): Uint8Array => {
    const packet = good.slice();
    change(packet);
    packet.set([0, 0], 10);
    const sum = checksum(packet.subarray(0, ((packet[0] ?? 0) & 0xf) * 4));
    packet.set([sum >>> 8, sum & 0xff], 10);
    return packet;
  };

  test.each<[string, Uint8Array]>([
    ["ipv4_short", good.subarray(0, 19)],
    ["ipv4_short", good.subarray(0, 22)],
    ["ipv4_version", changed((packet) => (packet[0] = 0x66))],
    ["ipv4_header_length", changed((packet) => (packet[0] = 0x44))],
    ["ipv4_checksum", good.map((byte, at) => (at === 8 ? byte ^ 1 : byte))],
    ["ipv4_truncated", good.subarray(0, good.length - 1)],
    ["ipv4_total_length", changed((packet) => packet.set([0, 23], 2))],
  ])("IPv4: %s", (drop, packet) => {
    expect(parseIpv4(packet)).toEqual({ ok: false, drop });
  });

  const arp = buildArp({
    operation: "request",
    senderMac: mac("02:00:00:00:00:01"),
    sender: ip("192.0.2.1"),
    targetMac: mac("00:00:00:00:00:00"),
    target: ip("192.0.2.1"),
  });
  const arpWith = (at: number, value: number): Uint8Array => arp.map((byte, index) => (index === at ? value : byte));
  test.each<[string, Uint8Array]>([
    ["arp_short", arp.subarray(0, 27)],
    ["arp_hardware", arpWith(1, 6)],
    ["arp_hardware", arpWith(4, 8)],
    ["arp_protocol", arpWith(2, 0x86)],
    ["arp_protocol", arpWith(5, 16)],
    ["arp_operation", arpWith(7, 3)],
  ])("ARP: %s", (drop, packet) => {
    expect(parseArp(packet)).toEqual({ ok: false, drop });
  });

  test("a gratuitous reply names itself as the target, too", () => {
    const request = parseArp(arp);
    const packet = there(request.ok ? request.packet : undefined);
    expect(isGratuitous(packet)).toBe(true);
    expect(isGratuitous({ ...packet, operation: "reply" })).toBe(false);
    expect(isGratuitous({ ...packet, operation: "reply", targetMac: packet.senderMac })).toBe(true);
  });

  const ends = { source: ip("192.0.2.1"), destination: ip("192.0.2.2") };
  const udp = buildUdp({ sourcePort: 1, destinationPort: 2, payload: new Uint8Array(3) }, ends);
  test.each<[string, Uint8Array]>([
    ["udp_short", udp.subarray(0, 7)],
    ["udp_length", udp.subarray(0, 10)],
    ["udp_length", udp.map((byte, at) => (at === 5 ? 7 : byte))],
    ["udp_checksum", udp.map((byte, at) => (at === 9 ? 1 : byte))],
  ])("UDP: %s", (drop, packet) => {
    expect(parseUdp(packet, ends)).toEqual({ ok: false, drop });
  });

  test("the others: too short, or a wrong checksum", () => {
    expect(parseEthernet(new Uint8Array(13))).toEqual({ ok: false, drop: "ethernet_short" });
    const frame = { destination: 0 as Mac, source: 0 as Mac, ethertype: 0x8100, payload: new Uint8Array(3) };
    expect(untag(frame, 0x8100)).toEqual({ ok: false, drop: "vlan_short" });
    expect(protocolOf({ ...frame, ethertype: 46 })).toBe(4);
    expect(parseIcmp(new Uint8Array(7))).toEqual({ ok: false, drop: "icmp_short" });
    expect(parseIcmp(new Uint8Array(8))).toEqual({ ok: false, drop: "icmp_checksum" });
  });

  test("nothing throws on any bytes, and what is given out lies inside of them", () => {
    fc.assert(
      fc.property(data(80), (junk) => {
        for (const result of [
          parseEthernet(junk),
          parseIpv4(junk),
          parseArp(junk),
          parseIcmp(junk),
          parseUdp(junk, ends),
        ]) {
          if (!result.ok || !("payload" in result.packet)) continue;
          const { payload } = result.packet;
          expect(payload.buffer).toBe(junk.buffer);
          expect(payload.byteOffset + payload.length).toBeLessThanOrEqual(junk.byteOffset + junk.length);
        }
        parseQuotedIpv4(junk);
      }),
      { numRuns: 1000 },
    );
  });
});
