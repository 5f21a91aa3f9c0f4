import type { House } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Kit } from "../../abi/kit.ts";
import { LIMITS } from "../../abi/limits.ts";
import type { Profile } from "../../abi/profile.ts";
import { createEventLog } from "../../boundary/events/log.ts";
import { createEventRing } from "../../boundary/events/ring.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { localTransport } from "../../transports/local.ts";
import { createHouse, HOUSES, type BuiltHouse, type ServedHouse } from "../house.ts";
import { createRandom } from "../random.ts";
import { createWorldOver } from "../world-over.ts";
import { createHops } from "./hops.ts";
import { createScheduler } from "./scheduler.ts";

/** What makes a simulated world. */
export interface SimulatedOptions {
  readonly seed: bigint;
  readonly profile: Profile;
  /** A named bad core in place of the reference one. */
  readonly mutant?: string | undefined;
}

type Listener = (events: readonly TraceEvent[]) => void;

/** The houses of a simulated kernel, before anything happens in it. */
export function createSimulatedHouses({ seed, profile, mutant }: SimulatedOptions) {
  const node = "alpha";
  const random = createRandom(seed);
  const listeners = new Set<Listener>();
  const ring = createEventRing(LIMITS.eventRing, { whenFull: drain });
  function drain(): boolean {
    // Nobody listens: the ring goes round, which is what a benchmark wants to measure.
    if (listeners.size === 0 || ring.waiting() === 0) return false;
    const events = ring.take(Infinity);
    for (const listener of listeners) listener(events);
    return true;
  }
  const scheduler = createScheduler(drain);
  const { clock } = scheduler;
  const hop = createHops(clock, random);

  const kitOf = (house: House, process: number): Kit => ({
    node,
    house,
    profile,
    seed,
    clock,
    random,
    events: createEventLog(ring, clock, node, house, process),
  });
  const houses = new Map<BuiltHouse, ServedHouse>();
  const reachFrom = (from: House) => {
    const edges = new Map<House, Transport>();
    return (to: House): Transport | undefined => {
      const served = houses.get(to as BuiltHouse);
      if (served === undefined) return undefined;
      const known = edges.get(to) ?? localTransport(served.serve, { hop: () => hop(`${from}>${to}`) });
      edges.set(to, known);
      return known;
    };
  };
  HOUSES.forEach((house, i) => {
    const served = createHouse(house, {
      kit: kitOf(house, i + 2),
      identity: `${node}/${house}#1`,
      ring,
      eventsArrived: { wake: () => undefined },
      reach: reachFrom(house),
      mutant,
      onBroken: (error) => scheduler.stop(error),
    });
    houses.set(house, served);
  });
  return { houses, scheduler, ring, listeners, drain, kitOf, reachFrom };
}

/**
 * One kernel in one thread, in virtual time. Every hop between houses takes a little of it, drawn from the seed, so that
 * seeds differ in who comes first; the same seed gives the same events to the byte.
 */
export function createSimulatedWorld(options: SimulatedOptions): World {
  const { houses, scheduler, ring, listeners, drain, kitOf, reachFrom } = createSimulatedHouses(options);
  return createWorldOver({
    runtime: "simulated",
    kit: kitOf("task", 1),
    reach: reachFrom("task"),
    // The lab's control goes straight in: it costs no virtual time and moves no other event.
    controls: new Map([...houses].map(([house, { serve }]) => [house, serve])),
    drive: (program) => scheduler.run(program),
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settle: () => {
      drain();
      return Promise.resolve();
    },
    dropped: () => Promise.resolve(ring.dropped()),
    stop: () => Promise.resolve(),
  });
}
