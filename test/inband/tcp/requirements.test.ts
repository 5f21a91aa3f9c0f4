import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { Requirement } from "./requirement.ts";
import { RFC_9293 } from "./requirements-9293.ts";
import { OTHER_RFCS } from "./requirements-others.ts";

const SOURCES = new URL("../../../../test/inband/", import.meta.url);

/** All tests of the in-band house, as text: names are looked for as they are written. */
const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(test|long)\.ts$/.test(file) && !file.endsWith("requirements.test.ts"))
  .map((file) => readFileSync(new URL(file, SOURCES), "utf8"))
  .join("\n");

const range = (word: string, last: number): readonly string[] =>
  Array.from({ length: last }, (_, at) => `${word}-${String(at + 1)}`);

const ALL: readonly Requirement[] = [...RFC_9293, ...OTHER_RFCS];

describe("the requirements of the RFCs", () => {
  test("every id of RFC 9293 Appendix B has its line, and each once", () => {
    const ids = [...range("MUST", 69), ...range("SHLD", 31), ...range("MAY", 18), "REC-1"];
    expect(RFC_9293.map(({ id }) => id)).toEqual(ids);
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
  });

  test("what is met is shown by tests that exist", () => {
    const missing = ALL.flatMap(({ id, tests }) =>
      tests.filter((name) => !sources.includes(`"${name}"`)).map((name) => `${id}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test("what is met names a test, and what is not says why", () => {
    for (const { id, outcome, tests, why } of ALL) {
      const shown = outcome === "met" || outcome === "met in part";
      expect({ id, shown: tests.length > 0 }).toEqual({ id, shown });
      expect({ id, why: why !== "" }).toEqual({ id, why: outcome !== "met" });
    }
  });

  test("all MUSTs of RFC 9293 are met but for source routes", () => {
    const left = RFC_9293.filter(({ id, outcome }) => id.startsWith("MUST") && outcome === "not done");
    expect(left.map(({ id }) => id)).toEqual(["MUST-51", "MUST-52", "MUST-53"]);
  });
});
