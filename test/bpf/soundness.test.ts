import { expect, test } from "@jest/globals";
import { hunt } from "./soundness.ts";

test("of 2,000 programs that were changed at random, none that is accepted leaves its memory or reads what it has not written", () => {
  const { accepted, caught } = hunt("soundness", 2000);
  expect(caught).toEqual([]);
  expect(accepted).toBeGreaterThan(80);
}, 60_000);
