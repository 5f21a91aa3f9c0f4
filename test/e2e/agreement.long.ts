import { describe, expect, test } from "@jest/globals";
import { RUNTIMES } from "../../services/lab/world.ts";
import { casesOf, expectAgreement, takesMinutes } from "./agreement.ts";

/** One profile where time is short, such as in CI; both when nothing is said. */
const wanted = process.env["TENON_TEST_PROFILE"];
const cases = (await casesOf("experiments")).filter(
  (one) => (wanted === undefined || one.profile === wanted) && !takesMinutes(one),
);

describe("every experiment ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for the profiles that were asked for", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(wanted === undefined ? 2 : 1);
    expect(cases.length).toBeGreaterThan(90);
  });

  test.each(cases)("$name, $profile", (one) => expectAgreement(one, RUNTIMES), 60_000);
});
