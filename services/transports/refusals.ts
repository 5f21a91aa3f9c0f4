import { outermost } from "../abi/context.ts";
import type { Kit } from "../abi/kit.ts";

/** Somebody who got nothing. */
export interface Refusal {
  /** Where it came in. */
  readonly address: string;
  /** Who it was, as far as that is known: an address. */
  readonly peer: string;
  /** Why it got nothing, in words. */
  readonly why: string;
}

/** So many refusals are told at once, and then one a second. */
const AT_ONCE = 8;
const PAUSE_NS = 1e9;

/**
 * Makes a fact of each refusal: `peer_refused` of the service whose kit it is. Whoever knocks without end must not push
 * everything else out of the ring of events, so most of a flood is only counted; the next fact says how many.
 */
export function refusalFacts({ clock, events }: Pick<Kit, "clock" | "events">): (refusal: Refusal) => void {
  let tokens = AT_ONCE;
  let filledNs = clock.nowNs();
  let untold = 0;
  return ({ address, peer, why }) => {
    const nowNs = clock.nowNs();
    const earned = Math.floor((nowNs - filledNs) / PAUSE_NS);
    tokens = Math.min(AT_ONCE, tokens + earned);
    filledNs += earned * PAUSE_NS;
    if (tokens === 0) {
      untold += 1;
      return;
    }
    tokens -= 1;
    events.fact(outermost(""), "peer_refused", {}, { address, peer, why, untold });
    untold = 0;
  };
}
