import { describe, expect, test } from "@jest/globals";
import { settled } from "../kit.ts";
import { bench, frameOf, frames } from "./nic-harness.ts";

const points = (facts: readonly { readonly point: string }[]): string[] => facts.map(({ point }) => point);

describe("a device that does not divert", () => {
  test("gives every frame to the in-band stack at once, in order, with one flush for a burst, and asks nobody", async () => {
    const nic = await bench();
    nic.host.flushes = 0;
    await nic.wire.arrive(...frames(1, 5));
    expect(nic.host.numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(nic.host.flushes).toBe(1);
    expect(nic.offers).toEqual([]);
    const facts = nic.facts();
    expect(points(facts).filter((point) => point === "frame_receive")).toHaveLength(5);
    expect(facts.at(-1)).toMatchObject({ point: "napi_complete", args: { frames: 5, stage: "inband" } });
  });

  test("loses what finds no room in the ring to its node, and tells so of each frame", async () => {
    const nic = await bench();
    nic.host.room = 2;
    await nic.wire.arrive(...frames(1, 5));
    expect(nic.host.numbers()).toEqual([1, 2]);
    expect(nic.counter("rx_ring_full")).toBe(3);
    expect(nic.facts().filter(({ args }) => args["fate"] === "rx_ring_full")).toHaveLength(3);
    expect(nic.held()).toBe(0);
  });
});

describe("a diverting device", () => {
  test("offers from the out-of-band stage with a capable driver, from the in-band stage with a stock one", async () => {
    for (const [driver, stage] of [
      ["oob-capable", "oob"],
      ["stock", "inband"],
    ] as const) {
      const nic = await bench({ driver });
      await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
      await nic.wire.arrive(frameOf(7));
      await settled();
      expect(nic.offers).toEqual([{ number: 7, stage }]);
      expect(nic.host.out).toEqual([]);
      expect(nic.facts().filter(({ point }) => point === "oob_taken")).toMatchObject([
        { args: { dev: "eth0", stage } },
      ]);
      expect(nic.counter("taken")).toBe(1);
    }
  });

  test("with a stock driver, passes a refused frame on at once; nothing is deferred", async () => {
    const nic = await bench({ driver: "stock" });
    nic.core = (number) => number % 2 === 0;
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    await nic.wire.arrive(...frames(1, 6));
    await settled();
    expect(nic.host.numbers()).toEqual([1, 3, 5]);
    expect(nic.counter("oob_deferred")).toBe(0);
    expect(nic.counter("taken")).toBe(3);
  });

  test("with a capable driver, defers refused frames and sends them up in-band, in the order in which they came", async () => {
    const nic = await bench();
    nic.core = (number) => number % 3 === 0;
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    await nic.wire.arrive(...frames(1, 8));
    await settled();
    expect(nic.host.numbers()).toEqual([1, 2, 4, 5, 7, 8]);
    const facts = nic.facts();
    const deferred = facts.filter(({ point }) => point === "oob_deferred");
    expect(deferred).toHaveLength(6);
    expect(deferred.every(({ args }) => args["stage"] === "oob" && args["why"] === "refused")).toBe(true);
    const up = facts.filter(({ point, args }) => point === "frame_send" && args["to"] === "inband");
    expect(up.map(({ args }) => args["stage"])).toEqual(Array.from({ length: 6 }, () => "inband"));
    // They go up when the poll is complete, not one by one between offers.
    expect(points(facts).lastIndexOf("oob_deferred")).toBeLessThan(points(facts).indexOf("frame_send"));
  });

  test("offers one frame at a time, so that a slow core sees them in order", async () => {
    const nic = await bench();
    const answers: ((taken: boolean) => void)[] = [];
    nic.core = () => new Promise((resolve) => answers.push(resolve));
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    await nic.wire.arrive(...frames(1, 3));
    await settled();
    expect(nic.offers.map(({ number }) => number)).toEqual([1]);
    answers[0]?.(true);
    await settled();
    expect(nic.offers.map(({ number }) => number)).toEqual([1, 2]);
    answers[1]?.(true);
    await settled();
    answers[2]?.(false);
    await settled();
    expect(nic.host.numbers()).toEqual([3]);
    expect(nic.held()).toBe(0);
  });

  test("takes a verdict that was lost for false: the frame goes up, and the fact says why", async () => {
    const nic = await bench();
    nic.core = () => "lost";
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    await nic.wire.arrive(frameOf(4));
    await settled();
    expect(nic.host.numbers()).toEqual([4]);
    expect(nic.facts().find(({ point }) => point === "oob_deferred")?.args["why"]).toBe("lost");
  });

  test("asks the wire to wait when sixty-four frames wait for the core, and takes them all in the end", async () => {
    const nic = await bench();
    const answers: ((taken: boolean) => void)[] = [];
    nic.core = () => new Promise((resolve) => answers.push(resolve));
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    let arrived = false;
    const burst = nic.wire.arrive(...frames(1, 200)).then(() => (arrived = true));
    await settled();
    expect(arrived).toBe(false);
    expect(nic.counter("rx")).toBeLessThan(70);
    for (let answered = 0; answered < 200; answered++) {
      answers[answered]?.(true);
      await settled();
    }
    await burst;
    expect(nic.counter("taken")).toBe(200);
    expect(nic.offers.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });
});

describe("diversion switched while frames are on their way", () => {
  test("each frame is decided exactly once and ends in one place, in order, whenever it is switched", async () => {
    const nic = await bench();
    const taken: number[] = [];
    nic.core = async (number) => {
      await settled();
      if (number % 4 === 0) return false;
      taken.push(number);
      return true;
    };
    const bursts: Promise<void>[] = [];
    for (let switched = 0; switched < 50; switched++) {
      bursts.push(nic.wire.arrive(...frames(10 * switched + 1, 10 * switched + 10)));
      const on = switched % 2 === 0;
      const answered = nic.call(on ? "netif_enable_oob_diversion" : "netif_disable_oob_diversion", { dev: "eth0" });
      for (let turn = 0; turn <= switched % 7; turn++) await settled();
      if (switched % 3 === 0) await answered;
    }
    await nic.call("netif_disable_oob_diversion", { dev: "eth0" });
    await Promise.all(bursts);
    await settled();
    const up = nic.host.numbers();
    expect([...taken, ...up].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(up).toEqual([...up].sort((a, b) => a - b));
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
    expect(taken.length).toBeGreaterThan(20);
    expect(up.length).toBeGreaterThan(100);
    expect(nic.held()).toBe(0);
  });

  test("switching off answers only when the frame that was offered has been decided, and no other is offered", async () => {
    const nic = await bench();
    let answer: (taken: boolean) => void = () => undefined;
    nic.core = () => new Promise((resolve) => (answer = resolve));
    await nic.call("netif_enable_oob_diversion", { dev: "eth0" });
    await nic.wire.arrive(...frames(1, 3));
    await settled();
    let off = false;
    const disabled = nic.call("netif_disable_oob_diversion", { dev: "eth0" }).then(() => (off = true));
    await settled();
    expect(off).toBe(false);
    expect(nic.facts().find(({ point }) => point === "diversion_off")?.args["offered"]).toBe(1);
    answer(true);
    await disabled;
    await settled();
    expect(nic.offers).toHaveLength(1);
    expect(nic.host.numbers()).toEqual([2, 3]);
  });

  test("on twice is no error and one fact; the errnos tell a virtual device from none", async () => {
    const nic = await bench();
    expect(await nic.call("netif_enable_oob_diversion", { dev: "eth0" })).toBe("ok");
    expect(await nic.call("netif_enable_oob_diversion", { dev: "eth0" })).toBe("ok");
    expect(points(nic.facts()).filter((point) => point === "diversion_on")).toHaveLength(1);
    for (const dev of ["lo", "office", "eth0.42"]) {
      expect(await nic.call("netif_enable_oob_diversion", { dev })).toBe("EINVAL");
      expect(await nic.call("netif_disable_oob_diversion", { dev })).toBe("EINVAL");
    }
    expect(await nic.call("netif_enable_oob_diversion", { dev: "eth1" })).toBe("ENODEV");
    expect(nic.nic.listNetwork().devices).toMatchObject([{ dev: "eth0", state: ["LOWER_UP", "DIVERSION"] }]);
  });
});

describe("transmission", () => {
  test("goes to the wire on the stage that it was sent from, keeping the frame's number", async () => {
    const nic = await bench();
    await nic.host.arrive(frameOf(1));
    await nic.oob.arrive(frameOf(2));
    expect(nic.wire.numbers()).toEqual([1, 2]);
    const facts = nic.facts();
    const sent = facts.filter(({ point }) => point === "frame_send");
    expect(sent.map(({ args }) => [args["stage"], args["to"]])).toEqual([
      ["inband", "wire"],
      ["oob", "wire"],
    ]);
    const came = facts.filter(({ point }) => point === "frame_receive");
    expect(sent.map(({ args }) => args["frame"])).toEqual(came.map(({ args }) => args["frame"]));
  });

  test("is not done for the core by a stock driver", async () => {
    const nic = await bench({ driver: "stock" });
    await nic.oob.arrive(frameOf(2));
    expect(nic.wire.out).toEqual([]);
    expect(nic.counter("not_oob_capable")).toBe(1);
    expect(nic.held()).toBe(0);
  });

  test("into a wire without room is counted and told, frame by frame", async () => {
    const nic = await bench();
    nic.wire.room = 1;
    await nic.host.arrive(...frames(1, 3));
    expect(nic.wire.numbers()).toEqual([1]);
    expect(nic.counter("wire_full")).toBe(2);
    expect(nic.held()).toBe(0);
  });
});

test("NICs that take the place of others tell the core before they tell the carrier, and move without its answer", async () => {
  expect((await bench()).carrier).toEqual(["eth0 on"]);
  expect((await bench({ incarnation: 2 })).carrier).toEqual(["the core is told", "eth0 on"]);
});
