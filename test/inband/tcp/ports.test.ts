import { describe, expect, test } from "@jest/globals";
import { ILLUMOS_PORTS, LINUX_PORTS, PortChooser } from "../../../services/inband/model/tcp/ports.ts";
import { sipKeyOf } from "../../../services/inband/model/tcp/siphash.ts";
import { ip } from "../stack-harness.ts";

const HERE = ip("10.0.0.1");
const web = { address: ip("10.0.0.2"), port: 80 };
const mail = { address: ip("10.0.0.3"), port: 25 };
const always = (): boolean => true;

describe("ports for sockets that name none", () => {
  test("towards one destination none comes again before all have come", () => {
    const chooser = new PortChooser(sipKeyOf("secret"));
    const range = { first: 50000, last: 50199 };
    const seen = new Set(Array.from({ length: 200 }, () => chooser.choose(range, HERE, web, always)));
    expect(seen.size).toBe(200);
    expect(Math.min(...[...seen].map((port) => port ?? 0))).toBe(50000);
    expect(Math.max(...[...seen].map((port) => port ?? 0))).toBe(50199);
  });

  test("what other destinations are given shows nothing of it, and another secret begins elsewhere", () => {
    const chooser = new PortChooser(sipKeyOf("secret"));
    const first = chooser.choose(LINUX_PORTS, HERE, web, always) ?? 0;
    for (let n = 0; n < 10; n++) chooser.choose(LINUX_PORTS, HERE, mail, always);
    expect(chooser.choose(LINUX_PORTS, HERE, web, always)).toBe(first === 60999 ? 32768 : first + 1);
    expect(new PortChooser(sipKeyOf("secret")).choose(LINUX_PORTS, HERE, web, always)).toBe(first);
    expect(new PortChooser(sipKeyOf("other")).choose(LINUX_PORTS, HERE, web, always)).not.toBe(first);
  });

  test("ports in use are passed over, and there may be none", () => {
    const chooser = new PortChooser(sipKeyOf("secret"));
    const range = { first: 1, last: 10 };
    const used = new Set<number>();
    const choose = (): number | undefined => chooser.choose(range, HERE, web, (port) => !used.has(port));
    for (let n = 0; n < 10; n++) used.add(choose() ?? 0);
    expect([...used].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(choose()).toBeUndefined();
    used.delete(4);
    expect(choose()).toBe(4);
  });

  test("first ports are spread over the whole range", () => {
    const quarters = new Set<number>();
    for (let n = 0; n < 64; n++) {
      const port = new PortChooser(sipKeyOf(`secret ${n}`)).choose(ILLUMOS_PORTS, HERE, web, always) ?? 0;
      expect(port).toBeGreaterThanOrEqual(32768);
      expect(port).toBeLessThanOrEqual(65535);
      quarters.add((port - 32768) >> 13);
    }
    expect(quarters.size).toBe(4);
  });
});
