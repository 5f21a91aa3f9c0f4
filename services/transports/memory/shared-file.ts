import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Available } from "./libc.ts";

/** Memory with a file system on it, where Linux has it. */
const TMPFS = "/dev/shm";

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a file of zeros to be mapped: on tmpfs, or in the folder for temporary files. It has a folder of its own that only
 * this user can open.
 *
 * The zeros are written, not left out: storing into a page that the file system has no room for would end the process.
 *
 * @returns its path, for `removeSharedFile` too.
 */
export function createSharedFile(bytes: number, folder = writable(TMPFS) ? TMPFS : tmpdir()): Available<string> {
  let own: string | undefined;
  try {
    own = mkdtempSync(join(folder, "tenon-"));
    const path = join(own, "memory");
    writeFileSync(path, new Uint8Array(bytes), { flag: "wx", mode: 0o600 });
    return { ok: true, value: path };
  } catch (error) {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
    return {
      ok: false,
      why: `${folder} gives no ${bytes} bytes to share: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Takes the name away. Who has mapped the file keeps the memory. */
export function removeSharedFile(path: string): void {
  rmSync(dirname(path), { recursive: true, force: true });
}
