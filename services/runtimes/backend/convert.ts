import { basename } from "node:path";
import { hash53 } from "../../abi/hash.ts";
import { open, rename, rm, stat } from "node:fs/promises";
import type { TraceEvent } from "../../abi/event.ts";
import type { Outcome } from "../../cli/backend.ts";
import type { ConvertRequest, Converted } from "../../cli/convert-request.ts";
import type { Converter, Format } from "../../telemetry/convert/converter.ts";
import { createMermaid } from "../../telemetry/convert/mermaid.ts";
import { createOtlp } from "../../telemetry/convert/otlp.ts";
import { createPerfetto } from "../../telemetry/convert/perfetto.ts";
import type { Passes } from "../../telemetry/filter/compile.ts";
import type { SpanWorld } from "../../telemetry/span.ts";
import { packageVersion, reasonOf } from "./files.ts";
import { createFrameConverter } from "./frames.ts";
import { invalid } from "./invalid.ts";
import { readTrace } from "./trace-file.ts";

const ENDINGS: Readonly<Record<Format, string>> = {
  perfetto: ".pftrace",
  otlp: ".otlp.jsonl",
  mermaid: ".mmd",
  pcapng: ".pcapng",
};

const ARROWS_MAX = 200;

/** Where the result goes unless it is said: beside the trace. */
const besideOf = (file: string, to: Format): string => file.replace(/\.jsonl$/, "") + ENDINGS[to];

type Write = (chunk: string | Uint8Array) => void;

/**
 * What is known of the world of a trace file. Its instants count from when the file was written: they have to be some time,
 * and a viewer that asks for the last hour shall find them. Its number is made of the file's name and size: a trace that is
 * converted again keeps its ids, and another one has others.
 */
async function worldOf(file: string): Promise<SpanWorld> {
  const { mtimeNs, size } = file === "-" ? { mtimeNs: 0n, size: 0n } : await stat(file, { bigint: true });
  return {
    origin: hash53(`${basename(file)} ${size}`),
    bootUnixNs: mtimeNs,
    profile: "documented",
    seed: 0n,
    runtime: "",
    version: packageVersion(),
  };
}

async function converterOf(
  request: ConvertRequest,
  out: string | undefined,
  write: Write,
): Promise<Outcome<Converter>> {
  const { max = ARROWS_MAX, facts = false } = request;
  switch (request.to) {
    case "mermaid":
      return { ok: true, value: createMermaid(write, { max, facts }) };
    case "perfetto":
      return { ok: true, value: createPerfetto(write) };
    case "otlp":
      try {
        return { ok: true, value: createOtlp(write, await worldOf(request.file)) };
      } catch (error) {
        return invalid(`${request.file}: found ${reasonOf(error)}; allowed is a trace in JSON Lines`);
      }
    case "pcapng":
      return createFrameConverter(request, out, write);
  }
}

/**
 * What a filter lets through when calls stay whole: a call passes when one of its ends does. The trace is read once more
 * for it, since the end of a call is not known at its beginning.
 */
async function wholeCalls(request: ConvertRequest, passes: Passes): Promise<Outcome<Passes>> {
  if (request.file === "-")
    return invalid("a filter needs the trace twice; found the standard input, allowed is a file");
  const spans = new Set<number>();
  const read = await readTrace(
    request.file,
    (events) => {
      for (const event of events) if (event.phase !== "fact" && passes(event)) spans.add(event.span);
    },
    request.stop,
  );
  if (!read.ok) return read;
  const keeps = (event: TraceEvent): boolean => (event.phase === "fact" ? passes(event) : spans.has(event.span));
  return { ok: true, value: keeps };
}

/** Runs the trace through a converter; `flush` writes what it has made so far. */
async function pour(
  request: ConvertRequest,
  made: Outcome<Converter>,
  flush: () => Promise<void>,
): Promise<Outcome<Omit<Converted, "file">>> {
  if (!made.ok) return made;
  const converter = made.value;
  const chosen = request.passes === undefined ? undefined : await wholeCalls(request, request.passes);
  if (chosen?.ok === false) return chosen;
  const passes = chosen?.value;
  let count = 0;
  const read = await readTrace(
    request.file,
    async (events) => {
      for (const event of events) {
        if (passes?.(event) === false) continue;
        count++;
        converter.add(event);
      }
      await flush();
    },
    request.stop,
  );
  if (!read.ok) return read;
  if (request.stop.aborted)
    return { ok: false, trouble: { kind: "broke", lines: ["convert: stopped before it ended"] } };
  if (count === 0) return invalid(`${request.file}: none of its ${read.value} events passes the filter`);
  const notes = converter.end();
  await flush();
  return { ok: true, value: { events: count, notes } };
}

/** Makes something else of a trace file. The result is there when it is whole: until then it has another name. */
export async function convert(request: ConvertRequest): Promise<Outcome<Converted>> {
  const { file, to, onText } = request;
  if (onText !== undefined) {
    const decoder = new TextDecoder();
    const write: Write = (chunk) => onText(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    return pour(request, await converterOf(request, undefined, write), () => Promise.resolve());
  }
  const out = request.out ?? besideOf(file, to);
  if (out === file) return invalid(`--out ${out}: it is the trace itself; allowed is another file`);
  const part = `${out}.part`;
  let chunks: Uint8Array[] = [];
  const write: Write = (chunk) => void chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  try {
    const handle = await open(part, "w");
    try {
      const flush = async (): Promise<void> => {
        const bytes = Buffer.concat(chunks);
        chunks = [];
        if (bytes.length > 0) await handle.writeFile(bytes);
      };
      const poured = await pour(request, await converterOf(request, out, write), flush);
      if (!poured.ok) return poured;
      await rename(part, out);
      return { ok: true, value: { file: out, ...poured.value } };
    } finally {
      await handle.close();
      await rm(part, { force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return invalid(`--out ${out}: found ${reasonOf(error)}; allowed is a file that can be written`);
  }
}
