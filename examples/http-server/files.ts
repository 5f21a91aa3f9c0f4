/* What a file server says to a request: which file is meant, whether the client may have it, which bytes of it. */
import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

/** A file that is served, or the status that says why not. */
export type Found =
  | { readonly ok: true; readonly path: string; readonly stats: Stats; readonly type: string }
  | { readonly ok: false; readonly status: 400 | 403 | 404 };

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** The path that a request target names, decoded (RFC 3986 §2.1); undefined for what is none. */
function pathOf(target: string): string | undefined {
  // Only the origin form names a file (RFC 9112 §3.2.1). What is behind the question mark is not for us.
  if (!target.startsWith("/")) return undefined;
  try {
    const path = decodeURIComponent(target.split(/[?#]/, 1)[0] ?? "");
    return path.includes("\0") ? undefined : path;
  } catch {
    return undefined;
  }
}

/**
 * Finds the file of a request target in a folder. Nothing outside of the folder is ever found: not by `..`, however it is
 * written, and not by a link that leads out.
 *
 * @param root the folder, with all links resolved.
 */
export async function findFile(root: string, target: string): Promise<Found> {
  const path = pathOf(target);
  if (path === undefined) return { ok: false, status: 400 };
  if (path.split(/[\\/]/).includes("..")) return { ok: false, status: 403 };
  try {
    const real = await realpath(join(root, path.endsWith("/") ? `${path}index.html` : path));
    if (!real.startsWith(root + sep)) return { ok: false, status: 403 };
    const stats = await stat(real);
    if (!stats.isFile()) return { ok: false, status: 404 };
    return { ok: true, path: real, stats, type: TYPES[extname(real)] ?? "application/octet-stream" };
  } catch {
    return { ok: false, status: 404 };
  }
}

/** The bytes that are asked for: all, a range of them, or none that there are. */
export type Range = { readonly start: number; readonly end: number } | "all" | "unsatisfiable";

/** Reads a Range header (RFC 9110 §14.1.2). Several ranges, and what cannot be read, mean the whole file (§14.2). */
export function rangeOf(header: string | undefined, size: number): Range {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return "all";
  if (first === "") {
    const bytes = Math.min(Number(last), size);
    return bytes === 0 ? "unsatisfiable" : { start: size - bytes, end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return "all";
  return start >= size ? "unsatisfiable" : { start, end };
}
