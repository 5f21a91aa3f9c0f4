import type { Clock, Random } from "../../abi/kit.ts";

/** A hop takes 600 ns to 1.3 µs of virtual time, in steps: few durations make few timer lists. */
const STEPS = 8;
const FIRST_NS = 600;
const STEP_NS = 100;

/** How long a hop along an edge takes, drawn from the seed, so that seeds differ in who comes first. */
export const hopNs = (random: Random, edge: string): number =>
  FIRST_NS + STEP_NS * Math.floor(random.fraction(edge) * STEPS);

/** Waits as long as a hop along an edge takes, in the world's time or in somebody's. */
export const createHops =
  (clock: Clock, random: Random) =>
  (edge: string, own: Clock = clock): Promise<void> =>
    own.sleepNs(hopNs(random, edge));
