import { describe, expect, test } from "@jest/globals";
import { RUNTIMES } from "../../services/lab/world.ts";
import { casesOf, expectAgreement } from "./agreement.ts";

const cases = await casesOf("experiments/sockets");

describe("every experiment on sockets ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(cases.length).toBeGreaterThan(60);
  });

  // Processes for one profile only, so that the tests take their six minutes at most; `npm run test:long` does the rest.
  test.each(cases)(
    "$name, $profile",
    (one) => expectAgreement(one, one.profile === "documented" ? RUNTIMES : ["simulated", "embedded"]),
    60_000,
  );
});
