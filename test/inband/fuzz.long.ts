import { expect, test } from "@jest/globals";
import { liveMb } from "../live-memory.ts";
import { fuzz } from "./fuzz.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** What Jest keeps of a finished test, and what compiled code takes. */
const GROWTH_MB_MAX = 16;

const afterFirst: number[] = [];

test.each(SEEDS)("a million mutated and random frames of seed %d: no throw, no growth, one end for each", (seed) => {
  expect(fuzz(seed, 1_000_000, 1000).frames).toBe(1_000_000);
  const live = liveMb();
  const [first = live] = afterFirst;
  afterFirst.push(live);
  expect(live - first).toBeLessThan(GROWTH_MB_MAX);
});
