import { hashFraction } from "../../services/abi/hash.ts";

/**
 * Chance that nothing else can shift: each decision has a name below its owner's, and comes from a hash of both (facts F9).
 * The same seed gives the same run whatever is added or taken away beside it.
 */
export interface Chance {
  /** A whole number from 0, below the limit. */
  below(what: string, limit: number): number;
  /** Whether it happens, with this share. */
  happens(what: string, share: number): boolean;
  /** One of the list. */
  of<T>(what: string, list: readonly [T, ...T[]]): T;
  of<T>(what: string, list: readonly T[]): T | undefined;
  /** Each of the list with this share. */
  some<T>(what: string, list: readonly T[], share: number): T[];
  /** Decisions of their own below a name. */
  under(name: string | number): Chance;
}

/** @param root the seed, or the name under which decisions stand. */
export function createChance(root: string): Chance {
  const below = (what: string, limit: number): number => Math.floor(hashFraction(`${root}/${what}`) * limit);
  const happens = (what: string, share: number): boolean => hashFraction(`${root}/${what}`) < share;
  function of<T>(what: string, list: readonly [T, ...T[]]): T;
  function of<T>(what: string, list: readonly T[]): T | undefined;
  function of<T>(what: string, list: readonly T[]): T | undefined {
    return list[below(what, list.length)];
  }
  return {
    below,
    happens,
    of,
    some: (what, list, share) => list.filter((_, i) => happens(`${what}/${i}`, share)),
    under: (name) => createChance(`${root}/${name}`),
  };
}
