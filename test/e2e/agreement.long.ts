import { describe, expect, test } from "@jest/globals";
import { RUNTIMES } from "../../services/lab/world.ts";
import { casesOf, expectAgreement } from "./agreement.ts";

const cases = await casesOf("experiments");

describe("every experiment ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(cases.length).toBeGreaterThan(90);
  });

  test.each(cases)("$name, $profile", (one) => expectAgreement(one, RUNTIMES), 60_000);
});
