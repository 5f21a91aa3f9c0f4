import { expect, test } from "@jest/globals";
import { growthBetween } from "../../live-memory.ts";
import { storm } from "./storm.ts";

const SEGMENTS = 1_000_000;
/** Compiled code, and what Jest keeps. */
const GROWTH_MB_MAX = 16;

test.each([1, 2])(
  "a million mutated segments of seed %d on live connections: no throw, no growth, nobody stuck",
  (seed) => {
    let looked = 0;
    const growth = growthBetween(1, 9);
    const seen = storm(seed, SEGMENTS, (mutated) => {
      if (mutated >= (looked + 1) * (SEGMENTS / 10)) growth.look(++looked);
    });
    expect(seen.mutated).toBeGreaterThanOrEqual(SEGMENTS);
    expect(growth.grownMb()).toBeLessThan(GROWTH_MB_MAX);
    expect(seen.coverage.missing()).toEqual([]);
  },
);
