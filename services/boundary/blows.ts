import type { FaultEffect, FaultKind, House } from "../abi/contract.generated.ts";

/** The faults that strike a place of the world, or the edge between two, in the moment of a call. */
export const BLOWS = ["crash", "hang", "slow", "partition"] as const satisfies readonly FaultKind[];

/** One of them. */
export type BlowKind = (typeof BLOWS)[number];

/** The two houses of a call. */
export interface Crossing {
  readonly from: House;
  readonly to: House;
}

/** Who strikes: the runtime, which knows the places. Places in an effect that it is given are full names. */
export interface Blows {
  /**
   * Resolves when the blow was struck: the place is dead or stands still, the edge is slow or cut.
   *
   * @param lamport the stamp of who asks: what comes of it comes after that.
   */
  strike(effect: FaultEffect, crossing: Crossing, lamport: number): Promise<void>;
}

/** The full name of a place that is named on a node: `companion` is `alpha/companion`, `beta/nic` is itself. */
const fullName = (node: string, place: string): string => (place.includes("/") ? place : `${node}/${place}`);

/**
 * A blow with the full names of what it strikes: where the rule names nothing, the house that the call goes to, and for
 * the other end of a partition the house that it comes from.
 */
export function namedBlow(node: string, effect: FaultEffect, { from, to }: Crossing): FaultEffect {
  const { place = "", peer = "", ...rest } = effect.blow ?? { for_ns: 0 };
  const named = fullName(node, place === "" ? to : place);
  const other = effect.kind === "partition" ? fullName(node, peer === "" ? from : peer) : "";
  return { ...effect, blow: { ...rest, place: named, peer: other } };
}
