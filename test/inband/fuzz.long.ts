import { expect, test } from "@jest/globals";
import { growthBetween, liveMb } from "../live-memory.ts";
import { fuzz } from "./fuzz.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const FRAMES = 1_000_000;
/** What may wait at one moment and not at another: full queues, fragments, compiled code, what Jest keeps. */
const GROWTH_MB_MAX = 16;

const ended: number[] = [];

test.each(SEEDS)("a million mutated and random frames of seed %d: no throw, no growth, one end for each", (seed) => {
  const growth = growthBetween(FRAMES / 10, FRAMES);
  expect(fuzz(seed, FRAMES, 1000, growth.look).frames).toBe(FRAMES);
  expect(growth.grownMb()).toBeLessThan(GROWTH_MB_MAX);
  ended.push(liveMb());
  expect(Math.max(...ended) - (ended[0] ?? 0)).toBeLessThan(GROWTH_MB_MAX);
});
