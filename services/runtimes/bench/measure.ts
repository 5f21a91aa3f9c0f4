import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** One measurement: how long calls took, and how many were made in how long. */
export interface Measured {
  readonly histogram: RecordableHistogram;
  calls: number;
  /** Calls that nothing came of: they are in no other figure. */
  lost: number;
  seconds: number;
}

/** Nothing measured yet. */
export const unmeasured = (): Measured => ({ histogram: createHistogram(), calls: 0, lost: 0, seconds: 0 });

/**
 * Makes calls for a while, so many at a time, and adds what it measures.
 *
 * @param call makes one call; `slot` tells those in flight apart. It answers false when nothing came of it.
 * @param stop ends it early; its caller throws the figures away.
 */
export async function measure(
  into: Measured,
  call: (slot: number) => Promise<unknown>,
  inFlight: number,
  seconds: number,
  stop: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  const loop = async (slot: number): Promise<void> => {
    let beforeMs = performance.now();
    while (beforeMs < endMs && !stop.aborted) {
      const came = await call(slot);
      const afterMs = performance.now();
      if (came === false) into.lost++;
      else {
        into.histogram.record(Math.max(1, Math.round((afterMs - beforeMs) * 1e6)));
        into.calls++;
      }
      beforeMs = afterMs;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, slot) => loop(slot)));
  into.seconds += (performance.now() - startMs) / 1000;
}

/** The figures of a measurement. */
export const figures = ({ histogram, calls, seconds }: Measured) => ({
  p50Ns: histogram.percentile(50),
  p99Ns: histogram.percentile(99),
  perSecond: Math.round(calls / seconds),
});
