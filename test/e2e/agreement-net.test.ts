import { describe, expect, test } from "@jest/globals";
import { RUNTIMES, type Runtime } from "../../services/lab/world.ts";
import { casesOf, expectAgreement, type Case } from "./agreement.ts";

const cases = await casesOf("experiments/net");

describe("every experiment on the network ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(cases.length).toBeGreaterThan(30);
  });

  // Nine processes for each, so only where hooks or the road of frames are at stake, not the faults of a wire; and the other
  // profile in virtual time. The tests take six minutes at most; `npm run test:long` runs all in everything.
  const runtimesOf = ({ experiment, profile }: Case): readonly Runtime[] => {
    if (profile !== "documented") return ["simulated"];
    return experiment.tags.includes("netem") ? ["simulated", "embedded"] : RUNTIMES;
  };
  test.each(cases)("$name, $profile", (one) => expectAgreement(one, runtimesOf(one)), 60_000);
});
