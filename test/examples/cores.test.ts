import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startCore, verdictOf, whyNoPython, type ExampleCore } from "./cores.ts";

/** Of each part of a core one experiment; all of them are in cores.long.ts. */
const SOME = ["close-with-reader", "dup2-moves", "exec-cloexec", "hook-duplicated", "refusals", "open-called-twice"];
/** These need what the TypeScript core leaves out. */
const MORE = ["refusals", "open-called-twice"];

describe.each(["python", "typescript"] as const)("the core in %s that ships as an example", (language) => {
  const skipped = language === "python" ? whyNoPython : undefined;
  if (skipped !== undefined) {
    test.skip(skipped, () => undefined);
    return;
  }
  let core: ExampleCore;
  beforeAll(async () => {
    core = await startCore(language);
  }, 30_000);
  afterAll(() => core.stop());

  test.each(SOME.filter((name) => language === "python" || !MORE.includes(name)))(
    "boots a node and passes %s, judged by what it tells of itself",
    async (name) => {
      const report = await core.run(`experiments/files/${name}.yaml`, "documented");
      expect(verdictOf(report)).toBe(`${name} passes`);
      expect(report.rules.filter(({ untold }) => untold !== undefined)).toEqual([]);
      expect(report.rules.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(100);
    },
    60_000,
  );
});

test("the cores that ship know nothing of Tenon but its protos", () => {
  const sources = ["core", "hooks", "events"].map((name) =>
    readFileSync(`examples/core-typescript/${name}.ts`, "utf8"),
  );
  const imported = sources.flatMap((text) => [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from));
  expect([...new Set(imported)].sort()).toEqual([
    "./events.ts",
    "./hooks.ts",
    "@grpc/grpc-js",
    "@grpc/proto-loader",
    "node:fs",
    "node:path",
  ]);
});
