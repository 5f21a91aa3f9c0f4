import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { fuzz } from "./fuzz.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** What Jest keeps of a finished test, and what compiled code takes. */
const GROWTH_MB_MAX = 16;

/** The collector, which Node hides unless it is asked for: live memory can only be told right after it ran. */
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const liveMb = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
};

const afterFirst: number[] = [];

test.each(SEEDS)("a million mutated and random frames of seed %d: no throw, no growth, one end for each", (seed) => {
  expect(fuzz(seed, 1_000_000, 1000).frames).toBe(1_000_000);
  const live = liveMb();
  const [first = live] = afterFirst;
  afterFirst.push(live);
  expect(live - first).toBeLessThan(GROWTH_MB_MAX);
});
