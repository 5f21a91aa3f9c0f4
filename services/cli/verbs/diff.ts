import { didYouMean } from "../../abi/closest.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { diffTraces, type Difference } from "../../telemetry/diff/index.ts";
import { FILTER_FIELDS } from "../../telemetry/filter/fields.ts";
import { differenceLines, inWords } from "../trace/difference.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";

/** What `tenon diff` was given. */
export interface DiffOptions {
  readonly strict?: true;
  readonly ignore?: readonly string[];
  readonly json?: true;
}

/** Fields that --ignore knows besides those of filters. */
const MORE = ["timeNs", "locks", "within"];

async function readAll({ backend, io }: Tools, file: string) {
  const events: TraceEvent[] = [];
  const read = await backend.readTrace(file, (some) => some.forEach((event) => events.push(event)), io.stop);
  return read.ok ? { ok: true as const, events } : read;
}

/** A difference as data: the events as trace files have them. */
function dataOf({ backend }: Tools, { t, sequence, a, b, fields, around }: Difference): object {
  const line = (event: TraceEvent): unknown => JSON.parse(backend.lineOf(event));
  return {
    kind: t,
    where: sequence,
    ...(a !== undefined && { a: line(a) }),
    ...(b !== undefined && { b: line(b) }),
    fields,
    around: { a: around.a.events.map(line), b: around.b.events.map(line) },
  };
}

/** `tenon diff A B`: 0 where both tell the same, 1 where they do not, and then the first difference. */
export async function diff(tools: Tools, fileA: string, fileB: string, options: DiffOptions): Promise<ExitCode> {
  const { look, print, complain, invalid } = tools;
  const { ignore = [], strict, json } = options;
  const known = [...FILTER_FIELDS, ...MORE];
  const strange = ignore.find((field) => !known.includes(field));
  if (strange !== undefined) {
    return invalid(`--ignore: found ${strange}, which no event has${didYouMean(strange, known)}`);
  }
  const a = await readAll(tools, fileA);
  if (!a.ok) return complain(a.trouble);
  const b = await readAll(tools, fileB);
  if (!b.ok) return complain(b.trouble);
  const ignored = new Set(ignore.map((field) => (field === "holds" ? "locks" : field === "time" ? "timeNs" : field)));
  const { first, count } = diffTraces(a.events, b.events, { strict: strict !== undefined, ignored });
  const events = { a: a.events.length, b: b.events.length };
  if (json !== undefined) {
    const data = { same: first === undefined, differences: count, events };
    print(JSON.stringify({ ...data, ...(first !== undefined && { first: dataOf(tools, first) }) }, undefined, 2));
  } else if (first === undefined) {
    const what =
      strict === undefined ? "the same, in the same order where causes decide it" : "the same events in the same order";
    const counts = events.a === events.b ? `${events.a} events` : `${events.a} and ${events.b} events`;
    print(look.good(look.plain(`${what} (${counts})`)));
  } else {
    print(look.bad(look.plain(inWords(first))), "", ...differenceLines(first, { a: fileA, b: fileB }, look));
    if (count > 1) print("", look.plain(`${count - 1} more, which may follow from it`));
  }
  return first === undefined ? EXIT.pass : EXIT.fail;
}
