import {
  histogramRows,
  latencyText,
  STATISTICS,
  statisticText,
  type HistogramRow,
  type Latencies,
} from "../abi/latencies.ts";
import type { MeasureReport } from "./backend.ts";
import { harmless, pad, widthOf, type Look } from "./look.ts";

/** When samples were, where an in-band stage stood still for a time. */
const PHASES = ["before", "during", "after"] as const;
const NAME = 8;
const CELL = 10;
const BAR_MAX = 60;

const right = (text: string, columns: number): string => " ".repeat(Math.max(0, columns - widthOf(text))) + text;

/** Statistics on one line, under their names. */
const statisticsLine = (name: string, latencies: Latencies): string =>
  pad(name, NAME) +
  STATISTICS.map((one) => right(one === "count" ? `${latencies.count}` : latencyText(latencies[one]), CELL)).join("");

/** A bar: first what was while the stage ran, then what was while it stood still. What there is at all is seen. */
function bar({ count, part }: HistogramRow, most: number, columns: number, look: Look): string {
  const { bar: full, shade } = look.glyphs;
  const long = Math.max(part > 0 && part < count ? 2 : 1, Math.round((count / most) * columns));
  const shaded =
    part === 0 ? 0 : part === count ? long : Math.max(1, Math.min(long - 1, Math.round((part / count) * long)));
  return look.good(full.repeat(long - shaded)) + look.odd(shade.repeat(shaded));
}

function histogramLines({ all, during }: MeasureReport, look: Look): string[] {
  if (all === undefined) return [];
  const rows = histogramRows(all.buckets, during?.buckets);
  const most = Math.max(...rows.map(({ count }) => count));
  const counts = Math.max(...rows.map(({ count }) => `${count}`.length));
  const columns = Math.min(BAR_MAX, look.columns - CELL - counts - 6);
  return rows.flatMap((row) => [
    ...(row.gap ? [look.faint(right(look.glyphs.more, CELL))] : []),
    `${right(latencyText(row.from), CELL)} ${look.faint(look.glyphs.edge)} ${right(`${row.count}`, counts)} ${bar(row, most, columns, look)}`,
  ]);
}

function measureLine(measure: MeasureReport, look: Look): string[] {
  const { name, title, all, unfinished } = measure;
  const open = unfinished === 0 ? "" : look.odd(`  ${unfinished} did not come to their end`);
  const head = `${look.strong(look.plain(harmless(name)))}${title === undefined ? "" : `: ${look.plain(harmless(title))}`}${open}`;
  if (all === undefined) return [head, look.odd("  nothing of it was measured")];
  const phases = PHASES.flatMap((phase) => {
    const of = measure[phase];
    return of === undefined ? [] : [statisticsLine(phase, of)];
  });
  return [
    head,
    look.faint(pad("", NAME) + STATISTICS.map((one) => right(statisticText(one), CELL)).join("")),
    ...[statisticsLine("all", all), ...phases].map(look.plain),
    ...histogramLines(measure, look).map(look.plain),
  ];
}

/** What was measured, as EVL's latmus draws it: the statistics, and a row for each bucket of the histogram that is not empty. */
export function measureLines(measures: readonly MeasureReport[], look: Look): string[] {
  if (measures.length === 0) return [];
  const { bar: full, shade } = look.glyphs;
  const frozen = measures.some(({ during }) => during !== undefined);
  return [
    `measures${frozen ? look.faint(look.plain(`      ${full} while the in-band stage runs, ${shade} while it stands still`)) : ""}`,
    ...measures.flatMap((one) => measureLine(one, look).map((line) => `  ${line}`)),
  ];
}
