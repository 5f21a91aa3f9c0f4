import { describe, expect, test } from "@jest/globals";
import { settled } from "../kit.ts";
import { bench, frameOf, frames, numberOf } from "./nic-harness.ts";

describe("the cable", () => {
  test("is told of once at the start, and whenever it is pulled out or plugged in", async () => {
    const nic = await bench();
    expect(nic.carrier).toEqual(["eth0 on"]);
    expect(await nic.call("nic_link", { dev: "eth0", up: true })).toBe("ok");
    expect(await nic.call("nic_link", { dev: "eth0", up: false })).toBe("ok");
    expect(await nic.call("nic_link", { dev: "eth0", up: true })).toBe("ok");
    expect(nic.carrier).toEqual(["eth0 on", "eth0 off", "eth0 on"]);
    expect(await nic.call("nic_link", { dev: "eth0.42", up: true })).toBe("ENODEV");
  });

  test("carries nothing while it is out, in either direction, and the frames are told and counted", async () => {
    const nic = await bench();
    await nic.call("nic_link", { dev: "eth0", up: false });
    await nic.host.arrive(frameOf(1));
    await nic.oob.arrive(frameOf(2));
    await nic.wire.arrive(frameOf(3));
    expect([nic.wire.out, nic.host.out, nic.captured]).toEqual([[], [], []]);
    expect(nic.counter("no_link")).toBe(3);
    expect(nic.facts().filter(({ args }) => args["fate"] === "no_link")).toHaveLength(3);
    expect(nic.held()).toBe(0);
    await nic.call("nic_link", { dev: "eth0", up: true });
    await nic.wire.arrive(frameOf(4));
    expect(nic.host.numbers()).toEqual([4]);
  });

  test("that is missing gives no carrier, and plugging it in changes nothing", async () => {
    const nic = await bench({ wire: "" });
    expect(nic.carrier).toEqual(["eth0 off"]);
    expect(await nic.call("nic_link", { dev: "eth0", up: true })).toBe("ok");
    expect(nic.carrier).toEqual(["eth0 off"]);
    await nic.host.arrive(frameOf(1));
    expect(nic.counter("no_link")).toBe(1);
    expect(nic.nic.listNetwork().devices[0]?.state).toEqual(["NO-CARRIER"]);
  });

  test("does not receive before the house is started", async () => {
    const nic = await bench({ started: false });
    expect(nic.carrier).toEqual([]);
    await nic.wire.arrive(frameOf(1));
    expect(nic.counter("rx")).toBe(0);
  });
});

describe("a loopback plug", () => {
  test("sends everything back, in order, with its number, a little later", async () => {
    const nic = await bench({ wire: "loopback" });
    expect(nic.carrier).toEqual(["eth0 on"]);
    await nic.host.arrive(...frames(1, 3));
    expect(nic.host.out).toEqual([]);
    await nic.clock.advance(1000);
    expect(nic.host.numbers()).toEqual([1, 2, 3]);
    const facts = nic.facts();
    const numbers = (point: string, from: number) =>
      facts
        .filter((fact) => fact.point === point)
        .slice(from)
        .map(({ args }) => args["frame"]);
    expect(numbers("frame_receive", 3)).toEqual(numbers("frame_send", 0).slice(0, 3));
    expect(nic.held()).toBe(0);
  });

  test("holds a bounded number of frames", async () => {
    const nic = await bench({ wire: "loopback" });
    await nic.host.arrive(...frames(1, 1100));
    expect(nic.counter("wire_full")).toBe(1100 - 1024);
    await nic.clock.advance(1000);
    expect(nic.host.out).toHaveLength(1024);
    expect(nic.held()).toBe(0);
  });
});

describe("a recording", () => {
  const replay = [0, 1_000, 500_000].map((ns, i) => ({ bytes: frameOf(i + 1), timeNs: 7_000_000_000 + ns }));

  test("is played from the start on, with the gaps that were recorded", async () => {
    const nic = await bench({ replay });
    const seen: [number, number][] = [];
    for (const stepNs of [0, 1000, 498_999, 1, 1_000_000]) {
      await nic.clock.advance(stepNs);
      for (const { bytes } of nic.host.out.splice(0)) seen.push([numberOf(bytes), nic.clock.nowNs()]);
    }
    expect(seen).toEqual([
      [1, 0],
      [2, 1_000],
      [3, 500_000],
    ]);
    const facts = nic.facts();
    expect(facts.filter(({ point }) => point === "frame_replay")).toHaveLength(3);
    expect(nic.held()).toBe(0);
  });

  test("is a peer of its own: without a cable there is a link, and what is sent goes nowhere", async () => {
    const nic = await bench({ wire: "", replay });
    expect(nic.carrier).toEqual(["eth0 on"]);
    await nic.host.arrive(frameOf(9));
    expect(nic.counter("no_cable")).toBe(1);
    await nic.clock.advance(1_000_000);
    expect(nic.host.numbers()).toEqual([1, 2, 3]);
  });

  test("loses what comes while the cable is out", async () => {
    const nic = await bench({ replay });
    await nic.clock.advance(0);
    await nic.call("nic_link", { dev: "eth0", up: false });
    await nic.clock.advance(1000);
    await nic.call("nic_link", { dev: "eth0", up: true });
    await nic.clock.advance(1_000_000);
    expect(nic.host.numbers()).toEqual([1, 3]);
    expect(nic.counter("no_link")).toBe(1);
  });

  test("is offered to the core like everything else", async () => {
    const nic = await bench({ replay });
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    await nic.clock.advance(1_000_000);
    expect(nic.offers.map(({ number, stage }) => [number, stage])).toEqual([
      [2, "oob"],
      [3, "oob"],
    ]);
  });
});

describe("a capture", () => {
  test("shows what is on the cable, with direction and time, and what netem did to it", async () => {
    const nic = await bench({ netem: "tx duplicate 100%; rx drop 100%" });
    await nic.clock.advance(50);
    await nic.host.arrive(frameOf(1));
    await nic.wire.arrive(frameOf(2));
    await settled();
    expect(nic.captured).toEqual(["50 tx 1", "50 tx 1 (netem: duplicate)", "50 rx 2"]);
    expect(nic.host.out).toEqual([]);
  });
});
