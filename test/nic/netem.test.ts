import { describe, expect, test } from "@jest/globals";
import { settled } from "../kit.ts";
import { bench, frameOf, frames, numberOf, type Bench } from "./nic-harness.ts";

const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** What comes up of frames that arrive one after the other on a wire with these faults. */
async function received(netem: string, count = 400, seed = 1n): Promise<Bench & { readonly up: number[] }> {
  const nic = await bench({ netem, seed });
  await nic.wire.arrive(...frames(1, count));
  return Object.assign(nic, { up: nic.host.numbers() });
}

const kinds = (nic: Bench): string[] =>
  nic.facts().flatMap(({ point, args }) => (point === "frame_fault" ? [String(args["kind"])] : []));

describe("what goes wrong on a wire", () => {
  test("is decided by the seed: the same frames in the same world, others in another", async () => {
    for (const clause of ["drop 10%", "duplicate 10%", "corrupt 10%", "truncate 10% 20", "reorder 10% 2"]) {
      const [one, again, other] = [await received(clause), await received(clause), await received(clause, 400, 2n)];
      const bytes = ({ host }: Bench): string =>
        host.out.map((frame) => Buffer.from(frame.bytes).toString("hex")).join();
      expect(bytes(again)).toBe(bytes(one));
      expect(bytes(other)).not.toBe(bytes(one));
      expect(kinds(one).length).toBeGreaterThan(20);
      expect(one.counter(`fault_${clause.split(" ")[0] ?? ""}`)).toBeLessThan(70);
    }
  });

  test("does not shift when another clause, another direction or more traffic comes in", async () => {
    const dropped = async (netem: string, disturb?: (nic: Bench) => Promise<void>): Promise<number[]> => {
      const nic = await bench({ netem });
      for (const frame of frames(1, 300)) {
        await disturb?.(nic);
        await nic.wire.arrive(frame);
      }
      return numbersTo(300).filter((number) => !nic.host.numbers().includes(number));
    };
    const alone = await dropped("rx drop 5%");
    expect(alone.length).toBeGreaterThan(5);
    expect(await dropped("corrupt 1/100000; drop 5%; tx drop 50%", (nic) => nic.host.arrive(frameOf(9)))).toEqual(
      alone,
    );
  });

  test("drop: the frame ends there, told once and counted", async () => {
    const nic = await received("rx drop 25%");
    const lost = 400 - nic.up.length;
    expect(nic.counter("netem_drop")).toBe(lost);
    expect(
      nic.facts().filter(({ point, args }) => point === "frame_end" && args["fate"] === "netem_drop"),
    ).toHaveLength(lost);
    expect(nic.held()).toBe(0);
  });

  test("two equal clauses do not strike the same frames", async () => {
    const nic = await received("rx corrupt 1/2; rx corrupt 1/2");
    const whole = nic.host.out.filter(({ bytes }, i) => Buffer.compare(bytes, frameOf(i + 1)) === 0).length;
    // If they did, each would undo what the other did, and all frames were whole.
    expect(whole).toBeGreaterThan(60);
    expect(whole).toBeLessThan(140);
  });

  test("duplicate: the copy follows, with the same number in the trace", async () => {
    const nic = await received("rx duplicate 100%", 2);
    expect(nic.up).toEqual([1, 1, 2, 2]);
    const [first, copy] = nic.host.out;
    expect(copy?.meta.frame).toBe(first?.meta.frame);
    expect(copy?.meta.span).not.toBe(first?.meta.span);
    expect(nic.held()).toBe(0);
  });

  test("corrupt: one bit, somewhere in the frame, differs; the bytes of the wire stay as they were", async () => {
    const nic = await received("rx corrupt 100%", 200);
    const places = new Set<number>();
    nic.host.out.forEach(({ bytes }, i) => {
      const sent = frameOf(i + 1);
      const flipped = [...bytes].flatMap((byte, at) =>
        byte === sent[at] ? [] : [[at, byte ^ (sent[at] ?? 0)] as const],
      );
      expect(flipped).toHaveLength(1);
      const [at = 0, bits = 0] = flipped[0] ?? [];
      expect([1, 2, 4, 8, 16, 32, 64, 128]).toContain(bits);
      places.add(at);
    });
    expect(places.size).toBeGreaterThan(40);
  });

  test("corrupt from a byte on: the bytes before are whole, and a shorter frame is not struck", async () => {
    const nic = await received("rx corrupt 100% 50", 100);
    nic.host.out.forEach(({ bytes }, i) => {
      const sent = frameOf(i + 1);
      expect(bytes.subarray(0, 50)).toEqual(sent.subarray(0, 50));
      expect(bytes).not.toEqual(sent);
    });
    await nic.wire.arrive(frameOf(7, 50));
    expect(nic.counter("fault_corrupt")).toBe(100);
  });

  test.each([1n, 2n, 3n])("first: the first frame is struck and no other, whatever the seed (%i)", async (seed) => {
    expect((await received("rx drop first", 5, seed)).up).toEqual([2, 3, 4, 5]);
    expect((await received("rx reorder first 2", 5, seed)).up).toEqual([2, 3, 1, 4, 5]);
  });

  test("truncate: the first bytes of a longer frame go on; a shorter one is not struck", async () => {
    const nic = await received("rx truncate 100% 40", 2);
    expect(nic.host.out.map(({ bytes }) => bytes.length)).toEqual([40, 40]);
    await nic.wire.arrive(frameOf(3, 30));
    expect(nic.host.out[2]?.bytes.length).toBe(30);
    expect(nic.counter("fault_truncate")).toBe(2);
  });

  test("reorder: the frame is overtaken by as many as were asked for", async () => {
    const nic = await bench({ netem: "rx reorder 5% 3" });
    await nic.wire.arrive(...frames(1, 300));
    await nic.clock.advance(10e6);
    const up = nic.host.numbers();
    expect([...up].sort((a, b) => a - b)).toEqual(numbersTo(300));
    const facts = nic.facts();
    const came = facts.filter(({ point }) => point === "frame_receive").map(({ args }) => args["frame"]);
    const late = facts
      .filter(({ point }) => point === "frame_fault")
      .map(({ args }) => came.indexOf(args["frame"]) + 1);
    expect(late.length).toBeGreaterThan(5);
    for (const number of late.filter((one) => one < 290)) {
      const before = up.slice(0, up.indexOf(number));
      expect(before.filter((other) => other > number && !late.includes(other))).toHaveLength(3);
    }
  });

  test("reorder: the last frame of all goes on when nobody overtakes it", async () => {
    const nic = await received("rx reorder 100%", 1);
    expect(nic.up).toEqual([]);
    expect(nic.held()).toBe(1);
    await nic.clock.advance(10e6);
    expect(nic.host.numbers()).toEqual([1]);
    expect(nic.held()).toBe(0);
  });

  test("delay: every frame comes that much later, in order", async () => {
    const nic = await bench({ netem: "delay 1ms" });
    await nic.wire.arrive(frameOf(1));
    await nic.clock.advance(400_000);
    await nic.wire.arrive(...frames(2, 4));
    await nic.clock.advance(599_999);
    expect(nic.host.numbers()).toEqual([]);
    await nic.clock.advance(1);
    expect(nic.host.numbers()).toEqual([1]);
    await nic.clock.advance(400_000);
    expect(nic.host.numbers()).toEqual([1, 2, 3, 4]);
    await nic.host.arrive(frameOf(5));
    expect(nic.wire.out).toEqual([]);
    await nic.clock.advance(1_000_000);
    expect(nic.wire.numbers()).toEqual([5]);
  });

  test("delay with a jitter: around what was asked for, and frames overtake each other", async () => {
    const nic = await bench({ netem: "rx delay 1ms 900us" });
    await nic.wire.arrive(...frames(1, 100));
    await nic.clock.advance(99_999);
    expect(nic.host.numbers()).toEqual([]);
    await nic.clock.advance(900_001);
    const early = nic.host.out.length;
    expect(early).toBeGreaterThan(25);
    expect(early).toBeLessThan(75);
    await nic.clock.advance(900_000);
    const up = nic.host.numbers();
    expect([...up].sort((a, b) => a - b)).toEqual(numbersTo(100));
    expect(up).not.toEqual(numbersTo(100));
  });

  test("delay: holds a bounded number of frames; what comes then is dropped", async () => {
    const nic = await received("rx delay 1s", 1003);
    expect(nic.counter("netem_drop")).toBe(3);
    await nic.clock.advance(1e9);
    expect(nic.host.numbers()).toEqual(numbersTo(1000));
    expect(nic.held()).toBe(0);
  });

  test("rate: a burst goes at once, then as fast as the rate; what waits too long a queue is dropped", async () => {
    // 60 bytes are 480 bits: at 48 kbit/s one frame every 10 ms, and five of them at once.
    const nic = await bench({ netem: "tx rate 48kbit 300" });
    await nic.host.arrive(...frames(1, 10));
    expect(nic.wire.numbers()).toEqual(numbersTo(5));
    await nic.clock.advance(20e6);
    expect(nic.wire.numbers()).toEqual(numbersTo(7));
    await nic.clock.advance(30e6);
    expect(nic.wire.numbers()).toEqual(numbersTo(10));
    await nic.host.arrive(...frames(11, 1100));
    expect(nic.counter("netem_drop")).toBe(1090 - 1000);
    await nic.clock.advance(20e9);
    expect(nic.held()).toBe(0);
  });

  test("rate: frames of the out-of-band stage go ahead of in-band ones that wait", async () => {
    const nic = await bench({ netem: "tx rate 48kbit 60" });
    await nic.host.arrive(...frames(1, 4));
    await nic.oob.arrive(...frames(11, 12));
    await nic.clock.advance(100e6);
    expect(nic.wire.numbers()).toEqual([1, 11, 12, 2, 3, 4]);
  });

  test("rate: a frame longer than the bucket goes too, and the next ones pay for it", async () => {
    const nic = await bench({ netem: "tx rate 48kbit 60" });
    await nic.host.arrive(frameOf(1, 600), frameOf(2));
    expect(nic.wire.numbers()).toEqual([1]);
    await nic.clock.advance(99e6);
    expect(nic.wire.numbers()).toEqual([1]);
    await nic.clock.advance(1e6);
    expect(nic.wire.numbers()).toEqual([1, 2]);
  });

  test("clauses strike one after the other, and what happened is told of each", async () => {
    const nic = await received("rx truncate 100% 50; rx duplicate 100%; rx delay 1ms", 1);
    await nic.clock.advance(1_000_000);
    expect(nic.host.out.map(({ bytes }) => [numberOf(bytes), bytes.length])).toEqual([
      [1, 50],
      [1, 50],
    ]);
    expect(kinds(nic)).toEqual(["truncate", "delay", "duplicate", "delay"]);
    expect(nic.held()).toBe(0);
  });
});

describe("nic_netem", () => {
  test("takes what was set back, and lets go of what is held, in order: nothing is lost or overtaken", async () => {
    const nic = await bench();
    expect(await nic.call("nic_netem", { dev: "eth0", rules: "delay 1s; reorder 50% 2" })).toBe("ok");
    await nic.wire.arrive(...frames(1, 20));
    await nic.host.arrive(...frames(31, 40));
    expect(nic.held()).toBe(30);
    expect(await nic.call("nic_netem", { dev: "eth0", rules: "" })).toBe("ok");
    await nic.wire.arrive(frameOf(21));
    expect([...nic.host.numbers()].sort((a, b) => a - b)).toEqual(numbersTo(21));
    expect(nic.host.numbers().at(-1)).toBe(21);
    expect(nic.wire.out).toHaveLength(10);
    expect(nic.held()).toBe(0);
    await nic.clock.advance(10e9);
    expect(nic.host.out).toHaveLength(21);
  });

  test("refuses words that mean nothing, says why, and leaves what was set", async () => {
    const nic = await bench({ netem: "rx drop 100%" });
    expect(await nic.call("nic_netem", { dev: "eth0", rules: "drop 2" })).toBe("EINVAL");
    expect(nic.facts().find(({ point }) => point === "netem_refused")?.args["why"]).toMatch(/^"drop 2": 2 is no share/);
    await nic.wire.arrive(frameOf(1));
    expect(nic.host.out).toEqual([]);
    expect(await nic.call("nic_netem", { dev: "eth9", rules: "" })).toBe("ENODEV");
  });

  test("frames that a delay holds are lost when the cable is pulled out before they go", async () => {
    const nic = await bench({ netem: "tx delay 1ms" });
    await nic.host.arrive(frameOf(1));
    await nic.call("nic_link", { dev: "eth0", up: false });
    await nic.clock.advance(2_000_000);
    expect(nic.wire.out).toEqual([]);
    expect(nic.counter("no_link")).toBe(1);
    // Without a link nothing reaches the wire, so nothing is held there.
    await nic.host.arrive(frameOf(2));
    expect(nic.counter("no_link")).toBe(2);
    expect(nic.held()).toBe(0);
  });

  test("no frame is lost or delivered twice under diversion switches, reordering, delay and copies", async () => {
    const nic = await bench({ netem: "rx reorder 2% 3; rx delay 300us 200us; rx duplicate 5%; rx drop 5%" });
    const taken: number[] = [];
    nic.core = async (number) => {
      if (number % 3 === 0) return false;
      taken.push(number);
      return true;
    };
    for (let switched = 0; switched < 60; switched++) {
      await nic.wire.arrive(...frames(10 * switched + 1, 10 * switched + 10));
      const on = switched % 2 === 0;
      await nic.call(on ? "netif_enable_oob_diversion" : "netif_disable_oob_diversion", { dev: "eth0" });
      await nic.clock.advance(100_000 * (switched % 5));
    }
    await nic.clock.advance(20e6);
    await settled();
    expect(nic.held()).toBe(0);
    const delivered = taken.length + nic.host.out.length;
    expect(delivered).toBe(600 + nic.counter("fault_duplicate") - nic.counter("netem_drop"));
    expect(nic.counter("taken")).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(50);
  });
});

describe("what goes wrong in a ring", () => {
  test("strikes the seam of the ring that was asked for, and is told", async () => {
    const nic = await bench({ ring: true });
    expect(await nic.call("nic_netem", { dev: "eth0", rules: "ring lost-notification 100%" })).toBe("ok");
    await nic.wire.arrive(...frames(1, 3));
    expect(nic.host.seam).toEqual(["lose 1"]);
    expect(nic.host.numbers()).toEqual([1, 2, 3]);
    expect(kinds(nic)).toEqual(["ring_lost_notification"]);
  });

  test("a wrong index is put right after a millisecond, or by the next burst", async () => {
    const nic = await bench({ ring: true });
    await nic.call("nic_netem", { dev: "eth0", rules: "ring wrong-index 100%" });
    await nic.wire.arrive(frameOf(1));
    expect(nic.host.seam).toEqual(["tail 1048576"]);
    // A flush of nothing publishes nothing, and so mends nothing.
    await nic.wire.arrive();
    nic.host.port.flush();
    await nic.clock.advance(1e6);
    expect(nic.host.seam).toEqual(["tail 1048576", "mend"]);
    await nic.wire.arrive(frameOf(2));
    await nic.call("nic_netem", { dev: "eth0", rules: "" });
    await nic.wire.arrive(frameOf(3));
    await nic.clock.advance(1e6);
    expect(nic.host.seam.slice(2)).toEqual(["tail 1048576"]);
  });

  test("a consumer sticks once for the time that was said, and completions come back by the watchdog", async () => {
    const nic = await bench({ ring: true });
    await nic.call("nic_netem", { dev: "eth0", rules: "ring stuck-consumer 5ms; ring lost-completion 1/1" });
    await nic.host.arrive(...frames(1, 3));
    expect(nic.host.seam).toEqual(["stick", "withhold"]);
    await nic.clock.advance(5e6);
    expect(nic.host.seam).toEqual(["stick", "withhold", "unstick"]);
    await nic.clock.advance(5e9);
    expect(nic.host.seam).toEqual(["stick", "withhold", "unstick", "give back"]);
    expect(nic.wire.numbers()).toEqual([1, 2, 3]);
    const told = nic.facts().filter(({ point }) => ["frame_fault", "ring_mended"].includes(point));
    expect(told.map(({ point, args }) => [point, args["kind"]])).toEqual([
      ["frame_fault", "ring_stuck_consumer"],
      ["frame_fault", "ring_lost_completion"],
      ["ring_mended", "ring_stuck_consumer"],
      ["ring_mended", "ring_lost_completion"],
    ]);
  });

  test("in a world whose link turns out to be no ring is told when the NIC starts", async () => {
    const nic = await bench({ netem: "ring wrong-index 1%" });
    const refused = nic.facts().filter(({ point }) => point === "netem_refused");
    expect(refused.map(({ args }) => args["why"])).toEqual([
      "the link of eth0 to its node has no ring in memory (a test)",
    ]);
    const other = await bench({ netem: "ring wrong-index 1%", ring: true });
    expect(other.facts().filter(({ point }) => point === "netem_refused")).toEqual([]);
  });

  test("is refused where the link to the node is no ring", async () => {
    const nic = await bench();
    expect(await nic.call("nic_netem", { dev: "eth0", rules: "ring stuck-consumer 5ms" })).toBe("EINVAL");
    const why = nic.facts().find(({ point }) => point === "netem_refused")?.args["why"];
    expect(why).toBe("the link of eth0 to its node has no ring in memory (a test)");
  });
});
