import { describe, expect, test } from "@jest/globals";
import { RUNTIMES } from "../../services/lab/world.ts";
import { casesOf, expectAgreement } from "./agreement.ts";

const cases = await casesOf("experiments/net");

describe("every experiment on the network ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(cases.length).toBeGreaterThan(30);
  });

  // Threads and processes for one profile only, so that the tests take their six minutes at most; the long ones do the rest.
  test.each(cases)(
    "$name, $profile",
    (one) => expectAgreement(one, one.profile === "documented" ? RUNTIMES : ["simulated"]),
    60_000,
  );
});
