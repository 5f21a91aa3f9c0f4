import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import type { Mac } from "../../services/abi/packet/mac.ts";
import { FrontCache, type FrontRoute } from "../../services/companion/model/front-cache.ts";
import { EVL_RX, filterInput } from "../../services/companion/model/input-filter.ts";
import {
  decodeCount,
  decodeReceive,
  decodeReceived,
  decodeSend,
  encodeCount,
  encodeReceive,
  encodeReceived,
  encodeSend,
} from "../../services/companion/model/message.ts";
import { UdpSlots } from "../../services/companion/model/udp-slots.ts";
import { parseVlans, vlansText } from "../../services/companion/model/vlan-map.ts";
import { frame } from "./net-harness.ts";

/** Runs come from this seed, so that a failure here is a failure everywhere. */
const SEED = 20_261_122;
const u32 = fc.nat(0xffff_ffff);
const bytes = fc.uint8Array({ maxLength: 60 });

describe("the message header of sock_oob_ioctl", () => {
  test("is read as it was written", () => {
    const timeoutNs = fc.nat(Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(u32, timeoutNs, u32, bytes, bytes, (flags, timeout, count, addr, data) => {
        const send = { flags, timeoutNs: timeout, addr, data };
        expect(decodeSend(encodeSend(send))).toEqual(send);
        const rooms = { controllen: count, namelen: flags, noName: flags % 2 === 0 };
        const receive = { flags, timeoutNs: timeout, count, ...rooms };
        expect(decodeReceive(encodeReceive(receive))).toEqual(receive);
        const times = { deviceNs: timeout, queuingNs: timeout, deliveryNs: timeout };
        const received = { flags, length: count, controllen: count, times, addr, data };
        expect(decodeReceived(encodeReceived(received))).toEqual(received);
        expect(decodeCount(encodeCount(count))).toBe(count);
      }),
      { seed: SEED },
    );
  });

  test("any other bytes are none, and nothing throws", () => {
    fc.assert(
      fc.property(bytes, (any) => {
        expect(decodeSend(any) === undefined || any.length >= 16).toBe(true);
        expect(decodeReceive(any) === undefined || any.length === 28).toBe(true);
        expect(decodeReceived(any) === undefined || any.length >= 40).toBe(true);
        expect(decodeCount(any) === undefined || any.length === 4).toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

describe("the filter", () => {
  const rules = { portOnReal: true, vlans: new Set([42]) };

  test.each([
    ["drops", EVL_RX.EVL_RX_DROP, "drop"],
    ["accepts", EVL_RX.EVL_RX_ACCEPT, "accept"],
    ["skips", EVL_RX.EVL_RX_SKIP, "skip"],
    ["goes by VLANs", EVL_RX.EVL_RX_VLAN, "skip"],
    ["answers anything else", 77, "skip"],
  ])("a program that %s has the last word over the rule without one", (_what, action, verdict) => {
    expect(filterInput(frame(), { ...rules, program: () => action }).t).toBe(verdict);
  });

  test("decides about any bytes without throwing, and picks nothing but IPv4", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (any, portOnReal) => {
        const verdict = filterInput(any, { program: undefined, portOnReal, vlans: new Set([42]) });
        expect(verdict.t !== "accept" || verdict.frame.ethertype === 0x0800).toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

test("a VLAN map is printed as the list that makes it again", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 4094 })), (ids) => {
      const again = parseVlans(vlansText(new Set(ids)));
      expect([...(again ?? [])].sort((a, b) => a - b)).toEqual([...ids].sort((a, b) => a - b));
    }),
    { seed: SEED },
  );
});

describe("the front caches", () => {
  const routeTo = (destination: number): FrontRoute => ({
    destination: destination as Ipv4Address,
    source: 1 as Ipv4Address,
    dev: "eth0",
    nexthop: destination as Ipv4Address,
    mtu: 1500,
    gateway: false,
    broadcast: false,
  });

  test("never hold more than they may: what was learnt first goes", () => {
    const cache = new FrontCache();
    for (let n = 1; n <= 5000; n += 1) cache.learnRoute(routeTo(n));
    expect(cache.routes()).toHaveLength(4096);
    expect([cache.route(904 as Ipv4Address), cache.route(905 as Ipv4Address)?.destination]).toEqual([undefined, 905]);
  });

  test("a multicast needs no neighbour, its link address says it all", () => {
    const cache = new FrontCache();
    const group = 0xe000_0001;
    expect(cache.linkOf(routeTo(group))).toBe(0x0100_5e00_0001);
    expect(cache.linkOf(routeTo(7))).toBeUndefined();
    cache.learnNeighbour({ dev: "eth0", address: 7 as Ipv4Address, mac: 9 as Mac });
    expect(cache.linkOf(routeTo(7))).toBe(9);
    expect(cache.linkOf({ ...routeTo(7), dev: "eth1" })).toBeUndefined();
  });
});

test("a slot is shared by all that are bound to its port, in their order, and lasts as long as one of them is", () => {
  const slots = new UdpSlots<string>();
  const end = { address: 1 as Ipv4Address, port: 7 };
  for (const name of ["a", "b", "a"]) slots.add(end, name);
  slots.add({ ...end, address: 0 as Ipv4Address }, "any");
  expect(slots.candidates(end)).toEqual(["a", "b", "any"]);
  slots.remove(end, "a");
  slots.remove(end, "nobody");
  expect(slots.candidates(end)).toEqual(["b", "any"]);
  expect(slots.candidates({ ...end, port: 8 })).toEqual([]);
});
