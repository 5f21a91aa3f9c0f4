import { closeSync, fstatSync, openSync } from "node:fs";
import type { Available, Libc } from "./libc.ts";
import { createSharedFile, removeSharedFile } from "./shared-file.ts";

/** Two rings in a file that two processes have mapped. */
export interface LinkMemory {
  readonly path: string;
  /** That of the connecting side first. */
  readonly rings: readonly [ArrayBuffer, ArrayBuffer];
  /** Takes the file's name away; both sides have it. */
  forget(): void;
  /** Gives the memory up. */
  close(): void;
}

const PAGE = 4096;
/** What somebody else may make us map. */
const RING_BYTES_MAX = 64 * 1024 * 1024;
const roundUp = (bytes: number): number => Math.ceil(bytes / PAGE) * PAGE;

function map(libc: Libc, path: string, ringBytes: number): Available<LinkMemory & { readonly token: Float64Array }> {
  const parts = [PAGE, roundUp(ringBytes), roundUp(ringBytes)];
  let fd: number | undefined;
  try {
    fd = openSync(path, "r+");
    const found = fstatSync(fd);
    const bytes = parts.reduce((sum, part) => sum + part, 0);
    if (!found.isFile() || found.size !== bytes)
      return { ok: false, why: `${path} has ${found.size} bytes, a link of this size has ${bytes}` };
    const mapped = libc.mapShared(fd, parts);
    if (!mapped.ok) return mapped;
    const [head, there, back] = mapped.value.parts;
    if (head === undefined || there === undefined || back === undefined)
      return { ok: false, why: "nothing was mapped" };
    return {
      ok: true,
      value: {
        path,
        token: new Float64Array(head, 0, 1),
        rings: [there, back],
        forget: () => removeSharedFile(path),
        close: () => mapped.value.letGo(),
      },
    };
  } catch (error) {
    return { ok: false, why: `the memory cannot be opened: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Makes the memory of a link, for the process that connects: only this user can open it.
 *
 * @param token a number that nobody can guess, below 2^53. Who can read it in the file has the file, and not one of the same
 *   name on another host.
 */
export function createLinkMemory(libc: Libc, ringBytes: number, token: number, folder?: string): Available<LinkMemory> {
  const path = createSharedFile(PAGE + 2 * roundUp(ringBytes), folder);
  if (!path.ok) return path;
  const mapped = map(libc, path.value, ringBytes);
  if (mapped.ok) mapped.value.token[0] = token;
  else removeSharedFile(path.value);
  return mapped;
}

/** Opens what another process has made, if it is that. */
export function openLinkMemory(
  libc: Libc,
  offered: { readonly path: string; readonly token: number; readonly ring_bytes: number },
): Available<LinkMemory> {
  if (offered.ring_bytes > RING_BYTES_MAX)
    return { ok: false, why: `a ring of ${offered.ring_bytes} bytes is more than ${RING_BYTES_MAX}` };
  const mapped = map(libc, offered.path, offered.ring_bytes);
  if (!mapped.ok || mapped.value.token[0] === offered.token) return mapped;
  mapped.value.close();
  return { ok: false, why: "the file of that name is another one here: its token differs" };
}
