import { describe, expect, test } from "@jest/globals";
import { casesOf, expectAgreement, quickRuntimes } from "./agreement.ts";

const cases = await casesOf("experiments/tour.yaml", "experiments/files", "experiments/mutants");

describe("every experiment on files ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(cases.length).toBeGreaterThan(50);
  });

  test.each(cases)("$name, $profile", (one) => expectAgreement(one, quickRuntimes(one, [])), 60_000);
});
