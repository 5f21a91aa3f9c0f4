import type { TraceEvent } from "../../abi/event.ts";
import { inOrder } from "./order.ts";
import { eventsOf, growForest, type TraceNode } from "./tree.ts";

/** So much of a root call as is drawn in one go. */
export interface Part {
  readonly root: TraceNode;
  /** The events that this part shows. */
  readonly shows: ReadonlySet<TraceEvent>;
}

/** So many events of another call in a silence make it worth to break off and come back. */
const WORTH_A_BREAK = 4;

interface Numbered {
  readonly event: TraceEvent;
  readonly at: number;
}

/**
 * Decides what is drawn after what. A call is drawn in one piece, as it happened, unless another call begins and acts
 * while it is silent: then it is broken off there and taken up again below, as strace does with a call that blocks.
 *
 * @param events in any order.
 * @param shown those that were drawn already.
 */
export function arrange(events: readonly TraceEvent[], shown: ReadonlySet<TraceEvent> = new Set()): Part[] {
  const ordered = inOrder(events);
  const places = new Map(ordered.map((event, at) => [event, at]));
  const roots = growForest(ordered).map((root) => ({
    root,
    events: eventsOf(root)
      .map((event): Numbered => ({ event, at: places.get(event) ?? 0 }))
      .sort((a, b) => a.at - b.at),
  }));
  const acting = roots
    .map(({ events: own }) => ({
      begins: own[0]?.at ?? 0,
      acts: own[Math.min(WORTH_A_BREAK, own.length) - 1]?.at ?? 0,
    }))
    .sort((a, b) => a.begins - b.begins);

  /** Whether another call begins after one place and acts before the other. */
  const actsBetween = (from: number, to: number): boolean => {
    let low = 0;
    for (let high = acting.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((acting[middle]?.begins ?? 0) > from) high = middle;
      else low = middle + 1;
    }
    for (let one = acting[low]; one !== undefined && one.begins < to; one = acting[++low])
      if (one.acts < to) return true;
    return false;
  };

  const parts = roots.flatMap(({ root, events: own }) => {
    const pieces: Numbered[][] = [];
    let previous: Numbered | undefined;
    for (const one of own) {
      const broken =
        previous === undefined ||
        shown.has(previous.event) !== shown.has(one.event) ||
        actsBetween(previous.at, one.at);
      if (broken) pieces.push([one]);
      else pieces.at(-1)?.push(one);
      previous = one;
    }
    return pieces
      .filter(([first]) => first !== undefined && !shown.has(first.event))
      .map((piece) => ({ at: piece[0]?.at ?? 0, part: { root, shows: new Set(piece.map(({ event }) => event)) } }));
  });
  return parts.sort((a, b) => a.at - b.at).map(({ part }) => part);
}
