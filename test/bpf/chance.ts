import { hash53 } from "../../services/abi/hash.ts";

/** Draws that a seed decides. */
export interface Chance {
  /** From 0 to below a bound. */
  below(bound: number): number;
  /** From a number to another, both included. */
  between(low: number, high: number): number;
  oneOf<T>(things: readonly T[]): T;
  /** True once in so many times. */
  onceIn(times: number): boolean;
  /** 64 bits, corner cases more often than by chance. */
  number64(): bigint;
  /** An immediate: 32 bits with sign. */
  immediate(): number;
}

const CORNERS_64 = [
  0n,
  1n,
  2n,
  -1n,
  -2n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  1n << 32n,
  1n << 63n,
  (1n << 63n) - 1n,
];
const CORNERS_32 = [0, 1, 2, -1, -2, 0x7fff_ffff, -0x8000_0000, 0xff, 0x8000, 7];

/** Draws from a seed: each is a hash of it and of how many were made before. */
export function createChance(seed: string): Chance {
  let drawn = 0;
  const draw = (): number => hash53(`${seed} ${drawn++}`);
  const below = (bound: number): number => draw() % bound;
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    oneOf(things) {
      const thing = things[below(things.length)];
      if (thing === undefined) throw new Error("nothing to choose from");
      return thing;
    },
    onceIn: (times) => below(times) === 0,
    number64() {
      if (below(3) === 0) return CORNERS_64[below(CORNERS_64.length)] ?? 0n;
      return (BigInt(draw()) << 32n) ^ BigInt(draw());
    },
    immediate: () => (below(2) === 0 ? (CORNERS_32[below(CORNERS_32.length)] ?? 0) : draw() | 0),
  };
}
