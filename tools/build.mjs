// Compiles services/ and test/ into dist/ with the native tsc, and keeps dist an image of the sources: the output of a
// deleted source goes (Jest would still run it), and a missing output makes tsc forget what it remembers of earlier builds.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const memory = join(root, "dist/.tsbuildinfo");

const filesUnder = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

const orphans = ["dist/services", "dist/test"].flatMap(filesUnder).filter((output) => {
  const source = output.replace(join(root, "dist"), root).replace(/\.js(\.map)?$/, ".ts");
  return !existsSync(source) && !existsSync(`${source}x`);
});
for (const orphan of orphans) rmSync(orphan);

const missing = ["services", "test"]
  .flatMap(filesUnder)
  .filter((source) => /\.tsx?$/.test(source) && !source.endsWith(".d.ts"))
  .map((source) => source.replace(root, join(root, "dist")).replace(/\.tsx?$/, ".js"))
  .some((output) => !existsSync(output));
if (missing) rmSync(memory, { force: true });

// By its path: node_modules/.bin/tsc could also be that of the JavaScript compiler, which the linters bring along.
const tsc = join(root, "node_modules/typescript-native/bin/tsc");
const compile = (project, ...more) =>
  spawnSync(process.execPath, [tsc, "--project", join(root, project), ...more], { stdio: "inherit" }).status ?? 1;
const status = compile("tsconfig.json", ...process.argv.slice(2));
// Errors in what the package exports were said already.
if (status === 0 && process.argv.length === 2) compile("tools/tsconfig.types.json");
// `npx tenon` runs this file by its name, and tsc makes files that cannot be run.
const bin = join(root, "dist/services/runtimes/main.js");
if (existsSync(bin)) chmodSync(bin, 0o755);
process.exitCode = status;
