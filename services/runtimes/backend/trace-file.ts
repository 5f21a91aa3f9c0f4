import { createReadStream } from "node:fs";
import { CONTRACT } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Outcome } from "../../cli/backend.ts";
import { lineToEvent } from "../../lab/trace-file.ts";
import { reasonOf } from "./files.ts";
import { invalid } from "./invalid.ts";

/** So many events are handed over at once: enough to be fast, few enough to be shown while more is read. */
const BATCH = 1000;

const FORM = "allowed is a trace in JSON Lines, as tenon run --trace writes it";

/** Reads a line; a crossing must be one of the contract, or nobody could tell who called whom. */
function eventIn(line: string): TraceEvent | string {
  const read = lineToEvent(line);
  if (!read.ok) return read.reason;
  const { point, phase } = read.event;
  if (phase === "fact" || Object.hasOwn(CONTRACT, point)) return read.event;
  return `point: found ${point}, which is no point of the contract`;
}

/**
 * Reads a trace file (`-`: the standard input) and hands over its events in their order, a batch at a time; the next one is
 * read when the last one is done with, so that no file is too large. Answers how many there were, or in one line why it is
 * no trace.
 *
 * @param stop ends reading early, without a complaint.
 */
export async function readTrace(
  file: string,
  take: (events: readonly TraceEvent[]) => void | Promise<void>,
  stop?: AbortSignal,
): Promise<Outcome<number>> {
  let batch: TraceEvent[] = [];
  let [number, count, rest] = [0, 0, ""];
  let problem: string | undefined;
  const wrong = (line: string, isLast: boolean): string | undefined => {
    number++;
    if (line.trim() === "") return undefined;
    const event = eventIn(line);
    if (typeof event === "string")
      return `${file}:${number}: ${isLast ? "the file ends inside a line" : event}; ${FORM}`;
    batch.push(event);
    count++;
    return undefined;
  };
  const handOver = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length > 0) await take(full);
  };
  try {
    const stream = file === "-" ? process.stdin : createReadStream(file);
    stream.setEncoding("utf8");
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        problem ??= wrong(line, false);
        if (batch.length >= BATCH) await handOver();
      }
      if (problem !== undefined || stop?.aborted === true) break;
    }
  } catch (error) {
    return invalid(`${file}: found ${reasonOf(error)}; ${FORM}`);
  }
  // A last line without its end is a line all the same, if it is whole.
  if (stop?.aborted !== true && problem === undefined) problem = wrong(rest, true);
  if (problem !== undefined) return invalid(problem);
  if (count === 0 && stop?.aborted !== true) return invalid(`${file}: found no event in it; ${FORM}`);
  await handOver();
  return { ok: true, value: count };
}
