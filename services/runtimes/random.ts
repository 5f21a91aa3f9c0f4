import { hash53 } from "../abi/hash.ts";
import type { Random } from "../abi/kit.ts";

/** Streams of chance by name, each from the seed and its name (mulberry32 over a hash): one more draw here shifts nothing there. */
export function createRandom(seed: bigint): Random {
  const states = new Map<string, number>();
  return {
    fraction(stream) {
      const state = ((states.get(stream) ?? hash53(`${seed}/${stream}`) % 2 ** 32) + 0x6d2b79f5) >>> 0;
      states.set(stream, state);
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
