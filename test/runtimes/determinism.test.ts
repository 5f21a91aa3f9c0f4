import { describe, expect, test } from "@jest/globals";
import { firstDifferingEvent } from "../../services/lab/determinism.ts";
import { eventToLine } from "../../services/lab/trace-file.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { record } from "../contract/tasks.ts";
import { bySeed, FAULTS, stress, type Choose } from "./stress.ts";

const STEPS = 12;

/** The trace of a run, a line for each event. */
async function traceOf(seed: bigint, choose: Choose = bySeed(seed)): Promise<string[]> {
  const world = createSimulatedWorld({ seed, profile: seed % 2n === 0n ? "documented" : "as-implemented" });
  const events = record(world);
  for (const fault of FAULTS) expect(await world.arm(fault)).toBeUndefined();
  await world.drive(() => stress(world, STEPS, choose));
  await world.settle();
  expect(await world.dropped()).toBe(0);
  return events.map(eventToLine);
}

describe("the simulated runtime", () => {
  test("gives the same trace to the byte for the same seed: 200 seeds, each run twice", async () => {
    const traces = new Set<string>();
    let struck = 0;
    for (let seed = 1n; seed <= 200n; seed++) {
      const first = await traceOf(seed);
      const difference = firstDifferingEvent(first, await traceOf(seed));
      if (difference !== undefined) throw new Error(`seed ${seed}: ${difference.text}`);
      traces.add(first.join("\n"));
      struck += first.filter((line) => line.includes('"fault":')).length;
    }
    // A gate over runs that are all alike, or in which nothing happens, would show nothing.
    expect(traces.size).toBe(200);
    expect(struck).toBeGreaterThan(200);
  }, 120_000);

  test("the gate fails, and names the event, when a run depends on anything but its seed", async () => {
    let runs = 0;
    const unstable: Choose = (task, n, choices) =>
      (n === 15 && task === "t2" ? runs : bySeed(7n)(task, n, choices)) % choices;
    const first = await traceOf(7n, unstable);
    runs = 1;
    const second = await traceOf(7n, unstable);
    expect(firstDifferingEvent(first, second)?.text).toContain('"task":"t2"');
  });

  test("seeds differ in who comes first even where the program is the same", async () => {
    const same: Choose = bySeed(1n);
    const [a, b] = [await traceOf(3n, same), await traceOf(5n, same)];
    expect(firstDifferingEvent(a, b)).toBeDefined();
  });
});
