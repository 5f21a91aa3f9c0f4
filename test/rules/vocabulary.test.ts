import { describe, expect, test } from "@jest/globals";
import { FACTS } from "../../services/rules/atoms/vocabulary.ts";
import { sourcesUnder } from "../tidy/sources.ts";

/** Names of facts in the sources: where they are recorded, and the pairs that a sleep is given. */
function recorded(): Set<string> {
  const sources = sourcesUnder("services").filter(
    ({ path }) => path.endsWith(".ts") && !path.startsWith("services/lab/"),
  );
  const names = sources.flatMap(({ text }) => [
    ...[...text.matchAll(/\bfact\(\s*[^,()]+(?:\([^()]*\))?,\s*"([a-z_]+)"/g)].map((match) => match[1] ?? ""),
    ...[...text.matchAll(/\bnote\(\s*"([a-z_]+)"/g)].map((match) => match[1] ?? ""),
    ...[...text.matchAll(/\bfacts: \["([a-z_]+)", "([a-z_]+)"\]/g)].flatMap((match) => match.slice(1)),
  ]);
  return new Set(names);
}

describe("the facts that an atom can name", () => {
  test("are those that the houses and the boundary record", () => {
    expect([...recorded()].sort()).toEqual(Object.keys(FACTS).sort());
  });
});
