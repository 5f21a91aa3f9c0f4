import type { Io } from "./io.ts";
import { cut, type Look } from "./look.ts";

/** The one line at the bottom of a terminal that tells what is being done. Nothing of it reaches a file. */
export interface StatusLine {
  show(text: string): void;
  /** Takes it away, so that other lines can be written. */
  clear(): void;
}

const ERASE = "\r\x1b[2K";

/** A status line on the standard error, or none where nobody watches. */
export function createStatusLine(io: Pick<Io, "stderr" | "isTTY">, look: Look): StatusLine {
  let shown = "";
  if (!io.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show(text) {
      const line = cut(look.plain(text), look.columns - 1, look.glyphs);
      if (line === shown) return;
      shown = line;
      io.stderr(ERASE + look.faint(line));
    },
    clear() {
      if (shown === "") return;
      shown = "";
      io.stderr(ERASE);
    },
  };
}
