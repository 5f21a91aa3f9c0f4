import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Coverage } from "./coverage.ts";
import { forger } from "./forger.ts";
import { play } from "./pair.ts";
import { anyScenario } from "./scenarios.ts";
import { judge } from "./verdict.ts";

const SCENARIOS = 4000;

test.each([1, 2, 3])("thousands of scenarios of seed %d, each legal transition among them", (seed) => {
  const coverage = new Coverage();
  fc.assert(
    fc.property(anyScenario, (scenario) => {
      judge(scenario, play(scenario, coverage));
    }),
    { numRuns: SCENARIOS, seed },
  );
  expect(coverage.missing().length).toBeLessThan(4);
});

test("thousands of scenarios with a forger", () => {
  fc.assert(
    fc.property(anyScenario, fc.nat(1_000_000), (scenario, seed) => {
      judge(scenario, play(scenario, new Coverage(), forger(seed)), true);
    }),
    { numRuns: SCENARIOS, seed: 4 },
  );
});
