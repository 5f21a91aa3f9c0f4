import type { LoadError } from "./errors.ts";

/** How a file is read: its text, or why it cannot be read. The lab itself touches no files. */
export type ReadText = (
  file: string,
) => Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }>;

/** The bytes of a file, or why it cannot be read. */
export type FileBytes =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: string };

/** How a file of bytes is read. */
export type ReadBytes = (file: string) => Promise<FileBytes>;

/** A path that a file names, as one names it from where the file was named. */
export const besideFile = (file: string, path: string): string =>
  path.startsWith("/") ? path : file.slice(0, file.lastIndexOf("/") + 1) + path;

/** Errors as a reader meets them. */
export const inOrder = (errors: readonly LoadError[]): LoadError[] =>
  [...errors].sort((a, b) => a.line - b.line || a.column - b.column);
