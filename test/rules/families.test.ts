import { describe, expect, test } from "@jest/globals";
import { FAMILIES } from "../../services/rules/book/families/families.ts";
import { ruleProblems } from "../../services/rules/language/check.ts";

/* That every rule is triggered, and none broken by a sound house, is shown over all experiments by lab/experiments.test.ts. */

describe("the rules that follow from the contract", () => {
  test("can be read, speak of what there is, and are each called something else", () => {
    expect(FAMILIES.flatMap((rule) => ruleProblems(rule).map((problem) => ({ rule: rule.id, ...problem })))).toEqual(
      [],
    );
    expect(new Set(FAMILIES.map(({ id }) => id)).size).toBe(FAMILIES.length);
    expect(FAMILIES.length).toBeGreaterThan(1000);
  });

  test("say in a sentence what they mean, and which option of the contract they follow from", () => {
    for (const { title, source } of FAMILIES) {
      expect(title).toMatch(/^\S.*[^.]\.$/);
      expect(source).toMatch(/^contract, .+ \(.+\)$/);
    }
  });
});
