import { describe, expect, test } from "@jest/globals";
import type { Profile } from "../../services/abi/profile.ts";
import { FAMILIES } from "../../services/rules/book/families/families.ts";
import { causality } from "../../services/rules/causality.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import { ruleProblems } from "../../services/rules/language/check.ts";
import { createMonitor } from "../../services/rules/monitor/monitor.ts";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import { SHIPPED, shipped } from "../lab/written.ts";
import { simulated } from "./judge.ts";

const COMPILED = {
  documented: compileRules(FAMILIES.filter(({ profile }) => profile !== "as-implemented")),
  "as-implemented": compileRules(FAMILIES.filter(({ profile }) => profile !== "documented")),
} as const;

/** The rules that some experiment triggered. */
const triggered = new Set<string>();

/** What is broken, in the order that came about or over every one that may have been; what was triggered is noted. */
async function broken(file: string, profile: Profile, order: "one" | "every"): Promise<readonly string[]> {
  const events = await simulated(file, profile);
  const ended = events.some(({ point, args }) => point === "run_end" && args["quiet"] === true) ? "rest" : "cut";
  const monitor = createMonitor(COMPILED[profile]);
  if (order === "one") for (const event of events) monitor.take(event);
  monitor.end(ended);
  const judgements =
    order === "one" ? monitor.judgements() : judgeTrace(COMPILED[profile], causality(events), { ended, missing: 0 });
  for (const { rule, triggered: times } of judgements) if (times > 0) triggered.add(rule.id);
  return judgements.flatMap(({ rule, verdict, violations }) => {
    if (!verdict.endsWith("fail")) return [];
    // Of one house nobody can say that it did things in another order than it did.
    const order = rule.order === "certain" && verdict === "possible-fail" ? ", though its order is certain" : "";
    return [
      `${rule.id}: ${verdict} at ${violations[0]?.at?.point ?? "the end"} of ${violations[0]?.slice ?? "?"}${order}`,
    ];
  });
}

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

const SUBJECTS = SHIPPED.flatMap((file) => shipped(file).profiles.map((profile) => ({ file, profile })));
const isBad = (file: string): boolean => shipped(file).core !== "reference";

describe("the rules that follow from the contract, over all experiments", () => {
  test("are kept by every house that keeps the contract, whatever fault strikes", async () => {
    const alarms: string[] = [];
    for (const { file, profile } of SUBJECTS.filter((one) => !isBad(one.file))) {
      for (const text of await broken(file, profile, "one")) alarms.push(`${file}, ${profile}: ${text}`);
    }
    expect(alarms).toEqual([]);
  }, 300_000);

  test("are kept in every order that may have been", async () => {
    const alarms: string[] = [];
    const faulty = SUBJECTS.filter(({ file, profile }) => file.includes("/faults/") && profile === "documented");
    for (const { file, profile } of faulty.filter((one) => !isBad(one.file))) {
      for (const text of await broken(file, profile, "every")) alarms.push(`${file}: ${text}`);
    }
    expect(alarms).toEqual([]);
  }, 300_000);

  test("are each triggered by one of them, or it is written why by none", async () => {
    for (const { file, profile } of SUBJECTS.filter((one) => isBad(one.file))) await broken(file, profile, "one");
    const silent = FAMILIES.filter(({ id, untriggered }) => !triggered.has(id) && untriggered === undefined);
    expect(silent.map(({ id }) => id)).toEqual([]);
    const excused = FAMILIES.filter(({ id, untriggered }) => triggered.has(id) && untriggered !== undefined);
    expect(excused.map(({ id }) => id)).toEqual([]);
  }, 60_000);
});
