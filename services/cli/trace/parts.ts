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

/** A root call with the places of its events in the order of all. */
interface Placed {
  readonly root: TraceNode;
  readonly places: readonly number[];
}

/**
 * Answers whether, in a silence of a call, another one that began later gets so far that it is better shown there.
 *
 * @param owners the call that each place belongs to.
 */
function interruptions(owners: readonly (Placed | undefined)[]) {
  const firstOf = ({ places }: Placed): number => places[0] ?? 0;
  return (call: Placed, from: number, to: number): boolean => {
    const seen = new Map<Placed, number>();
    for (let place = from + 1; place < to; place++) {
      const other = owners[place];
      if (other === undefined || firstOf(other) < firstOf(call)) continue;
      const count = (seen.get(other) ?? 0) + 1;
      if (count >= Math.min(WORTH_A_BREAK, other.places.length)) return true;
      seen.set(other, count);
    }
    return false;
  };
}

/**
 * Decides what is drawn after what. A call is drawn in one piece, as it happened, unless another call that began later
 * acts while it is silent: then it is broken off there and taken up again below, as strace does with a call that blocks.
 *
 * @param events in any order.
 * @param shown those that were drawn already.
 */
export function arrange(events: readonly TraceEvent[], shown: ReadonlySet<TraceEvent> = new Set()): Part[] {
  const ordered = inOrder(events);
  const placeOf = new Map(ordered.map((event, place) => [event, place]));
  const owners: (Placed | undefined)[] = ordered.map(() => undefined);
  const calls = growForest(ordered).map((root): Placed => {
    const places = eventsOf(root).map((event) => placeOf.get(event) ?? 0);
    return { root, places: places.sort((a, b) => a - b) };
  });
  for (const call of calls) for (const place of call.places) owners[place] = call;
  const interrupted = interruptions(owners);
  const isShown = (place: number): boolean => {
    const event = ordered[place];
    return event !== undefined && shown.has(event);
  };

  const parts = calls.flatMap((call) => {
    const pieces: number[][] = [];
    call.places.forEach((place, index) => {
      const before = call.places[index - 1];
      const goesOn = before !== undefined && isShown(before) === isShown(place) && !interrupted(call, before, place);
      if (goesOn) pieces.at(-1)?.push(place);
      else pieces.push([place]);
    });
    return pieces.filter(([first = 0]) => !isShown(first)).map((places) => ({ root: call.root, places }));
  });
  return parts
    .sort((a, b) => (a.places[0] ?? 0) - (b.places[0] ?? 0))
    .map(({ root, places }) => ({ root, shows: new Set(places.flatMap((place) => ordered[place] ?? [])) }));
}
