import type { Format } from "../telemetry/convert/converter.ts";
import type { Passes } from "../telemetry/filter/compile.ts";

/** A trace file that is to become something else. */
export interface ConvertRequest {
  /** `-`: the standard input. */
  readonly file: string;
  readonly to: Format;
  /** Absent: beside the trace, with the ending of the format. */
  readonly out?: string;
  /** Gets the result in the place of a file; for formats that are text. */
  readonly onText?: (text: string) => void;
  /** Only events that pass, and the other end of calls of which one end does. */
  readonly passes?: Passes;
  /** Mermaid: arrows and notes at most, and whether state changes are noted. */
  readonly max?: number;
  readonly facts?: boolean;
  /** Pcapng: where the frames are; absent: what `tenon run --trace-frames` wrote beside the trace. */
  readonly captures?: readonly string[];
  /** Pcapng: bytes that are kept of each frame; absent: all. */
  readonly snaplen?: number;
  readonly stop: AbortSignal;
}

/** What came of it. */
export interface Converted {
  /** The file that was written; undefined when `onText` got the result. */
  readonly file?: string;
  readonly events: number;
  /** Sentences on what one should know of it. */
  readonly notes: readonly string[];
}
