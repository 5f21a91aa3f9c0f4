import Table from "cli-table3";
import { cut, widthOf, type Look } from "./look.ts";

/** A column: its title, which side its cells stand on, and what gives way when the table is too wide. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Cells of this column are wrapped to make the table fit. At most one column of a table. */
  readonly gives?: true;
}

const NO_FRAME = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

const GIVES_TO = 12;

/** A table without lines: titles, then the rows. Cells may be painted, and have several lines. */
export function drawTable(columns: readonly Column[], rows: readonly (readonly string[])[], look: Look): string[] {
  if (rows.length === 0) return [];
  const bare = (cell: string): number =>
    Math.max(
      ...cell
        .replace(/\x1b\[[\d;]*m/g, "")
        .split("\n")
        .map(widthOf),
    );
  const widths = columns.map(({ title }, index) => Math.max(bare(title), ...rows.map((row) => bare(row[index] ?? ""))));
  const total = widths.reduce((sum, width) => sum + width, 0) + 2 * (columns.length - 1);
  const giving = columns.findIndex(({ gives }) => gives === true);
  const over = total - look.columns;
  if (giving >= 0 && over > 0) widths[giving] = Math.max(GIVES_TO, (widths[giving] ?? 0) - over);
  const table = new Table({
    chars: NO_FRAME,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    head: columns.map(({ title }) => look.faint(title)),
    colAligns: columns.map(({ align }) => align ?? "left"),
    colWidths: widths,
    wordWrap: true,
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** A text broken at blanks into lines of at most so many columns. */
export function wrapText(text: string, columns: number, look: Look): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(cut(word, columns, look.glyphs));
  }
  return lines;
}
