import { assert } from "../abi/assert.ts";
import type { House } from "../abi/contract.generated.ts";
import { hash53 } from "../abi/hash.ts";
import type { Tracing } from "../abi/event.ts";
import type { Clock, Kit } from "../abi/kit.ts";
import { LIMITS } from "../abi/limits.ts";
import type { Profile } from "../abi/profile.ts";
import type { NodeSpec, Topology } from "../abi/topology.ts";
import { createEventLog, SPANS_PER_PROCESS } from "../boundary/events/log.ts";
import { createEventRing, type EventRing } from "../boundary/events/ring.ts";
import type { WorldPlan } from "./links.ts";
import { createRandom } from "./random.ts";
import { createRealClock } from "./real-clock.ts";

/** What every thread and process of one world agrees on. Plain data: it is posted and passed to processes. */
export interface WorldFacts extends WorldPlan {
  /** The seed in decimal, since JSON has no 64-bit numbers. */
  readonly seed: string;
  readonly profile: Profile;
  readonly epochMs: number;
  /** Absent: on. */
  readonly tracing?: Tracing | undefined;
  /** The world's own number, where somebody else made it. */
  readonly origin?: number;
  /** The folder with our certificate, for cores on other machines. */
  readonly tls?: string | undefined;
}

/** The number of each house's process in its node, below 8. */
const HOUSE_NUMBERS: Readonly<Record<House, number>> = {
  task: 1,
  vfs: 2,
  companion: 3,
  inband: 4,
  nic: 5,
  lab: 6,
  any: 7,
};
const HOUSES_MAX = 8;
const INCARNATIONS = 64;
/** Nodes of a world: as many as keep the numbers of their processes apart. */
const NODES_MAX = 256;

/** A node of the topology by its name. */
export function nodeSpecOf({ nodes }: Topology, name: string): NodeSpec {
  const node = nodes.find((one) => one.name === name);
  assert(node !== undefined, "every node that is named is in the topology");
  return node;
}

/** What tells the process of a house from all others of its world, also from the house's former lives. */
function processNumber(topology: Topology, node: string, house: House, incarnation: number): number {
  const index = topology.nodes.indexOf(nodeSpecOf(topology, node));
  assert(index < NODES_MAX, "a world has no more nodes than there are numbers for");
  return (index * HOUSES_MAX + HOUSE_NUMBERS[house]) * INCARNATIONS + (incarnation % INCARNATIONS);
}

/** What the numbers of a house's spans are added to: those of a house that numbers them from 1 get their place beside all others. */
export const spansBefore = (topology: Topology, node: string, house: House): number =>
  processNumber(topology, node, house, 1) * SPANS_PER_PROCESS;

/** The seed of the decisions of fault rules on a node: the same rule must not strike all nodes alike. */
export const faultSeed = ({ seed, node }: Pick<Kit, "seed" | "node">): bigint => BigInt(hash53(`${seed}/${node}`));

/** A world's own number, the same in all of its threads and processes: no two worlds of real time have the same. */
export const originOf = (of: {
  readonly seed: bigint | string;
  readonly epochMs?: number;
  readonly origin?: number;
}): number => of.origin ?? hash53(`${of.seed}/${of.epochMs ?? "virtual"}`);

/** What a kit is made of, in whatever time and thread. */
export interface KitParts {
  readonly topology: Topology;
  readonly node: string;
  readonly house: House;
  readonly incarnation: number;
  /** The Lamport stamp that all of this life comes after. */
  readonly lamport?: number;
  readonly seed: bigint;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly ring: EventRing;
  readonly origin: number;
  readonly tracing?: Tracing | undefined;
}

/** The kit of a house: its streams of chance are its own, so that they are the same wherever else houses run. */
export function createKit(parts: KitParts): Kit {
  const { topology, node, house, incarnation, lamport = 0, seed, profile, clock, ring, origin, tracing } = parts;
  const number = processNumber(topology, node, house, incarnation);
  const random = createRandom(seed);
  return {
    node,
    house,
    profile,
    seed,
    clock,
    random: { fraction: (stream) => random.fraction(`${node}/${house}/${stream}`) },
    events: createEventLog(ring, clock, node, house, number, origin, { incarnation, lamport }, tracing),
  };
}

/** The kit of a house that runs in a thread or process of its own, in real time. */
export function createThreadKit(
  facts: WorldFacts,
  node: string,
  house: House,
  incarnation: number,
  lamport = 0,
  clock: Clock = createRealClock(facts.epochMs),
): { readonly kit: Kit; readonly ring: EventRing; readonly signals: { whenFirst(): void } } {
  const signals = { whenFirst: (): void => undefined };
  const ring = createEventRing(LIMITS.eventRing, { whenFirst: () => signals.whenFirst() });
  const { topology, profile, tracing } = facts;
  const seed = BigInt(facts.seed);
  const origin = originOf(facts);
  return {
    kit: createKit({ topology, node, house, incarnation, lamport, seed, profile, clock, ring, origin, tracing }),
    ring,
    signals,
  };
}

/**
 * What the calling thread of a world needs: a kit for the tasks of each node, one for the lab itself, which counts to the first
 * node, and one ring for the events of them all.
 */
export function createLabKits(facts: WorldFacts): {
  readonly kits: readonly [Kit, ...Kit[]];
  readonly lab: Kit;
  readonly ring: EventRing;
  readonly signals: { whenFirst(): void };
} {
  const clock = createRealClock(facts.epochMs);
  const signals = { whenFirst: (): void => undefined };
  const ring = createEventRing(LIMITS.eventRing, { whenFirst: () => signals.whenFirst() });
  const { topology, profile, tracing } = facts;
  const common = { topology, incarnation: 1, seed: BigInt(facts.seed), profile, clock, ring, tracing };
  const kitOf = (node: string, house: House): Kit => createKit({ ...common, node, house, origin: originOf(facts) });
  const [first, ...others] = topology.nodes.map(({ name }) => kitOf(name, "task"));
  assert(first !== undefined, "a world has a node");
  return { kits: [first, ...others], lab: kitOf(first.node, "lab"), ring, signals };
}
