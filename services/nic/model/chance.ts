import { hashFraction } from "../../abi/hash.ts";
import type { Share } from "../../abi/netem.ts";

/** What chance says of one frame, as one clause sees it. */
export interface Draw {
  /** Whether a clause with this share strikes it. */
  strikes(share: Share): boolean;
  /** A number in [0, 1) for one more decision about the same frame. */
  fraction(what: string): number;
}

/**
 * The chance of one clause at one place: the n-th frame that it sees gets the hash of the seed, the place, the clause and n.
 * Nothing is drawn from a stream that others share, so a clause more or less, and more traffic elsewhere, shift nothing.
 */
export class Chance {
  readonly #key: string;
  #ordinal = 0;

  /** @param place such as `alpha/eth0/tx`. */
  constructor(seed: bigint, place: string, clause: string) {
    this.#key = `${seed}/netem/${place}/${clause}`;
  }

  /** The next frame. */
  next(): Draw {
    const ordinal = ++this.#ordinal;
    const key = `${this.#key}/${ordinal}`;
    return {
      strikes: (share) => (share === "first" ? ordinal === 1 : hashFraction(key) * share.denominator < share.numerator),
      fraction: (what) => hashFraction(`${key}/${what}`),
    };
  }
}

/**
 * One chance for each clause of a text, in its order. A clause that stands there twice gets two of them: they must not
 * strike the same frames.
 */
export function chancesFor(seed: bigint, place: string, clauses: readonly { readonly text: string }[]): Chance[] {
  const seen = new Map<string, number>();
  return clauses.map(({ text }) => {
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    return new Chance(seed, place, nth === 1 ? text : `${text}#${nth}`);
  });
}
