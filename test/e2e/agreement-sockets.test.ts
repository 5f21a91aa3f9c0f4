import { describe, expect, test } from "@jest/globals";
import { casesOf, expectAgreement, quickRuntimes } from "./agreement.ts";

const cases = await casesOf("experiments/sockets");

describe("every experiment on sockets ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(cases.length).toBeGreaterThan(60);
  });

  test.each(cases)("$name, $profile", (one) => expectAgreement(one, quickRuntimes(one, ["errno-table"])), 60_000);
});
