import { expect, test } from "@jest/globals";
import { hunt } from "./litmus.ts";

const ROUNDS = 1_000_000;

test("1,000,000 times a consumer falls asleep while a frame comes, and never sleeps through it", async () => {
  const { rounds, missed, sleeps } = await hunt(ROUNDS, { spins: 0, sleepMs: 5000 }, 1);
  expect({ rounds, missed }).toEqual({ rounds: ROUNDS, missed: 0 });
  // Had it never slept, it would have proven nothing.
  expect(sleeps).toBeGreaterThan(ROUNDS / 100);
});
