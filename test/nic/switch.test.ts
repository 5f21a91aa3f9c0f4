import { describe, expect, test } from "@jest/globals";
import { createSwitch, type SwitchLimits } from "../../services/nic/wires/switch.ts";
import { manualClock } from "../kit.ts";
import { fakeLink, type FakeLink } from "./nic-harness.ts";

const MAC = { a: [2, 0, 0, 0, 0, 1], b: [2, 0, 0, 0, 0, 2], c: [2, 0, 0, 0, 0, 3] } as const;
const BROADCAST = [255, 255, 255, 255, 255, 255];

const frame = (destination: readonly number[], source: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(60);
  bytes.set([...destination, ...source, 0x08, 0x00]);
  return bytes;
};

function fixture(limits?: SwitchLimits) {
  const clock = manualClock();
  const a = fakeLink(clock);
  const b = fakeLink(clock);
  const c = fakeLink(clock);
  const ports = new Map([
    ["a", a.port],
    ["b", b.port],
    ["c", c.port],
  ]);
  const lan = createSwitch(clock, ports, limits);
  const got = (): number[] => [a, b, c].map((link: FakeLink) => link.out.splice(0).length);
  const count = (where: string, name: string): number =>
    lan.counters().find((one) => one.where === where && one.name === name)?.count ?? 0;
  return { clock, a, b, c, got, count };
}

describe("a switch", () => {
  test("floods what it does not know, never back, and forwards to one port what it has learnt", async () => {
    const { a, b, got, count } = fixture();
    await a.arrive(frame(MAC.b, MAC.a));
    expect(got()).toEqual([0, 1, 1]);
    await b.arrive(frame(MAC.a, MAC.b));
    expect(got()).toEqual([1, 0, 0]);
    await a.arrive(frame(MAC.b, MAC.a));
    expect(got()).toEqual([0, 1, 0]);
    expect(count("a", "flooded")).toBe(1);
    expect([count("a", "rx"), count("b", "tx"), count("c", "tx")]).toEqual([2, 2, 1]);
  });

  test("floods broadcasts and other groups also when it knows everybody", async () => {
    const { a, b, c, got } = fixture();
    await a.arrive(frame(BROADCAST, MAC.a));
    await b.arrive(frame(BROADCAST, MAC.b));
    await c.arrive(frame([1, 0, 0x5e, 0, 0, 1], MAC.c));
    expect(got()).toEqual([2, 2, 2]);
  });

  test("keeps to itself what both ends are behind one port for, and what is for the next neighbour alone", async () => {
    const { a, got, count } = fixture();
    await a.arrive(frame(BROADCAST, MAC.a), frame(BROADCAST, MAC.b));
    got();
    await a.arrive(frame(MAC.b, MAC.a), frame([1, 0x80, 0xc2, 0, 0, 0x0e], MAC.a));
    expect(got()).toEqual([0, 0, 0]);
    expect([count("a", "same_port"), count("a", "link_local")]).toEqual([1, 1]);
  });

  test("follows an address that moves to another port", async () => {
    const { a, b, c, got } = fixture();
    await a.arrive(frame(BROADCAST, MAC.a));
    await c.arrive(frame(BROADCAST, MAC.a));
    got();
    await b.arrive(frame(MAC.a, MAC.b));
    expect(got()).toEqual([0, 0, 1]);
  });

  test("forgets an address that was not seen for 300 seconds, and not before", async () => {
    const { clock, a, b, got } = fixture();
    await a.arrive(frame(BROADCAST, MAC.a));
    got();
    await clock.advance(299e9);
    await b.arrive(frame(MAC.a, MAC.b));
    expect(got()).toEqual([1, 0, 0]);
    await clock.advance(1e9);
    await b.arrive(frame(MAC.a, MAC.b));
    expect(got()).toEqual([1, 0, 1]);
  });

  test("is not filled up by somebody who makes addresses up: those it knew stay, the others are flooded", async () => {
    const { clock, a, b, c, got, count } = fixture({ ageingNs: 300e9, entriesMax: 4 });
    await a.arrive(frame(BROADCAST, MAC.a));
    for (let made = 0; made < 100; made++) await c.arrive(frame(BROADCAST, [2, 1, 0, 0, 0, made]));
    got();
    await b.arrive(frame(MAC.a, [2, 9, 9, 9, 9, 9]));
    expect(got()).toEqual([1, 0, 0]);
    expect(count("", "addresses")).toBe(4);
    expect(count("c", "table_full")).toBe(97);
    // When they have aged, there is room again.
    await clock.advance(300e9);
    await b.arrive(frame(BROADCAST, MAC.b));
    expect(count("", "addresses")).toBe(1);
  });

  test("takes no frame without a header or from a group, and learns nothing from it", async () => {
    const { a, got, count } = fixture();
    await a.arrive(new Uint8Array(13), frame(MAC.b, BROADCAST));
    expect(got()).toEqual([0, 0, 0]);
    expect([count("a", "short"), count("a", "source_group"), count("", "addresses")]).toEqual([1, 1, 0]);
  });

  test("loses what a full port cannot take, counts it, and serves the others", async () => {
    const { a, b, got, count } = fixture();
    b.room = 1;
    await a.arrive(frame(BROADCAST, MAC.a), frame(BROADCAST, MAC.a));
    expect(got()).toEqual([0, 1, 2]);
    expect(count("b", "tx_full")).toBe(1);
  });

  test("changes nothing of what travels beside a frame, and flushes each port once for a burst", async () => {
    const { a, b } = fixture();
    await a.arrive(frame(BROADCAST, MAC.a), frame(BROADCAST, MAC.a));
    expect(b.flushes).toBe(1);
    await b.arrive(frame(MAC.a, MAC.b));
    expect([a.flushes, b.flushes]).toEqual([1, 1]);
    const [first] = b.out;
    expect(first?.meta).toMatchObject({ lamport: 1, span: first?.meta.frame, trace: first?.meta.frame });
  });
});
