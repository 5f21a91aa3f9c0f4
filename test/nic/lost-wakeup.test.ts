import { describe, expect, test } from "@jest/globals";
import { hunt } from "./litmus.ts";

describe("the lost wake-up", () => {
  test("does not happen: 20,000 times a consumer falls asleep while a frame comes, and never sleeps through it", async () => {
    expect(await hunt(20_000, { spins: 0, sleepMs: 2000 }, 1)).toMatchObject({ rounds: 20_000, missed: 0 });
  }, 120_000);

  test("happens without the second look, and this test finds it", async () => {
    const { missed } = await hunt(20_000, { spins: 0, sleepMs: 50, withoutSecondLook: true }, 1);
    expect(missed).toBe(1);
  }, 120_000);
});
