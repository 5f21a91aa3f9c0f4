import { assert } from "../abi/assert.ts";
import { outermost } from "../abi/context.ts";
import { CONTRACT, type FaultEffect, type FaultRule, type House, type PointName } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { Topology } from "../abi/topology.ts";
import { BLOWS, namedBlow } from "../boundary/blows.ts";
import type { Gates } from "./gates.ts";
import { areJoined, linksOf, placesOf, type WorldPlan } from "./links.ts";

/** What a place is told to do. */
export type BlowOrder = StrikeOrder | GateOrder;

/** To the victim: it dies, or stands still for so long. */
export interface StrikeOrder {
  readonly t: "strike";
  readonly kind: "crash" | "hang";
  readonly forNs: number;
}

/** To those at the ends of an edge: it is cut, or each call of the peer is held up, for so long. */
export interface GateOrder {
  readonly t: "gate";
  readonly peer: string;
  readonly cut: boolean;
  readonly slowNs: number;
  readonly forNs: number;
}

/** Turns blows into orders. */
export interface BlowDesk {
  /** Resolves when every order of it was carried out. @param effect with full names of places. */
  strike(effect: FaultEffect): Promise<void>;
}

const isTask = (place: string): boolean => place.endsWith("/task");
const isSwitch = (place: string): boolean => place.endsWith("/switch");

/** Who calls a house, by the names of their places; its calls to itself cross no edge. */
function callersOf(topology: Topology, place: string): string[] {
  const [node = "", house] = place.split("/");
  const calls = (caller: House): boolean =>
    caller !== house &&
    Object.values(CONTRACT).some(({ kind, from, to }) => kind !== "control" && from === caller && to === house);
  const built = placesOf({ topology }).flatMap((one) => (one.t === "house" && one.node === node ? [one.house] : []));
  return [...built, "task" as const].filter(calls).map((caller) => `${node}/${caller}`);
}

/**
 * The one who is asked for blows, and knows who has to do what for them.
 *
 * @param orders gives a place an order; resolves when it was carried out. Tasks are no place, and get none.
 */
export function createBlowDesk({
  topology,
  orders,
}: {
  readonly topology: Topology;
  readonly orders: (place: string, order: BlowOrder) => Promise<void>;
}): BlowDesk {
  return {
    async strike({ kind, delay_ns, blow }) {
      assert(blow !== undefined, "a rule that strikes a place was armed with the blow");
      const { place, peer, for_ns: forNs } = blow;
      if (kind === "crash" || kind === "hang") return orders(place, { t: "strike", kind, forNs });
      const gates: readonly (readonly [string, string])[] =
        kind === "slow"
          ? callersOf(topology, place).map((caller) => [place, caller])
          : [
              [place, peer],
              [peer, place],
            ];
      const slowNs = kind === "slow" ? delay_ns : 0;
      await Promise.all(
        gates
          .filter(([at]) => !isTask(at))
          .map(([at, other]) => orders(at, { t: "gate", peer: other, cut: kind === "partition", slowNs, forNs })),
      );
    },
  };
}

/** Carries out an order that concerns the edges of a place. */
export function obeyGateOrder(gates: Gates, { peer, cut, slowNs, forNs }: GateOrder): void {
  if (cut) gates.cut(peer, forNs);
  if (slowNs > 0) gates.slow(peer, slowNs, forNs);
}

const callersHouse = (rule: FaultRule): { readonly from: House; readonly to: House } | undefined =>
  Object.hasOwn(CONTRACT, rule.point) ? CONTRACT[rule.point as PointName] : undefined;

/** Whether calls or frames go between two places. */
function isEdge(plan: WorldPlan, a: string, b: string): boolean {
  if (linksOf(plan).some(({ ends }) => ends.includes(a) && ends.includes(b))) return true;
  const [nodeA, houseA] = a.split("/") as [string, House];
  const [nodeB, houseB] = b.split("/") as [string, House];
  return nodeA === nodeB && areJoined(houseA, houseB);
}

/**
 * Why a blow cannot be struck in a world, in one line; undefined when it can, and for rules without one.
 *
 * @param node where the rule is to be armed. @param places all that the world runs.
 */
export function blowProblem(
  plan: WorldPlan,
  places: readonly string[],
  node: string,
  rule: FaultRule,
): string | undefined {
  const crossing = callersHouse(rule);
  const { effect } = rule;
  if (crossing === undefined || effect === undefined || !BLOWS.some((kind) => kind === effect.kind)) return undefined;
  const { blow } = namedBlow(node, effect, crossing);
  assert(blow !== undefined, "a named blow has its places");
  const { place, peer } = blow;
  for (const one of effect.kind === "partition" ? [place, peer] : [place]) {
    if (places.includes(one) || (effect.kind === "partition" && isTask(one))) continue;
    return `there is no place ${one} in this world that could be struck; there is ${places.join(", ")}`;
  }
  if (effect.kind === "slow" && isSwitch(place)) return `${place} answers no calls, so it cannot be slow`;
  if (effect.kind !== "partition") return undefined;
  if (place === peer) return `a partition is between two places, not between ${place} and itself`;
  return isEdge(plan, place, peer) ? undefined : `neither calls nor frames go between ${place} and ${peer}`;
}

/** Says in the trace what became of places, so that rules, reports and people see it. */
export interface PlaceNews {
  /** What is told from now on comes after this stamp: that of who asked for a blow. */
  after(lamport: number): void;
  /**
   * @param why `crash`, or how it ended by itself.
   * @returns the stamp that the place's next life comes after.
   */
  down(place: string, why: string): number;
  up(place: string, incarnation: number): void;
}

/** @param kits those of the tasks of each node: a place's own log dies with it. A switch is told of on the first node. */
export function createPlaceNews(kits: readonly Kit[]): PlaceNews {
  const kitOf = (place: string): Kit => {
    const kit = kits.find(({ node }) => place.startsWith(`${node}/`)) ?? kits[0];
    assert(kit !== undefined, "a world has a node");
    return kit;
  };
  const context = outermost("", 0, "inband");
  /** Rules about one house ask for it: what that house has told goes with it. */
  const houseOf = (place: string): string => place.split("/")[1] ?? "";
  return {
    after(lamport) {
      for (const { events } of kits) events.merge(lamport);
    },
    down(place, why) {
      const { events } = kitOf(place);
      events.fact(context, "place_down", {}, { place, house: houseOf(place), why });
      return events.stamp();
    },
    up: (place, incarnation) =>
      kitOf(place).events.fact(context, "place_up", {}, { place, house: houseOf(place), incarnation }),
  };
}
