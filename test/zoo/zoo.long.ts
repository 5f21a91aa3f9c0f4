import { expect, test } from "@jest/globals";
import { complaintsAbout, findingsOf } from "./findings.ts";
import { ZOO } from "./zoo.ts";

test("at least 95 % of all mutants are found by the rules, every survivor is explained, and no sound kernel is suspected", async () => {
  const findings = await findingsOf(ZOO);
  expect(findings).toHaveLength(ZOO.length);
  expect(findings.flatMap(complaintsAbout)).toEqual([]);
  expect(findings.filter(({ isFound }) => isFound).length / ZOO.length).toBeGreaterThanOrEqual(0.95);
});
