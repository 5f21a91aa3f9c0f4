/** What to measure. */
export interface BenchRequest {
  /** Names out of `benches`; empty: all. */
  readonly names: readonly string[];
  /** How long each measurement lasts; absent: as long as it needs. */
  readonly seconds?: number;
  /** How many calls to make in a row to see whether memory grows. */
  readonly soak?: number;
  readonly onProgress: (doing: string) => void;
  readonly stop: AbortSignal;
}

/** What was measured: wall-clock figures of the emulator. */
export interface BenchReport {
  /** The machine and the versions, in one line. */
  readonly machine: string;
  readonly rows: readonly BenchRow[];
  /** Sentences below the table, such as whether memory grew. */
  readonly notes: readonly string[];
}

/** One line of the table. */
export interface BenchRow {
  readonly bench: string;
  readonly runtime: string;
  /** Which of the runtime's roads was taken, where it has several: `unix`, `tcp`, `mutual tls`. */
  readonly road?: string;
  /** What was called, such as `tracing on`, or `floor: a bare socket and a process`. */
  readonly what: string;
  /** Whether it is what the transport costs with nothing of Tenon around it. */
  readonly floor: boolean;
  /** The load: how many calls were in flight, or how large frames were and how many went at once. */
  readonly inFlight?: number;
  readonly bytes?: number;
  readonly burst?: number;
  /** Of one call; a stream of frames has none. */
  readonly p50Ns?: number;
  readonly p99Ns?: number;
  readonly p999Ns?: number;
  readonly maxNs?: number;
  /** Under load: the p99.9 as a multiple of what it is without. */
  readonly p999BesideIdle?: number;
  readonly perSecond: number;
  /** What `perSecond` counts, where that is no calls, frames or events. */
  readonly unit?: "bytes";
  /** Round trips that did not come to their end, where that can happen. */
  readonly lost?: number;
  /** CPU time of one call: in the process that makes it, and in another one that answers it. */
  readonly cpu?: { readonly callerNs: number; readonly calleeNs?: number };
  /** How much of tracing there was: `off`, `on`, `exporting`. */
  readonly tracing?: string;
  /** Time and CPU time of a call, as multiples of what they are with tracing off. */
  readonly besideOff?: { readonly time: BenchSpread; readonly cpu: BenchSpread };
}

/** The median of the rounds of a measurement, and between which the middle half of them lies. */
export interface BenchSpread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}
