import type { TraceEvent } from "../../abi/event.ts";

/** What a trace can be made into. */
export const FORMATS = ["perfetto", "otlp", "mermaid", "pcapng"] as const;

/** What a trace is made into. */
export type Format = (typeof FORMATS)[number];

/** Takes a trace, event by event in the order of the file, and writes something else. */
export interface Converter {
  add(event: TraceEvent): void;
  /** Writes the rest; answers sentences on what the reader should know, such as what was left out. */
  end(): readonly string[];
}
