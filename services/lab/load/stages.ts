import type { StagesSpec, Topology } from "../../abi/topology.ts";
import { parseDurationNs } from "../../abi/units.ts";
import type { WrittenStages } from "./written.ts";

/** What work costs, as it was written: what is left out costs nothing. */
export function stagesOf({ processors = 1, hop = "0ns", inband = {}, oob = {} }: WrittenStages): StagesSpec {
  const ns = (written = "0ns"): number => parseDurationNs(written) ?? 0;
  return {
    processors,
    hopNs: ns(hop),
    inband: { callNs: ns(inband.call), frameNs: ns(inband.frame) },
    oob: { callNs: ns(oob.call), frameNs: ns(oob.frame) },
  };
}

/** A world with the costs that an experiment says; where it says none, with its own. */
export const withStages = (topology: Topology, stages: StagesSpec | undefined): Topology =>
  stages === undefined ? topology : { ...topology, stages };
