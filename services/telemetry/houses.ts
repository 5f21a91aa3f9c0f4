import { SEQS_PER_LIFE, type TraceEvent } from "../abi/event.ts";

/** Which life of its house an event is from, counted from 1: what stands after `#` in the name of the process. */
export const lifeOf = ({ seq }: Pick<TraceEvent, "seq">): number => Math.floor(seq / SEQS_PER_LIFE) + 1;

/** What an event means for the line of its house. */
type Arrival =
  /** The next one, after so many that nobody will see any more. */
  | { readonly t: "next"; readonly missed: number }
  /** The first that is heard of a new life of the house; the former one has ended. */
  | { readonly t: "reborn"; readonly missed: number }
  /** It was here before, or is of a life that was over before. */
  | { readonly t: "again" };

/** How far the events of each house have come. */
export interface HouseLines {
  arrive(event: TraceEvent): Arrival;
}

/**
 * Follows each house's own count, which has no gap within a life and starts anew, higher up, with the next one. Without a
 * gap means that what is missing was lost, and that what comes a second time can be told.
 */
export function createHouseLines(): HouseLines {
  const last = new Map<string, number>();
  return {
    arrive({ node, service, seq }) {
      const house = `${node}/${service}`;
      const former = last.get(house) ?? 0;
      if (seq <= former) return { t: "again" };
      last.set(house, seq);
      const isReborn = former !== 0 && lifeOf({ seq }) !== lifeOf({ seq: former });
      const missed = lifeOf({ seq }) === lifeOf({ seq: former }) ? seq - former - 1 : (seq % SEQS_PER_LIFE) - 1;
      return { t: isReborn ? "reborn" : "next", missed };
    },
  };
}
