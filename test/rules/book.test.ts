import { describe, expect, test } from "@jest/globals";
import type { Profile } from "../../services/abi/profile.ts";
import { BOOK } from "../../services/rules/book/book.ts";
import { ruleProblems } from "../../services/rules/language/check.ts";

/** Those written by hand; families.test.ts reads the others. Over all experiments, lab/experiments.test.ts judges by all. */
const WRITTEN = BOOK.filter(({ origin }) => origin === "book");

describe("the written rules", () => {
  test("can be read, speak of what there is, and no two rules of the book are called the same", () => {
    expect(WRITTEN.flatMap((rule) => ruleProblems(rule).map((problem) => ({ rule: rule.id, ...problem })))).toEqual([]);
    expect(BOOK.map(({ id }) => id).filter((id, i, all) => all.indexOf(id) !== i)).toEqual([]);
  });

  test("say in a sentence what they mean, and where that is said", () => {
    for (const { title, source } of WRITTEN) {
      expect(title).toMatch(/^[A-Za-z0-9].*[^.]$/);
      expect(source.length).toBeGreaterThan(10);
    }
  });

  test("come in pairs wherever a trace can tell the two profiles apart", () => {
    const ofProfile = (profile: Profile): readonly string[] =>
      WRITTEN.filter((rule) => rule.profile === profile).map(({ id }) => id);
    for (const number of ["D4", "D5", "D6", "D7", "D8", "D10", "D12"]) {
      expect(ofProfile("documented")).toContain(`${number}.doc`);
      expect(ofProfile("as-implemented")).toContain(`${number}.code`);
    }
    expect(ofProfile("documented")).toEqual(expect.arrayContaining(["SOCK-06", "SOCK-07", "SOCK-09"]));
    expect(ofProfile("as-implemented")).toEqual(expect.arrayContaining(["D1.code", "D2.code", "D3.code"]));
  });
});
