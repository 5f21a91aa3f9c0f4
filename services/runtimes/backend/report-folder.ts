import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome } from "../../cli/backend.ts";
import type { Files } from "../../report/render.ts";
import { reasonOf } from "./files.ts";
import { invalid } from "./invalid.ts";

/** Sees to it that there is a folder for reports; answers it, or in one line why there cannot be. */
export async function folderFor(folder: string): Promise<Outcome<string>> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === false)
    return invalid(`--report ${folder}: found a file, allowed is a folder; it is made where there is none`);
  try {
    await mkdir(folder, { recursive: true });
    return { ok: true, value: folder };
  } catch (error) {
    return invalid(`--report ${folder}: found ${reasonOf(error)}; allowed is a folder that can be made`);
  }
}

/** Writes files into the folder, each under another name until it is whole. */
export async function writeAll(folder: string, files: Files): Promise<Outcome<undefined>> {
  try {
    for (const [name, text] of files) {
      const part = join(folder, `.${name}.part`);
      await writeFile(part, text);
      await rename(part, join(folder, name));
    }
    return { ok: true, value: undefined };
  } catch (error) {
    return invalid(`--report ${folder}: found ${reasonOf(error)}; allowed is a folder that can be written`);
  }
}
