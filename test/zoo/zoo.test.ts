import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { root } from "../tidy/sources.ts";
import { edited } from "./edits.ts";
import { complaintsAbout, findingsOf } from "./findings.ts";
import type { Mutant } from "./mutant.ts";
import { ZOO } from "./zoo.ts";

/** Which of the mutants live in npm test; all of them do in the long run. */
const SAMPLE = ZOO.filter((_, at) => at % 6 === 0);

const compiled = (file: string): string => readFileSync(join(root, "dist", file.replace(/\.ts$/, ".js")), "utf8");

const CANARY: Mutant = {
  name: "canary",
  house: "vfs",
  story: "A kernel without any bug, which no rule may find.",
  source: "facts/experiments 7.4, canary",
  trigger: "none",
  experiment: "experiments/files/dup-then-close.yaml",
  profile: "documented",
  edits: [],
  rules: [],
};

describe("the zoo", () => {
  test("has at least sixty mutants, no two alike, of every house and of every trigger class", () => {
    expect(ZOO.length).toBeGreaterThanOrEqual(60);
    expect(new Set(ZOO.map(({ name }) => name)).size).toBe(ZOO.length);
    expect(new Set(ZOO.map(({ house }) => house)).size).toBe(5);
    expect(new Set(ZOO.map(({ trigger }) => trigger))).toEqual(
      new Set(["none", "fault", "schedule", "both", "two faults"]),
    );
  });

  test("says of each what goes wrong, where that was learnt, and which rules find it or why none does", () => {
    for (const { story, source, rules, survives, experiment } of ZOO) {
      expect(story.length).toBeGreaterThan(30);
      // A divergence or a mutant of the literature by its number, or a sentence.
      expect(source).toMatch(/^[DQm]\d+|.{9}/);
      expect(rules.length > 0).toBe(survives === undefined);
      expect(existsSync(join(root, experiment))).toBe(true);
    }
  });

  test("edits exactly one place each time", () => {
    for (const { edits } of ZOO) for (const edit of edits) edited(compiled(edit.file), [edit]);
  });

  test("makes a loud noise when an edit fits no place, or two", () => {
    expect(() => edited("a b", [{ file: "x.ts", find: "c", replace: "" }])).toThrow("x.ts: found 0 places");
    expect(() => edited("a a", [{ file: "x.ts", find: "a", replace: "" }])).toThrow("x.ts: found 2 places");
  });

  test("reports a kernel without a bug as a survivor in which nothing differs", async () => {
    const findings = await findingsOf([CANARY]);
    expect(findings.flatMap(complaintsAbout)).toEqual([
      "canary: nothing differs from a sound kernel",
      "canary: no rule finds it",
    ]);
  }, 60_000);

  test("is found by the rules, every sixth of it, and no sound kernel is suspected", async () => {
    const findings = await findingsOf(SAMPLE);
    expect(findings).toHaveLength(SAMPLE.length);
    expect(findings.flatMap(complaintsAbout)).toEqual([]);
  }, 300_000);
});
