import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository; this file runs as dist/test/tidy/sources.js. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Source {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Made by tools, or local to one checkout: nothing that is committed. */
const NOT_SOURCE = new Set(["node_modules", "dist", "coverage", ".git", ".tenon", ".idea", ".vscode"]);

/** All text files of the repository under these folders. */
export function sourcesUnder(folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): Source[] => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (NOT_SOURCE.has(entry.name)) return [];
    if (entry.isDirectory()) return sourcesUnder(path);
    if (!entry.isFile()) return [];
    const text = readFileSync(join(root, path), "utf8");
    return text.includes("\0") ? [] : [{ path, text }];
  });
}

/** Says `path:line: why` for every line in which one of the needles stands, comments apart. */
export function offences(sources: readonly Source[], why: Readonly<Record<string, string>>): string[] {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      /^\s*(\/\/|\/?\*)/.test(line)
        ? []
        : Object.entries(why)
            .filter(([needle]) => line.includes(needle))
            .map(([needle, replacement]) => `${path}:${index + 1}: ${needle} is banned here; use ${replacement}`),
    ),
  );
}
