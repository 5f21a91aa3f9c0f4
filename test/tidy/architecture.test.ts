import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { root } from "./sources.ts";

interface CruiseResult {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Cruises `services` of that folder with the repository's rules. */
async function cruise(folder: string): Promise<CruiseResult["summary"]> {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [program, "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "services"];
  const json = await new Promise<string>((resolve, reject) => {
    // It exits with the number of violations, so the exit code alone is no reason to give up.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
      if (stdout === "") reject(new Error(`dependency-cruiser printed nothing: ${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
  return (JSON.parse(json) as CruiseResult).summary;
}

const described = (summary: CruiseResult["summary"]): string[] =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();

describe("the rooms import only whom they may", () => {
  test("services keep the rules of .dependency-cruiser.cjs", async () => {
    const summary = await cruise(root);
    expect(summary.totalCruised).toBeGreaterThan(0);
    expect(described(summary)).toEqual([]);
  }, 60_000);

  test("each broken import of the fixture is named by its rule", async () => {
    expect(described(await cruise(join(root, "test/tidy/fixtures/broken-architecture")))).toEqual([
      "house-imports-house: services/vfs/open.ts -> services/companion/fd-index.ts",
      "model-is-pure: services/vfs/model/file-table.ts -> fs",
      "transports-imports: services/transports/local.ts -> services/companion/fd-index.ts",
    ]);
  }, 60_000);
});
