import { describe, expect, test } from "@jest/globals";
import type { Profile } from "../../services/abi/profile.ts";
import { BOOK } from "../../services/rules/book/book.ts";
import { causality } from "../../services/rules/causality.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import type { RuleJudgement } from "../../services/rules/judgement.ts";
import { ruleProblems } from "../../services/rules/language/check.ts";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import { createMonitor } from "../../services/rules/monitor/monitor.ts";
import { SHIPPED, shipped } from "../lab/written.ts";
import { simulated } from "./judge.ts";

/** Those written by hand; families.test.ts judges the others. */
const WRITTEN = BOOK.filter(({ origin }) => origin === "book");

const COMPILED = {
  documented: compileRules(WRITTEN.filter(({ profile }) => profile !== "as-implemented")),
  "as-implemented": compileRules(WRITTEN.filter(({ profile }) => profile !== "documented")),
} as const;

const SUBJECTS = SHIPPED.flatMap((file) => shipped(file).profiles.map((profile) => ({ file, profile })));
const isBad = (file: string): boolean => shipped(file).core !== "reference";

const failing = (judgements: readonly RuleJudgement[]): readonly string[] =>
  judgements.flatMap(({ rule, verdict, violations }) =>
    verdict.endsWith("fail")
      ? [`${rule.id} ${verdict} at ${violations[0]?.at?.point ?? "the end"} of ${violations[0]?.slice ?? "?"}`]
      : [],
  );

/** The rules that some experiment triggered. */
const triggered = new Set<string>();

async function live(file: string, profile: Profile): Promise<readonly RuleJudgement[]> {
  const monitor = createMonitor(COMPILED[profile]);
  for (const event of await simulated(file, profile)) monitor.take(event);
  monitor.end("rest");
  const judgements = monitor.judgements();
  for (const { rule, triggered: times } of judgements) if (times > 0) triggered.add(rule.id);
  return judgements;
}

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

describe("the written rules, over all experiments", () => {
  test("are kept by every house that keeps the contract, whatever fault strikes", async () => {
    const alarms: string[] = [];
    for (const { file, profile } of SUBJECTS.filter((one) => !isBad(one.file)))
      for (const text of failing(await live(file, profile))) alarms.push(`${file}, ${profile}: ${text}`);
    expect(alarms).toEqual([]);
  }, 300_000);

  test("are each triggered by one of them, or it is written why by none", () => {
    const silent = WRITTEN.filter(({ id, untriggered }) => !triggered.has(id) && untriggered === undefined);
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  test("are broken by every bad core", async () => {
    for (const { file, profile } of SUBJECTS.filter((one) => isBad(one.file)))
      expect([file, profile, failing(await live(file, profile)).length > 0]).toEqual([file, profile, true]);
  }, 60_000);

  test("are kept in every order that may have been where houses die and come back", async () => {
    const alarms: string[] = [];
    for (const { file, profile } of SUBJECTS.filter((one) => one.file.includes("returns") && !isBad(one.file))) {
      const judgements = judgeTrace(COMPILED[profile], causality(await simulated(file, profile)), {
        ended: "rest",
        missing: 0,
      });
      for (const text of failing(judgements)) alarms.push(`${file}, ${profile}: ${text}`);
    }
    expect(alarms).toEqual([]);
  }, 300_000);
});
