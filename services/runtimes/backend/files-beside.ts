import { hash53 } from "../../abi/hash.ts";
import { parseSeed } from "../../abi/seed.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Journal } from "../../lab/run/journal.ts";
import { eventToLine } from "../../lab/trace-file.ts";
import { ENDINGS } from "../../report/input.ts";
import type { Converter } from "../../telemetry/convert/converter.ts";
import { createMermaid } from "../../telemetry/convert/mermaid.ts";
import { createOtlp } from "../../telemetry/convert/otlp.ts";
import { createPerfetto } from "../../telemetry/convert/perfetto.ts";
import { bootEpochMs } from "../real-clock.ts";
import { packageVersion } from "./files.ts";

/** A run of which files are made. */
interface Made {
  readonly journal: Journal;
  readonly events: readonly TraceEvent[];
  /** The line that does it again. */
  readonly again: string;
  readonly file: string;
}

const ARROWS_MAX = 200;

type Chunk = string | Uint8Array;

/** What a converter makes of all events. */
function converted(events: readonly TraceEvent[], create: (write: (chunk: Chunk) => void) => Converter): Uint8Array {
  const chunks: Uint8Array[] = [];
  const converter = create((chunk) => void chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  for (const event of events) converter.add(event);
  converter.end();
  return Buffer.concat(chunks);
}

/** All that it takes to do a run again, for machines. */
function reproText({ journal, again, file }: Made, version: string): string {
  const { id, seed, profile, mode, subject, faults } = journal;
  const data = {
    tool: { name: "tenon", version },
    id,
    command: again,
    file,
    seed,
    profile,
    runtime: mode,
    core: subject.core,
    faults: faults.map(({ rule }) => rule),
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** The files that an experiment asks for besides its page and its journal. */
export async function filesBeside(
  made: Made,
  base: string,
  outputs: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Chunk>> {
  const { journal, events } = made;
  const version = packageVersion();
  const files = new Map<string, Chunk>();
  const put = (output: keyof typeof ENDINGS, make: () => Chunk): void => {
    if (outputs.has(output)) files.set(`${base}${ENDINGS[output]}`, make());
  };
  put("trace", () => events.map((event) => `${eventToLine(event)}\n`).join(""));
  put("mermaid", () => converted(events, (write) => createMermaid(write, { max: ARROWS_MAX, facts: false })));
  put("perfetto", () => converted(events, createPerfetto));
  put("otlp-jsonl", () =>
    converted(events, (write) =>
      createOtlp(write, {
        origin: hash53(journal.id),
        bootUnixNs: BigInt(Math.round(bootEpochMs() * 1e6)),
        profile: journal.profile,
        seed: parseSeed(journal.seed) ?? 0n,
        runtime: journal.mode,
        version,
      }),
    ),
  );
  put("repro", () => reproText(made, version));
  return files;
}
