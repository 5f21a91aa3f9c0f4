import type { Clock, Random } from "../../abi/kit.ts";

/** A hop takes 600 ns to 1.3 µs of virtual time, in steps: few durations make few timer lists. */
const STEPS = 8;
const FIRST_NS = 600;
const STEP_NS = 100;

/**
 * How long hops along edges take: drawn from the seed, so that seeds differ in who comes first, unless a world says it.
 *
 * @param fixedNs how long every hop takes; 0: drawn.
 */
export const createHopNs =
  (random: Random, fixedNs: number) =>
  (edge: string): number =>
    fixedNs > 0 ? fixedNs : FIRST_NS + STEP_NS * Math.floor(random.fraction(edge) * STEPS);

/** Waits as long as a hop along an edge takes, in the world's time or in somebody's. */
export const createHops =
  (hopNs: (edge: string) => number) =>
  (edge: string, clock: Clock): Promise<void> =>
    clock.sleepNs(hopNs(edge));
