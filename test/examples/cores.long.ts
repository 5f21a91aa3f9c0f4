import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startCore, verdictOf, whyNoPython, type ExampleCore } from "./cores.ts";

/** What a core does not pass, and why. Nothing may stand here that it passes. */
const NOT: Readonly<Record<"python" | "typescript", Readonly<Record<string, string>>>> = {
  python: {},
  typescript: {
    "open-called-twice": "it attaches a socket, and this core leaves sockets to the weak default",
    "setfl-reaches-the-core": "it receives out of band on a socket",
    refusals: "it writes a VLAN map that must be refused; a core without one takes everything",
  },
};

/** Not of any core of somebody's own: what it is about is a bad core that ships. */
const ABOUT_A_BAD_CORE = ["stale-index"];

const names = readdirSync("experiments/files").map((file) => file.replace(/\.yaml$/, ""));

describe.each(["python", "typescript"] as const)("all of experiments/files, with the core in %s", (language) => {
  const skipped = language === "python" ? whyNoPython : undefined;
  if (skipped !== undefined) {
    test.skip(skipped, () => undefined);
    return;
  }
  let core: ExampleCore;
  beforeAll(async () => {
    core = await startCore(language);
  });
  afterAll(() => core.stop());

  const passes = names.filter((name) => !ABOUT_A_BAD_CORE.includes(name) && !(name in NOT[language]));
  test.each(passes.flatMap((name) => [[name, "documented"] as const, [name, "as-implemented"] as const]))(
    "%s passes, %s",
    async (name, profile) => {
      expect(verdictOf(await core.run(`experiments/files/${name}.yaml`, profile))).toBe(`${name} passes`);
    },
  );

  test.each(Object.entries(NOT[language]))("%s does not: %s", async (name) => {
    expect(names).toContain(name);
    const report = await core.run(`experiments/files/${name}.yaml`, "documented");
    expect(report.verdict).not.toBe("pass");
  });
});
