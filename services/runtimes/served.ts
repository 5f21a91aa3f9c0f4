import type { House, PointName } from "../abi/contract.generated.ts";
import { PAIR } from "../abi/topology.ts";
import { createSimulatedHouses } from "./simulated/world.ts";

/** Who serves each point, asked of houses that were built for the question. */
export function servedPoints(): ReadonlyMap<PointName, House> {
  const { places } = createSimulatedHouses({ seed: 1n, profile: "documented", topology: PAIR });
  return new Map(places.houses().flatMap(({ house, points }) => points.map((point) => [point, house] as const)));
}
