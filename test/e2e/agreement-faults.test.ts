import { describe, expect, test } from "@jest/globals";
import { casesOf, expectAgreement, quickRuntimes } from "./agreement.ts";

const cases = await casesOf("experiments/faults");

describe("every experiment with faults between places ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles, with each kind of blow", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    const kinds = cases.flatMap(({ experiment }) => experiment.faults.map(({ rule }) => rule.effect?.kind));
    expect(kinds).toEqual(expect.arrayContaining(["crash", "hang", "slow", "partition"]));
  });

  // In processes the long test runs them: a place that dies there takes its time to come back.
  test.each(cases)("$name, $profile", (one) => expectAgreement(one, quickRuntimes(one, ["fault"])), 60_000);
});
