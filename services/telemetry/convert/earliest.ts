import type { TraceEvent } from "../../abi/event.ts";

/** By Lamport stamp, which no cause contradicts; what has the same one stands by time, then by name. */
export const byStamp = (a: TraceEvent, b: TraceEvent): number =>
  a.lamport - b.lamport ||
  a.timeNs - b.timeNs ||
  compare(a.node, b.node) ||
  compare(a.service, b.service) ||
  a.seq - b.seq;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Keeps the earliest of any number of events, in the order of cause and effect, in memory for twice as many: when there are
 * more, the later half goes.
 */
export function createEarliest(max: number) {
  let kept: TraceEvent[] = [];
  let left = 0;
  /** Nothing later than this can be among the earliest any more. */
  let latest = Infinity;

  function shrink(): void {
    kept.sort(byStamp);
    left += Math.max(0, kept.length - max);
    kept = kept.slice(0, max);
    if (kept.length === max) latest = kept.at(-1)?.lamport ?? Infinity;
  }

  return {
    add(event: TraceEvent): void {
      if (event.lamport > latest) left++;
      else if (kept.push(event) >= 2 * max) shrink();
    },
    taken(): { readonly events: readonly TraceEvent[]; readonly left: number } {
      shrink();
      return { events: kept, left };
    },
  };
}
