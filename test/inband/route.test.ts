import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { maskOf, networkOf, type Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { PathMtus } from "../../services/inband/model/path-mtu.ts";
import { RouteTables, type Route } from "../../services/inband/model/route.ts";
import { SECOND, ip } from "./stack-harness.ts";

const route = (destination: string, bits: number, more: Partial<Route> = {}): Route => ({
  type: "unicast",
  destination: ip(destination),
  bits,
  ifindex: 2,
  gateway: undefined,
  metric: 0,
  source: undefined,
  ...more,
});

describe("routes", () => {
  test("the longest prefix wins, then the lower metric, and a default route takes the rest", () => {
    const routes = new RouteTables();
    routes.add(route("192.0.2.0", 24));
    routes.add(route("192.0.2.128", 25, { metric: 20 }));
    routes.add(route("192.0.2.128", 25, { metric: 10, ifindex: 3 }));
    routes.add(route("0.0.0.0", 0, { gateway: ip("192.0.2.1") }));
    expect(routes.lookup(ip("192.0.2.5"))?.bits).toBe(24);
    expect(routes.lookup(ip("192.0.2.200"))?.ifindex).toBe(3);
    expect(routes.lookup(ip("192.0.2.200"), 2)?.metric).toBe(20);
    expect(routes.lookup(ip("198.51.100.1"))?.gateway).toBe(ip("192.0.2.1"));
  });

  test("this host's own addresses come first, whatever main says, and on whatever device is asked for", () => {
    const routes = new RouteTables();
    routes.add(route("192.0.2.1", 32, { type: "local" }));
    routes.add(route("192.0.2.1", 32, { ifindex: 3 }));
    expect(routes.lookup(ip("192.0.2.1"))?.type).toBe("local");
    expect(routes.lookup(ip("192.0.2.1"), 3)?.type).toBe("local");
    expect(routes.typeOf(ip("192.0.2.1"))).toBe("local");
    expect(routes.typeOf(ip("192.0.2.2"))).toBe("unicast");
    expect(routes.lookup(ip("192.0.2.2"))).toBeUndefined();
  });

  test("what is refused: stray bits, a gateway that is not on the link; and the same route twice changes nothing", () => {
    const routes = new RouteTables();
    expect(routes.add(route("192.0.2.1", 24))).toEqual({ ok: false, errno: "EINVAL" });
    const viaNowhere = route("0.0.0.0", 0, { gateway: ip("192.0.2.1") });
    expect(routes.add(viaNowhere)).toEqual({ ok: false, errno: "ENETUNREACH" });
    expect(routes.add(route("192.0.2.0", 24))).toEqual({ ok: true, value: true });
    expect(routes.add(route("192.0.2.0", 24))).toEqual({ ok: true, value: false });
    expect(routes.add({ ...viaNowhere, ifindex: 3 })).toEqual({ ok: false, errno: "ENETUNREACH" });
    expect(routes.add(viaNowhere).ok).toBe(true);
    expect(routes.add(route("198.51.100.0", 24, { gateway: ip("203.0.113.1") }))).toEqual({
      ok: false,
      errno: "ENETUNREACH",
    });
    expect(routes.remove(route("192.0.2.0", 25))).toEqual({ ok: false, errno: "ESRCH" });
    expect(routes.remove(viaNowhere).ok).toBe(true);
    expect(routes.flush(2)).toHaveLength(1);
    expect(routes.all()).toEqual([]);
  });

  test("a lookup finds what a search through all routes finds", () => {
    // Few values, so that prefixes nest and routes compete.
    const address = fc.integer({ min: 0, max: 63 }).map((value) => (((value & 0x38) << 26) | (value & 7)) >>> 0);
    const some = fc.record({
      address,
      bits: fc.constantFrom(0, 1, 2, 3, 8, 29, 30, 31, 32),
      ifindex: fc.integer({ min: 2, max: 3 }),
      metric: fc.integer({ min: 0, max: 2 }),
      type: fc.constantFrom("unicast" as const, "local" as const, "unreachable" as const, "broadcast" as const),
    });
    const device = fc.constantFrom(undefined, 2, 3);
    fc.assert(
      fc.property(fc.array(some, { maxLength: 25 }), address, device, (list, wanted, ifindex) => {
        const routes = new RouteTables();
        const added: Route[] = [];
        for (const { address: value, bits, ...rest } of list) {
          const destination = networkOf(value as Ipv4Address, bits);
          const one = { ...route("0.0.0.0", bits), ...rest, destination };
          const result = routes.add(one);
          if (result.ok && result.value) added.push(one);
        }
        const inTable = (local: boolean): Route | undefined =>
          added
            .filter(({ type }) => (type === "local" || type === "broadcast") === local)
            .filter((one) => (wanted & maskOf(one.bits)) >>> 0 === one.destination)
            .filter((one) => ifindex === undefined || one.ifindex === ifindex || one.type === "local")
            .sort((a, b) => b.bits - a.bits || a.metric - b.metric)[0];
        expect(routes.lookup(wanted as Ipv4Address, ifindex)).toEqual(inTable(true) ?? inTable(false));
      }),
      { numRuns: 500 },
    );
  });
});

describe("path MTUs", () => {
  test("a smaller one is remembered for ten minutes, a larger one is not believed, none goes below 552", () => {
    const mtus = new PathMtus();
    const far = ip("198.51.100.1");
    mtus.learn(far, 1400, 1500, 0);
    mtus.learn(far, 1450, 1500, 0);
    expect(mtus.of(far, 1500, 1)).toBe(1400);
    mtus.learn(far, 68, 1500, 0);
    expect(mtus.of(far, 1500, 1)).toBe(552);
    expect(mtus.of(far, 500, 1)).toBe(500);
    expect(mtus.of(far, 1500, 600 * SECOND)).toBe(1500);
  });

  test("the oldest is forgotten when there are too many", () => {
    const mtus = new PathMtus();
    for (let at = 1; at <= 2000; at++) mtus.learn(at as Ipv4Address, 1000, 1500, 0);
    expect(mtus.size).toBe(1024);
    expect(mtus.of(1 as Ipv4Address, 1500, 0)).toBe(1500);
    expect(mtus.of(2000 as Ipv4Address, 1500, 0)).toBe(1000);
  });
});
