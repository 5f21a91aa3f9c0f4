import { didYouMean } from "../../abi/closest.ts";
import { durationText } from "../../abi/units.ts";
import type { BenchReport, BenchRow } from "../bench-report.ts";
import { drawTable } from "../table.ts";
import { tracingTable } from "./bench-tracing.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";

/** What `tenon bench` was given. */
export interface BenchOptions {
  readonly json?: true;
  readonly soak?: number;
  readonly seconds?: number;
}

/** Where a row was measured: the runtime, and which of its roads. */
const placeOf = ({ runtime, road }: BenchRow): string => (road === undefined ? runtime : `${runtime} ${road}`);

/** What a row was measured under; a row and its floor have it in common. */
const loadOf = ({ inFlight, bytes, burst }: BenchRow): string =>
  inFlight !== undefined ? `${inFlight} in flight` : `${bytes ?? 0} bytes x ${burst ?? 1}`;

const timeOf = (ns: number | undefined): string => (ns === undefined ? "" : durationText(Math.round(ns)));

/** So many a second; bytes in millions. */
const rateOf = ({ perSecond, unit }: BenchRow): string =>
  unit === "bytes" ? `${(perSecond / 1e6).toFixed(1)} MB` : Math.round(perSecond).toLocaleString("en-US");

/** The floor that was measured beside a row: the same road and load, with nothing of Tenon around it. */
const floorOf = (row: BenchRow, rows: readonly BenchRow[]): BenchRow | undefined =>
  row.floor
    ? undefined
    : rows.find(
        (other) =>
          other.floor && other.bench === row.bench && placeOf(other) === placeOf(row) && loadOf(other) === loadOf(row),
      );

/** How a row stands to its floor: its p50 as a multiple, its rate as a share. */
function againstFloor(
  row: BenchRow,
  rows: readonly BenchRow[],
): { readonly p50?: number; readonly rate: number } | undefined {
  const floor = floorOf(row, rows);
  if (floor === undefined || floor.perSecond <= 0) return undefined;
  const rate = row.perSecond / floor.perSecond;
  if (row.p50Ns === undefined || floor.p50Ns === undefined || floor.p50Ns <= 0) return { rate };
  return { p50: row.p50Ns / floor.p50Ns, rate };
}

function benchTable({ machine, rows, notes }: BenchReport, { look }: Tools): string[] {
  const right = { align: "right" } as const;
  const several = new Set(rows.map(({ bench }) => bench)).size > 1;
  const callsOnly = rows.every(({ inFlight }) => inFlight !== undefined);
  const tail = rows.some(({ p999Ns }) => p999Ns !== undefined);
  const longest = rows.some(({ maxNs }) => maxNs !== undefined);
  const cells = rows.map((row) => {
    const against = againstFloor(row, rows);
    const paint = row.floor ? look.faint : (text: string) => text;
    return [
      ...(several ? [paint(row.bench)] : []),
      paint(row.road ?? row.runtime),
      paint(look.plain(row.what)),
      paint(callsOnly ? String(row.inFlight) : loadOf(row)),
      paint(look.plain(timeOf(row.p50Ns))),
      paint(look.plain(timeOf(row.p99Ns))),
      ...(tail ? [paint(look.plain(timeOf(row.p999Ns)))] : []),
      ...(longest ? [paint(look.plain(timeOf(row.maxNs)))] : []),
      paint(rateOf(row)),
      against?.p50 === undefined ? "" : `${against.p50.toFixed(2)}x`,
      against === undefined ? "" : `${Math.round(against.rate * 100)} %`,
    ];
  });
  const columns = [
    ...(several ? [{ title: "bench" }] : []),
    { title: "runtime" },
    { title: "what", gives: true as const },
    { title: callsOnly ? "in flight" : "load", ...right },
    { title: "p50", ...right },
    { title: "p99", ...right },
    ...(tail ? [{ title: "p99.9", ...right }] : []),
    ...(longest ? [{ title: "max", ...right }] : []),
    { title: "a second", ...right },
    { title: "x floor", ...right },
    { title: "rate", ...right },
  ];
  const honest = "wall-clock figures of the emulator: they say nothing about real-time latency";
  return [
    look.faint(look.plain(machine)),
    ...drawTable(columns, cells, look),
    ...tracingTable(rows, look),
    "",
    ...notes.map(look.plain),
    look.faint(honest),
  ];
}

/** `tenon bench [NAME…]`: measures, and prints the table. */
export async function bench(tools: Tools, names: readonly string[], options: BenchOptions): Promise<ExitCode> {
  const { backend, io, look, status, print, complain, invalid } = tools;
  const known = backend.benches.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    return invalid(`${stranger} is no benchmark${didYouMean(stranger, known)} (benchmarks: ${known.join(", ")})`);
  }
  const measured = await backend.bench({
    names,
    ...(options.soak === undefined ? {} : { soak: options.soak }),
    ...(options.seconds === undefined ? {} : { seconds: options.seconds }),
    onProgress: (doing) => status.show(doing),
    stop: io.stop,
  });
  status.clear();
  if (!measured.ok && io.stop.aborted) {
    print(look.odd("stopped before anything was measured to its end"));
    return EXIT.inconclusive;
  }
  if (!measured.ok) return complain(measured.trouble);
  const report = measured.value;
  if (options.json !== undefined) {
    const rows = report.rows.map((row) => ({ ...row, floorRatio: againstFloor(row, report.rows) ?? null }));
    print(JSON.stringify({ ...report, rows }, undefined, 2));
  } else {
    print(...benchTable(report, tools));
  }
  return EXIT.pass;
}
