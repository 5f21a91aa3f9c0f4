import { hashFraction } from "../abi/hash.ts";
import { traceIdOf } from "../abi/traceparent.ts";
import { createRecent } from "./recent.ts";
import type { EndedTrace } from "./spans.ts";

/** What was decided so far. */
export interface SamplingCounts {
  /** Traces that were kept for a fault or an error in them. */
  alarm: number;
  /** Traces that were kept for the share. */
  share: number;
  /** Traces that were not. */
  sampledOut: number;
}

/** Decides which traces are kept, when they are over. */
export interface Sampler {
  readonly counts: Readonly<SamplingCounts>;
  keeps(trace: Pick<EndedTrace, "trace" | "alarm" | "isLate">): boolean;
}

/**
 * Keeps every trace in which a fault struck or something went wrong, and of all others this share, by a hash of the trace id:
 * whoever decides the same elsewhere keeps the same ones.
 *
 * @param share between 0 (only those with a fault or an error) and 1 (all).
 */
export function createSampler(origin: number, share: number): Sampler {
  const counts: SamplingCounts = { alarm: 0, share: 0, sampledOut: 0 };
  const kept = createRecent();
  return {
    counts,
    keeps({ trace, alarm, isLate }) {
      // What comes late of a trace goes where the trace has gone, unless it brings the reason to keep it.
      if (isLate && !alarm) return kept.has(trace);
      const isShare = hashFraction(traceIdOf(origin, trace)) < share;
      if (alarm) counts.alarm++;
      else if (isShare) counts.share++;
      else counts.sampledOut++;
      if (alarm || isShare) kept.add(trace);
      return alarm || isShare;
    },
  };
}
