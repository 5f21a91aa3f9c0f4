import { expect, test } from "@jest/globals";
import { fuzz } from "./fuzz.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test.each(SEEDS)("a million mutated and random frames of seed %d: no throw, no growth, one end for each", (seed) => {
  expect(fuzz(seed, 1_000_000, 1000).frames).toBe(1_000_000);
});
