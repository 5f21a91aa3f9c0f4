import type { TraceEvent } from "../../abi/event.ts";

/** More spans than any experiment makes; so many runs have numbers of their own before they come again. */
const SPANS_PER_RUN = 2 ** 16;
const RUNS = 2 ** 20;

/**
 * Traces again and again, each time as if it were another run: spans and traces have new numbers and nodes new names, so that
 * every slice is a new one, as in a kernel that runs for long. That a run ended is left out: a monitor hears that once.
 */
export function createReplay(traces: readonly (readonly TraceEvent[])[]): () => readonly (readonly TraceEvent[])[] {
  const runs = traces.map((events) => events.filter(({ point }) => point !== "run_end"));
  let run = 0;
  return () =>
    runs.map((events) => {
      run = (run + 1) % RUNS;
      const shift = run * SPANS_PER_RUN;
      const nodes = new Map<string, string>();
      const fresh = (span: number): number => (span === 0 ? 0 : span + shift);
      const named = (node: string): string => {
        const known = nodes.get(node);
        if (known !== undefined) return known;
        const name = `${node}~${run}`;
        nodes.set(node, name);
        return name;
      };
      return events.map((event) => ({
        ...event,
        node: named(event.node),
        span: fresh(event.span),
        parent: fresh(event.parent),
        trace: fresh(event.trace),
      }));
    });
}
