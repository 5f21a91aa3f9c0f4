import { lstat, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "../../cli/backend.ts";
import type { ReadBytes, ReadText } from "../../lab/load/source.ts";
import { invalid } from "./invalid.ts";

/** The root of the package; this file runs as dist/services/runtimes/backend/files.js. */
const ROOT = new URL("../../../../", import.meta.url);

/** The experiment that newcomers are shown, as one would name it from here. */
export const tourFile = (): string => relative(process.cwd(), fileURLToPath(new URL("experiments/tour.yaml", ROOT)));

let version: string | undefined;

/** The version in package.json; at once, since between a world's first listener and the next one nobody may wait. */
export function packageVersion(): string {
  version ??= (JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as { readonly version: string }).version;
  return version;
}

/** The user's own folder for sockets. By number, since a container's user need not have a name. */
const socketFolder = (): string => join(tmpdir(), `tenon-${process.getuid?.() ?? "user"}`);

/** Where a kernel's control service listens unless it is said: one for each user of this machine. */
export const usualControlAddress = (): string => `unix:${join(socketFolder(), "control.sock")}`;

/**
 * Makes the folder of the usual control socket, for its owner only. Answers why it cannot be used: whoever owns the folder
 * owns what is reached through it, and in a folder for everybody that may be a stranger who was here first.
 */
export async function socketFolderProblem(address: string): Promise<string | undefined> {
  if (address !== usualControlAddress()) return undefined;
  const folder = socketFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(folder);
  const ours = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
  return ours ? undefined : `${folder} is not this user's alone; remove it, or say with --control where else to listen`;
}

/** Why a file cannot be read or written, in words. */
export const reasonOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "a folder";
  if (code === "EACCES") return "a file that may not be read";
  return error instanceof Error ? error.message : String(error);
};

/** Reads a text file, or says why it cannot be read. */
export const readText: ReadText = async (file) => {
  try {
    return { ok: true, text: await readFile(file, "utf8") };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
};

/** Reads a file of bytes, or says why it cannot be read. */
export const readBytes: ReadBytes = async (file) => {
  try {
    return { ok: true, bytes: new Uint8Array(await readFile(file)) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
};

/** Reads a file of so many bytes at most, or says why it cannot be read. A pipe is none: who writes to it may never come. */
export async function readBytesUpTo(file: string, most: number): Promise<Outcome<Uint8Array>> {
  try {
    const found = await stat(file);
    if (!found.isFile() && !found.isDirectory()) return invalid(`${file}: found a pipe or a device`);
    if (found.isFile() && found.size > most)
      return invalid(`${file}: found more than ${most.toLocaleString("en-US")} bytes`);
    return { ok: true, value: new Uint8Array(await readFile(file)) };
  } catch (error) {
    return invalid(`${file}: found ${reasonOf(error)}`);
  }
}

/** Worlds may stand beside the experiments that run in them. */
const isWorld = async (file: string): Promise<boolean> => /^kind: *(World|Rules)\b/m.test(await readFile(file, "utf8"));

/** The experiment files that are named: a folder stands for those in it, at any depth, by name. */
export async function expand(names: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) {
    const isFolder = await stat(name).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      files.push(name);
      continue;
    }
    const inside = await readdir(name, { recursive: true });
    const written = inside.filter((file) => /\.ya?ml$/.test(file)).sort();
    for (const file of written.map((one) => join(name, one))) if (!(await isWorld(file))) files.push(file);
  }
  return files;
}

/** Writes down what is known of a failure of Tenon itself; answers the file. */
export async function keepDetails(error: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-broke-"));
  const file = join(folder, "details.txt");
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await writeFile(file, `${text}\n\nnode ${process.version}, ${process.platform} ${process.arch}\n`);
  return file;
}
