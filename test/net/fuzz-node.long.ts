import { expect, test } from "@jest/globals";
import { growthBetween } from "../live-memory.ts";
import { fuzzNode } from "./fuzz-node.ts";

const FRAMES = 200_000;
/** What may wait at one moment and not at another: full queues, fragments, events that nobody took yet, compiled code. */
const GROWTH_MB_MAX = 16;

test.each([
  { seed: 1, driver: "oob-capable" },
  { seed: 2, driver: "stock" },
] as const)("200,000 frames of seed $seed into a node with the $driver driver: no growth", async ({ seed, driver }) => {
  const growth = growthBetween(FRAMES / 10, FRAMES);
  const { sent, arrived } = await fuzzNode({ seed, frames: FRAMES, driver, look: growth.look });
  expect(sent).toBeGreaterThan(FRAMES * 0.7);
  expect(arrived).toBeGreaterThan(sent * 0.99);
  expect(growth.grownMb()).toBeLessThan(GROWTH_MB_MAX);
});
