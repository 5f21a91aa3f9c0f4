import type { House } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import { LIMITS } from "../abi/limits.ts";
import type { Profile } from "../abi/profile.ts";
import { createEventLog } from "../boundary/events/log.ts";
import { createEventRing, type EventRing } from "../boundary/events/ring.ts";
import { createRandom } from "./random.ts";
import { createRealClock } from "./real-clock.ts";

/** What every thread and process of one world agrees on. Plain data: it is posted and passed on command lines. */
export interface WorldFacts {
  readonly node: string;
  /** The seed in decimal, since JSON has no 64-bit numbers. */
  readonly seed: string;
  readonly profile: Profile;
  readonly epochMs: number;
}

/** The number of each house's process in span numbers, below 64. */
const PROCESS_NUMBERS: Readonly<Record<House, number>> = {
  task: 1,
  vfs: 2,
  companion: 3,
  inband: 4,
  nic: 5,
  lab: 6,
  any: 7,
};
const INCARNATIONS = 64;

/** The kit of a house that runs in a thread or process of its own, in real time. */
export function createThreadKit(
  house: House,
  facts: WorldFacts,
  incarnation: number,
): { readonly kit: Kit; readonly ring: EventRing; readonly signals: { whenFirst(): void } } {
  const clock = createRealClock(facts.epochMs);
  const signals = { whenFirst: (): void => undefined };
  const ring = createEventRing(LIMITS.eventRing, { whenFirst: () => signals.whenFirst() });
  const process = PROCESS_NUMBERS[house] * INCARNATIONS + (incarnation % INCARNATIONS);
  const seed = BigInt(facts.seed);
  const events = createEventLog(ring, clock, facts.node, house, process);
  return {
    kit: { node: facts.node, house, profile: facts.profile, seed, clock, random: createRandom(seed), events },
    ring,
    signals,
  };
}
