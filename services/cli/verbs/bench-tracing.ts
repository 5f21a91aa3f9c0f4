import { durationText } from "../../abi/units.ts";
import type { BenchRow, BenchSpread } from "../bench-report.ts";
import type { Look } from "../look.ts";
import { drawTable } from "../table.ts";

/** How much more than with tracing off: the median, and between which the middle half of the rounds lies. */
function moreText(spread: BenchSpread | undefined): string {
  if (spread === undefined) return "";
  const percent = (ratio: number): number => Math.round((ratio - 1) * 100);
  const median = percent(spread.median);
  return `${median > 0 ? "+" : ""}${median} (${percent(spread.low)}..${percent(spread.high)})`;
}

const cpuOf = ({ cpu }: BenchRow): number => (cpu?.callerNs ?? 0) + (cpu?.calleeNs ?? 0);

/** What tracing costs, where a benchmark has measured that: one line for each load of each road. */
export function tracingTable(rows: readonly BenchRow[], look: Look): string[] {
  const right = { align: "right" } as const;
  const cells = rows
    .filter(({ tracing }) => tracing === "off")
    .map((off) => {
      const beside = (tracing: string): BenchRow["besideOff"] =>
        rows.find(
          (row) =>
            row.tracing === tracing &&
            row.runtime === off.runtime &&
            row.road === off.road &&
            row.inFlight === off.inFlight,
        )?.besideOff;
      const [on, exporting] = [beside("on"), beside("exporting")];
      return [
        off.road ?? off.runtime,
        String(off.inFlight ?? ""),
        look.plain(durationText(Math.round(cpuOf(off)))),
        moreText(on?.time),
        moreText(on?.cpu),
        moreText(exporting?.cpu),
      ];
    });
  if (cells.length === 0) return [];
  const columns = [
    { title: "runtime" },
    { title: "in flight", ...right },
    { title: "CPU, off", ...right },
    { title: "on: time", ...right },
    { title: "on: CPU", ...right },
    { title: "export: CPU", ...right },
  ];
  return [
    "",
    "what tracing adds to a call, in % (median of the rounds, middle half of them)",
    ...drawTable(columns, cells, look),
  ];
}
