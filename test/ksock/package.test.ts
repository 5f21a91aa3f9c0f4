import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";

/** What the example of the room's README leaves to its reader. */
const READERS = `
declare function read(s: K.ksocket_t, arg: { n: number }, msglen: number): void;
declare const state: { n: number };
`;

test("a program in an empty folder has the types of the client, with the example of its README as it stands", () => {
  const example = /```ts\n([^]*?)```/.exec(readFileSync("services/ksock/README.md", "utf8"))?.[1] ?? "";
  expect(example).toContain('from "tenon/ksock"');
  const folder = mkdtempSync(join(tmpdir(), "tenon-ksock-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules/tenon"), "dir");
    symlinkSync(resolve("node_modules/@types"), join(folder, "node_modules/@types"), "dir");
    const compilerOptions = { module: "nodenext", target: "es2023", strict: true, noEmit: true, types: ["node"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    const check = (program: string): string => {
      writeFileSync(join(folder, "program.ts"), program);
      try {
        execFileSync(process.execPath, [resolve("node_modules/typescript-native/bin/tsc"), "--project", folder]);
        return "";
      } catch (error) {
        return String((error as { stdout?: unknown }).stdout);
      }
    };
    expect(check(example + READERS)).toBe("");
    expect(check(example.replace("SOCK_STREAM, 0", 'SOCK_STREAM, "0"') + READERS)).toMatch(/program\.ts.*TS2345/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
