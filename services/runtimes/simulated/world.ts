import type { House } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Kit } from "../../abi/kit.ts";
import { LIMITS } from "../../abi/limits.ts";
import { SINGLE } from "../../abi/topology.ts";
import { createEventRing } from "../../boundary/events/ring.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { localTransport } from "../../transports/local.ts";
import { createPlainLink } from "../frames/plain.ts";
import type { ServedHouse } from "../house.ts";
import { buildHouse } from "../houses/all.ts";
import { linksOf, nameOf, placesOf, portsOf, type BuiltHouse, type LinkSpec } from "../links.ts";
import { createRandom } from "../random.ts";
import { createKit, nodeSpecOf, originOf } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver } from "../world-over.ts";
import { createHops, hopNs } from "./hops.ts";
import { createScheduler } from "./scheduler.ts";

/** What makes a simulated world. */
type SimulatedOptions = Pick<WorldOptions, "seed" | "profile" | "topology" | "mutant" | "tracing">;

type Listener = (events: readonly TraceEvent[]) => void;

/** A house of a simulated world. */
interface SimulatedHouse extends ServedHouse {
  readonly node: string;
  readonly house: BuiltHouse;
}

/** The houses of a simulated world, before anything happens in it. */
export function createSimulatedHouses({ seed, profile, mutant, topology = SINGLE, tracing }: SimulatedOptions) {
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

  const kitOf = (node: string, house: House): Kit =>
    createKit({
      topology,
      node,
      house,
      incarnation: 1,
      seed,
      profile,
      clock,
      ring,
      origin: originOf({ seed }),
      tracing,
    });
  const houses = new Map<string, SimulatedHouse>();
  const reachFrom = (node: string, from: House) => {
    const edges = new Map<House, Transport>();
    return (to: House): Transport | undefined => {
      const served = houses.get(`${node}/${to}`);
      if (served === undefined) return undefined;
      const known = edges.get(to) ?? localTransport(served.serve, { hop: () => hop(`${node}/${from}>${to}`) });
      edges.set(to, known);
      return known;
    };
  };

  const links = linksOf({ topology });
  const made = new Map<string, readonly [FramePort, FramePort]>();
  const endOf = ({ name }: LinkSpec, side: 0 | 1): FramePort => {
    const link =
      made.get(name) ??
      createPlainLink(clock, { hopNs: () => hopNs(random, name), onBroken: (error) => scheduler.stop(error) });
    made.set(name, link);
    return link[side];
  };
  for (const place of placesOf({ topology })) {
    const ports = portsOf(place, links, endOf);
    if (place.t === "switch") {
      createSwitch(clock, ports.wires);
      continue;
    }
    const { node, house } = place;
    const served = buildHouse(house, {
      kit: kitOf(node, house),
      node: nodeSpecOf(topology, node),
      ports,
      identity: `${node}/${house}#1`,
      epochMs: undefined,
      ring,
      eventsArrived: { wake: () => undefined },
      reach: reachFrom(node, house),
      hopToSelf: () => hop(`${node}/${house}>${house}`),
      mutant,
      onBroken: (error) => scheduler.stop(error),
    });
    houses.set(nameOf(place), { ...served, node, house });
  }
  return { topology, houses: [...houses.values()], scheduler, ring, listeners, drain, kitOf, reachFrom };
}

/**
 * The nodes of a world in one thread, in virtual time. Every hop between houses takes a little of it, drawn from the seed,
 * so that seeds differ in who comes first; the same seed gives the same events to the byte.
 */
export function createSimulatedWorld(options: SimulatedOptions): World {
  const { topology, houses, scheduler, ring, listeners, drain, kitOf, reachFrom } = createSimulatedHouses(options);
  let starting: Promise<unknown> | undefined;
  const start = (): Promise<unknown> => (starting ??= Promise.all(houses.map((house) => house.start())));
  return createWorldOver({
    runtime: "simulated",
    topology,
    kits: topology.nodes.map(({ name }) => kitOf(name, "task")),
    reach: (node, house) => reachFrom(node, "task")(house),
    // The lab's control goes straight in: it costs no virtual time and moves no other event.
    controls: houses.map(({ node, house, serve }) => ({ node, house, transport: serve })),
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
