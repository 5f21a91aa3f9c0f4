import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Coverage } from "./coverage.ts";
import { play } from "./pair.ts";
import { anyScenario } from "./scenarios.ts";
import { WAYS } from "./transitions.ts";
import { judge } from "./verdict.ts";

const SCENARIOS = 80;

/** What the named ways took, and what chance took. */
const named = new Coverage();
const byChance = new Coverage();
/** Beside the compiled tests, in a folder that nobody commits. */
const folder = join(import.meta.dirname, "../../../reports");

afterAll(() => {
  mkdirSync(folder, { recursive: true });
  const text = [
    "Transitions of TCP connections, as often as tests took them: from the left to the top; a dot is not legal.",
    `\nBy the named ways of test/inband/tcp/transitions.ts:\n\n${named.table()}`,
    `\nBy ${SCENARIOS} random scenarios of test/inband/tcp/transitions.test.ts:\n\n${byChance.table()}\n`,
  ].join("\n");
  writeFileSync(join(folder, "tcp-states.txt"), text);
});

describe("ways through the states", () => {
  test.each(WAYS)("$name", ({ walk }) => walk(named));

  test("every legal transition is on one of them", () => {
    expect(named.missing()).toEqual([]);
  });

  test("random scenarios take no other, and most of them", () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        judge(scenario, play(scenario, byChance));
      }),
      { numRuns: SCENARIOS, seed: 9293 },
    );
    expect(byChance.missing().length).toBeLessThan(6);
  });
});
