import { superviseOn, type Supervised, type Supervision } from "../fleet/supervise.ts";
import { createForkHost, type HouseProcessData } from "./fork-host.ts";

/** Starts a house or a switch in a process of its own. Resolves once it serves. */
export const supervise = (
  data: Omit<HouseProcessData, "incarnation" | "lamport">,
  supervision: Supervision,
): Promise<Supervised> => {
  const { place, facts, mutant, frames } = data;
  return superviseOn(createForkHost(data), { place, facts, mutant, frames }, supervision);
};
