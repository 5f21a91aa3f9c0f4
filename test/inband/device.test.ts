import { describe, expect, test } from "@jest/globals";
import { Devices, LOOPBACK_IFINDEX } from "../../services/inband/model/device.ts";
import { IcmpLimit } from "../../services/inband/model/icmp/limit.ts";
import { errorOf } from "../../services/inband/model/icmp/error-errno.ts";
import { mayReport, type Offence } from "../../services/inband/model/icmp/rules.ts";
import { parseQuotedIpv4 } from "../../services/abi/packet/ipv4.ts";
import type { Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { SECOND, bytes, ip, mac, there } from "./stack-harness.ts";

describe("devices", () => {
  const MAC = mac("02:00:00:00:00:01");
  const withEth = (): { devices: Devices; eth: number } => {
    const devices = new Devices();
    const added = devices.addEthernet("eth0", MAC, 1500);
    return { devices, eth: added.ok ? added.value.ifindex : 0 };
  };
  const what = (changes: ReturnType<Devices["up"]>): unknown =>
    changes.ok ? changes.value.map((change) => `${change.ifindex} ${change.what}`) : changes.errno;

  test("loopback is the first, and names are taken once", () => {
    const { devices } = withEth();
    expect(devices.byName("lo")).toMatchObject({ ifindex: LOOPBACK_IFINDEX, mtu: 65_536, carrier: true });
    expect(devices.addEthernet("lo", MAC, 1500)).toEqual({ ok: false, errno: "EEXIST" });
    expect(devices.addEthernet("eth1", MAC, 67)).toEqual({ ok: false, errno: "EINVAL" });
  });

  test("a VLAN device comes up and goes down with the one below, in the right order", () => {
    const { devices, eth } = withEth();
    expect(devices.addVlan("v5", eth, 5, 0x8100).ok).toBe(true);
    expect(devices.up(3)).toEqual({ ok: false, errno: "ENETDOWN" });
    expect(what(devices.up(eth))).toEqual(["2 up", "3 up"]);
    expect(what(devices.up(eth))).toEqual([]);
    expect(devices.setCarrier(eth, true)).toMatchObject({
      value: [{ ifindex: 2 }, { ifindex: 3, what: "carrier_on" }],
    });
    expect(devices.at(3)?.carrier).toBe(true);
    expect(devices.remove(eth)).toEqual({ ok: false, errno: "EBUSY" });
    expect(what(devices.down(eth))).toEqual(["3 down", "2 down"]);
    devices.up(eth);
    expect([what(devices.down(3)), what(devices.down(3)), what(devices.down(eth))]).toEqual([
      ["3 down"],
      [],
      ["2 down"],
    ]);
    expect([devices.remove(3).ok, devices.remove(eth).ok]).toEqual([true, true]);
    expect(devices.remove(LOOPBACK_IFINDEX)).toEqual({ ok: false, errno: "EBUSY" });
    expect(devices.up(eth)).toEqual({ ok: false, errno: "ENODEV" });
  });

  test("VLAN ids are 1 to 4094, one device for each tag, none over loopback or nothing", () => {
    const { devices, eth } = withEth();
    for (const vid of [0, 4095]) expect(devices.addVlan("v", eth, vid, 0x8100)).toEqual({ ok: false, errno: "EINVAL" });
    expect(devices.addVlan("v", LOOPBACK_IFINDEX, 5, 0x8100)).toEqual({ ok: false, errno: "EINVAL" });
    expect(devices.addVlan("v", 77, 5, 0x8100)).toEqual({ ok: false, errno: "ENODEV" });
    expect(devices.addVlan("v", eth, 5, 0x8100).ok).toBe(true);
    expect(devices.addVlan("w", eth, 5, 0x8100)).toEqual({ ok: false, errno: "EEXIST" });
    expect(devices.addVlan("w", eth, 5, 0x88a8).ok).toBe(true);
    expect(devices.vlanOf(eth, 0x88a8, 5)?.name).toBe("w");
  });

  test("the MTU of a VLAN device follows that of the device below downwards only", () => {
    const { devices, eth } = withEth();
    devices.addVlan("v5", eth, 5, 0x8100);
    expect(devices.setMtu(3, 1501)).toEqual({ ok: false, errno: "EINVAL" });
    expect(devices.setMtu(eth, 1400)).toMatchObject({ value: [{ ifindex: 2 }, { ifindex: 3 }] });
    devices.setMtu(eth, 1500);
    expect([devices.at(2)?.mtu, devices.at(3)?.mtu]).toEqual([1500, 1400]);
  });
});

describe("ICMP errors", () => {
  const offence = (more: Partial<Offence["packet"]> = {}, rest: Partial<Offence> = {}): Offence => ({
    packet: {
      ...there(parseQuotedIpv4(bytes("45000014 00000000 40110000 c0000201 c0000202"))),
      ...more,
    },
    type: "PACKET_HOST",
    destination: "local",
    overLoopback: false,
    ...rest,
  });

  test("are sent about a datagram from one host to this one, and about nothing that RFC 1122 §3.2.2 lists", () => {
    expect(mayReport(offence())).toBe(true);
    expect(mayReport(offence({ protocol: 1, payload: bytes("08") }))).toBe(true);
    for (const type of ["03", "04", "05", "0b", "0c", ""])
      expect(mayReport(offence({ protocol: 1, payload: bytes(type) }))).toBe(false);
    expect(mayReport(offence({ fragmentOffset: 8 }))).toBe(false);
    expect(mayReport(offence({ fragmentOffset: 0, moreFragments: true }))).toBe(true);
    expect(mayReport(offence({}, { type: "PACKET_BROADCAST" }))).toBe(false);
    expect(mayReport(offence({}, { type: "PACKET_MULTICAST" }))).toBe(false);
    expect(mayReport(offence({}, { destination: "broadcast" }))).toBe(false);
    for (const destination of ["255.255.255.255", "224.0.0.1"])
      expect(mayReport(offence({ destination: ip(destination) }))).toBe(false);
    for (const source of ["0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "127.0.0.1"])
      expect(mayReport(offence({ source: ip(source) }))).toBe(false);
    expect(mayReport(offence({ source: ip("127.0.0.1") }, { overLoopback: true }))).toBe(true);
  });

  test("to one peer: six at once, then one a second; to all: fifty at once; and few peers are remembered", () => {
    const limit = new IcmpLimit();
    const take = (peer: number, nowNs: number): boolean => limit.take(peer as Ipv4Address, nowNs);
    expect(Array.from({ length: 8 }, () => take(1, 0)).filter(Boolean)).toHaveLength(6);
    expect([take(1, SECOND - 1), take(1, SECOND), take(1, SECOND)]).toEqual([false, true, false]);
    expect(Array.from({ length: 80 }, (_, peer) => take(peer + 10, SECOND)).filter(Boolean)).toHaveLength(49);
    for (let peer = 0; peer < 3000; peer++) take(peer, (2 + peer) * SECOND);
    expect(limit.peers).toBe(1024);
  });

  test("become the errno that Linux gives a connected socket", () => {
    expect([0, 1, 2, 3, 4, 7, 8, 13, 99].map((code) => errorOf(3, code)?.errno)).toEqual([
      "ENETUNREACH",
      "EHOSTUNREACH",
      "ENOPROTOOPT",
      "ECONNREFUSED",
      "EMSGSIZE",
      "EHOSTDOWN",
      "ENONET",
      "EHOSTUNREACH",
      "EHOSTUNREACH",
    ]);
    expect([errorOf(3, 1)?.hard, errorOf(3, 3)?.hard, errorOf(11, 0)?.hard]).toEqual([false, true, false]);
    expect(errorOf(5, 0)).toBeUndefined();
  });
});
