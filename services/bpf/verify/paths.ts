import { kept, safeAs, type Live, type State } from "./state.ts";

/** A state at a place where paths meet. */
export interface Checkpoint {
  readonly state: State;
  /** The one before it on its path. */
  readonly parent: Checkpoint | undefined;
  /** How many paths from here on have not ended. While there is one, nothing is known of where they lead. */
  open: number;
  misses: number;
  hits: number;
}

/** What a checkpoint says of a state that arrives there: nothing, that it leads where others led, or that it is a loop. */
export type Met = { readonly t: "new" } | { readonly t: "known" } | { readonly t: "loop" };

/** A state that was compared in vain so much more often than with success is thrown away. */
const MISSES_MAX = 3;

/**
 * The states in which paths met (the kernel's explored states): one that may do no more than another, which came to a good end
 * everywhere, need not be followed again.
 */
export class Checkpoints {
  readonly #at = new Map<number, Checkpoint[]>();
  readonly #live: Live;

  constructor(live: Live) {
    this.#live = live;
  }

  /** Looks whether a state need not be followed. */
  meet(at: number, state: State): Met {
    const known = this.#at.get(at);
    if (known === undefined) return { t: "new" };
    for (const checkpoint of known) {
      if (checkpoint.open > 0) {
        // Its own path came by here: with the very same state it would come by for ever.
        if (safeAs(checkpoint.state, state, at, this.#live, true)) return { t: "loop" };
      } else if (safeAs(checkpoint.state, state, at, this.#live, false)) {
        checkpoint.hits += 1;
        return { t: "known" };
      }
      checkpoint.misses += 1;
    }
    const useful = known.filter(({ misses, hits }) => misses <= MISSES_MAX * (hits + 1));
    if (useful.length < known.length) this.#at.set(at, useful);
    return { t: "new" };
  }

  /** Keeps a copy of a state; the path that brought it is open. */
  add(at: number, state: State, parent: Checkpoint | undefined): Checkpoint {
    const checkpoint: Checkpoint = { state: kept(state, at, this.#live), parent, open: 1, misses: 0, hits: 0 };
    const known = this.#at.get(at);
    if (known === undefined) this.#at.set(at, [checkpoint]);
    else known.push(checkpoint);
    return checkpoint;
  }
}

/** A path has ended well: it is not open any more, and perhaps nothing behind the checkpoints on it is. */
export function endPath(last: Checkpoint | undefined): void {
  for (let checkpoint = last; checkpoint !== undefined; checkpoint = checkpoint.parent) {
    checkpoint.open -= 1;
    if (checkpoint.open > 0) return;
  }
}
