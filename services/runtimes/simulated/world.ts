import type { House } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Kit } from "../../abi/kit.ts";
import { SINGLE } from "../../abi/topology.ts";
import { createEventRing } from "../../boundary/events/ring.ts";
import type { World } from "../../lab/world.ts";
import { nameOf, placesOf } from "../links.ts";
import { createRandom } from "../random.ts";
import { createKit, originOf } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver } from "../world-over.ts";
import { createHopNs, createHops } from "./hops.ts";
import { createSimulatedPlaces } from "./places.ts";
import { createScheduler } from "./scheduler.ts";

/** What makes a simulated world. */
type SimulatedOptions = Pick<WorldOptions, "seed" | "profile" | "topology" | "mutant" | "tracing">;

/**
 * Somebody listens to a world from its beginning, and empties the ring whenever it is full: so it needs no more room than
 * stays in the cache, and a new world costs little.
 */
const RING = 1024;

type Listener = (events: readonly TraceEvent[]) => void;

/** The life that a house is in when nothing else is said. */
const FIRST_LIFE = { incarnation: 1, lamport: 0 };

/** The houses of a simulated world, before anything happens in it. */
export function createSimulatedHouses({ seed, profile, mutant, topology = SINGLE, tracing }: SimulatedOptions) {
  const random = createRandom(seed);
  const listeners = new Set<Listener>();
  const ring = createEventRing(RING, { whenFull: drain });
  function drain(): boolean {
    // Nobody listens: the ring goes round, which is what a benchmark wants to measure.
    if (listeners.size === 0 || ring.waiting() === 0) return false;
    const events = ring.take(Infinity);
    for (const listener of listeners) listener(events);
    return true;
  }
  const hopNs = createHopNs(random, topology.stages?.hopNs ?? 0);
  const scheduler = createScheduler(drain);
  const { clock } = scheduler;
  const origin = originOf({ seed });
  const kitOf = (node: string, house: House, life: { incarnation: number; lamport: number } = FIRST_LIFE): Kit =>
    createKit({ topology, node, house, ...life, seed, profile, clock, ring, origin, tracing });
  const taskKits = topology.nodes.map(({ name }) => kitOf(name, "task"));
  const places = createSimulatedPlaces({
    topology,
    mutant,
    scheduler,
    ring,
    hop: createHops(hopNs),
    hopNs,
    kitOf,
    taskKits,
  });
  const lab = kitOf(topology.nodes[0]?.name ?? "", "lab");
  return { topology, places, scheduler, ring, listeners, drain, kitOf, taskKits, lab };
}

/**
 * The nodes of a world in one thread, in virtual time. Every hop between houses takes a little of it, drawn from the seed,
 * so that seeds differ in who comes first; the same seed gives the same events to the byte.
 */
export function createSimulatedWorld(options: SimulatedOptions): World {
  const { topology, places, scheduler, ring, listeners, drain, taskKits, lab } = createSimulatedHouses(options);
  let starting: Promise<unknown> | undefined;
  const start = (): Promise<unknown> => (starting ??= places.start());
  return createWorldOver({
    runtime: "simulated",
    topology,
    kits: taskKits,
    lab,
    reach: (node, house) => places.reachFrom(node, "task")(house),
    // The lab's control goes straight in: it costs no virtual time and moves no other event.
    controls: placesOf({ topology }).flatMap((place) =>
      place.t === "house" ? [{ node: place.node, house: place.house, transport: places.controlAt(nameOf(place)) }] : [],
    ),
    blows: places.blows,
    formerReports: places.formerReports,
    // The world starts when it is driven for the first time: before, no time passes in it.
    drive: (program) => scheduler.run(() => start().then(program)),
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
