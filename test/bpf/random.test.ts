import { expect, test } from "@jest/globals";
import { createTally, disagreement } from "./agree.ts";

const PROGRAMS = 500;

test("1,000 random programs that the verifier accepts leave the same behind in the interpreter and in the translation", () => {
  const tally = createTally();
  for (let i = 0; tally.accepted < PROGRAMS; i++) {
    const seed = `random ${i}`;
    expect({ seed, differs: disagreement(seed, tally) }).toEqual({ seed, differs: undefined });
  }
  // What is refused is too much for the verifier in a short time, and not wrong: see the long test for the figures.
  expect(tally.accepted / tally.programs).toBeGreaterThan(0.9);
}, 120_000);
