import picocolors from "picocolors";
import type { House } from "../abi/contract.generated.ts";

/** Colours a text, or leaves it as it is. */
export type Paint = (text: string) => string;

/** Characters that not every terminal has. */
export interface Glyphs {
  readonly branch: string;
  readonly last: string;
  readonly line: string;
  readonly gap: string;
  readonly fault: string;
  readonly lock: string;
  readonly more: string;
  readonly yes: string;
  readonly no: string;
  readonly unknown: string;
  readonly arrow: string;
  readonly dot: string;
  readonly dash: string;
  /** What bars of a histogram are made of, the part of them that is told apart, and what they begin at. */
  readonly bar: string;
  readonly shade: string;
  readonly edge: string;
}

const UNICODE: Glyphs = {
  branch: "├─ ",
  last: "└─ ",
  line: "│  ",
  gap: "   ",
  fault: "⚡ ",
  lock: "🔒",
  more: "…",
  yes: "✓",
  no: "✗",
  unknown: "?",
  arrow: "→",
  dot: "·",
  dash: "─",
  bar: "█",
  shade: "▒",
  edge: "│",
};

const ASCII: Glyphs = {
  branch: "|- ",
  last: "`- ",
  line: "|  ",
  gap: "   ",
  fault: "!! ",
  lock: "lock",
  more: "...",
  yes: "ok",
  no: "NO",
  unknown: "?",
  arrow: "->",
  dot: "-",
  dash: "-",
  bar: "#",
  shade: "=",
  edge: "|",
};

/** How things look on this terminal. */
export interface Look {
  readonly columns: number;
  readonly glyphs: Glyphs;
  /** Makes a text ASCII where the terminal is. */
  readonly plain: Paint;
  readonly lane: (house: House) => Paint;
  readonly faint: Paint;
  readonly strong: Paint;
  readonly good: Paint;
  readonly odd: Paint;
  readonly bad: Paint;
}

/** The width for files and pipes, where nobody can ask. */
const COLUMNS_ELSEWHERE = 120;
const COLUMNS_MIN = 60;

/** Signs that texts contain, and what stands for them in ASCII. */
const SPELLED: readonly (readonly [RegExp, string])[] = [
  [/µs/g, "us"],
  [/…/g, "..."],
  [/→/g, "->"],
  [/[·—–─]/g, "-"],
];

/** The look of a terminal. */
export function lookOf(screen: { columns: number | undefined; colour: boolean; unicode: boolean }): Look {
  const paint = picocolors.createColors(screen.colour);
  const lanes: Readonly<Record<House, Paint>> = {
    task: paint.bold,
    vfs: paint.cyan,
    companion: paint.magenta,
    inband: paint.blue,
    nic: paint.green,
    lab: paint.dim,
    any: paint.dim,
  };
  const unmarked: Paint = (text) => text;
  return {
    columns: Math.max(COLUMNS_MIN, screen.columns ?? COLUMNS_ELSEWHERE),
    glyphs: screen.unicode ? UNICODE : ASCII,
    plain: screen.unicode
      ? unmarked
      : (text) => SPELLED.reduce((left, [sign, word]) => left.replace(sign, word), text).replace(/[^\x00-\x7f]/g, "?"),
    lane: (house) => lanes[house],
    faint: paint.dim,
    strong: paint.bold,
    good: paint.green,
    odd: paint.yellow,
    bad: paint.red,
  };
}

/** Signs that take two columns: East Asian ones and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u26a1\u{1f300}-\u{1faff}]/u;

/** How many columns an unpainted text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += WIDE.test(sign) ? 2 : 1;
  return width;
}

/** The text cut to so many columns, the last of them showing that something is missing. */
export function cut(text: string, columns: number, glyphs: Glyphs): string {
  if (widthOf(text) <= columns) return text;
  const room = columns - widthOf(glyphs.more);
  if (room < 0) return glyphs.more.slice(0, Math.max(0, columns));
  let kept = "";
  let width = 0;
  for (const sign of text) {
    width += widthOf(sign);
    if (width > room) break;
    kept += sign;
  }
  return kept.trimEnd() + glyphs.more;
}

/** The text filled up with blanks to so many columns. */
export const pad = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - widthOf(text)));

/** A name or a text from outside without the control characters that could steer a terminal. */
export const harmless = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\x${(sign.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
  );
