import { describe, expect, test } from "@jest/globals";
import type { Stage } from "../../services/abi/contract.generated.ts";
import type { Clock } from "../../services/abi/kit.ts";
import type { StagesSpec } from "../../services/abi/topology.ts";
import { createProcessor } from "../../services/runtimes/simulated/processor.ts";
import { createScheduler } from "../../services/runtimes/simulated/scheduler.ts";

/** A line for each thing that happens, in order: when, and what. */
async function story(tell: (add: (what: string) => void, clockOf: (stage: Stage) => Clock) => void): Promise<string[]> {
  const { clock, clockOf, run } = createScheduler(() => false);
  const lines: string[] = [];
  await run(async () => {
    tell((what) => lines.push(`${clock.nowNs()} ${what}`), clockOf);
    await clock.sleepNs(10_000);
  });
  return lines;
}

const COSTS: Pick<StagesSpec, "inband" | "oob"> = {
  inband: { callNs: 100, frameNs: 30 },
  oob: { callNs: 10, frameNs: 5 },
};

describe("of what is due at one instant", () => {
  test("the out-of-band part comes first, each part in the order in which it lay down", async () => {
    const lines = await story((add, clockOf) => {
      for (const [stage, name] of [
        ["inband", "first"],
        ["oob", "second"],
        ["inband", "third"],
        ["oob", "fourth"],
      ] as const)
        clockOf(stage).after(50, () => add(name));
    });
    expect(lines).toEqual(["50 second", "50 fourth", "50 first", "50 third"]);
  });

  test("what out-of-band work makes out-of-band at that instant comes before the in-band part, too", async () => {
    const lines = await story((add, clockOf) => {
      clockOf("inband").after(50, () => add("in-band"));
      clockOf("oob").after(50, () => clockOf("oob").after(0, () => add("out-of-band")));
    });
    expect(lines).toEqual(["50 out-of-band", "50 in-band"]);
  });
});

describe("a processor that both stages share", () => {
  const processors = 1;

  test("serves in-band work in the order in which it came, one after the other", async () => {
    const lines = await story((add, clockOf) => {
      const cpu = createProcessor(clockOf, { processors, ...COSTS });
      void cpu.occupy("inband", "call")?.then(() => add("call"));
      void cpu.occupy("inband", "frame")?.then(() => add("frame"));
      void cpu.occupy("inband", "call")?.then(() => add("another call"));
    });
    expect(lines).toEqual(["100 call", "130 frame", "230 another call"]);
  });

  test("lets out-of-band work pre-empt it at once, and moves the end of what was under way by as long", async () => {
    const lines = await story((add, clockOf) => {
      const cpu = createProcessor(clockOf, { processors, ...COSTS });
      void cpu.occupy("inband", "call")?.then(() => add("in-band"));
      clockOf("oob").after(40, () => void cpu.occupy("oob", "call")?.then(() => add("out-of-band")));
      clockOf("oob").after(45, () => void cpu.occupy("oob", "frame")?.then(() => add("and a frame")));
      clockOf("oob").after(90, () => void cpu.occupy("oob", "call")?.then(() => add("once more")));
    });
    expect(lines).toEqual(["50 out-of-band", "55 and a frame", "100 once more", "125 in-band"]);
  });

  test("spends nothing on what nobody wants any more when its turn comes", async () => {
    const lines = await story((add, clockOf) => {
      const cpu = createProcessor(clockOf, { processors, ...COSTS });
      void cpu.occupy("inband", "call")?.then(() => add("first"));
      void cpu.occupy("inband", "call", () => false)?.then(() => add("of a house that died"));
      void cpu.occupy("inband", "call")?.then(() => add("third"));
    });
    expect(lines).toEqual(["100 first", "100 of a house that died", "200 third"]);
  });

  test("takes no turn of the clock for what costs nothing, unless something is in its way", async () => {
    const lines = await story((add, clockOf) => {
      const free = { callNs: 0, frameNs: 0 };
      const cpu = createProcessor(clockOf, { processors, inband: free, oob: COSTS.oob });
      expect(cpu.occupy("inband", "call")).toBeUndefined();
      void cpu.occupy("oob", "call")?.then(() => add("out-of-band"));
      void cpu.occupy("inband", "call")?.then(() => add("in-band"));
    });
    expect(lines).toEqual(["10 out-of-band", "10 in-band"]);
  });
});

test("with a processor of its own, out-of-band work leaves in-band work alone", async () => {
  const lines = await story((add, clockOf) => {
    const cpu = createProcessor(clockOf, { processors: 2, ...COSTS });
    void cpu.occupy("inband", "call")?.then(() => add("in-band"));
    clockOf("oob").after(40, () => void cpu.occupy("oob", "call")?.then(() => add("out-of-band")));
  });
  expect(lines).toEqual(["50 out-of-band", "100 in-band"]);
});
