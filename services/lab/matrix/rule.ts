import type { FaultEffect, FaultRule } from "../../abi/contract.generated.ts";
import { dataOf, resourcesOf } from "../../boundary/faults/cells.ts";
import { pointName } from "../../boundary/faults/points.ts";
import type { MatrixPlace } from "./cells.ts";

/** What holds at the first crossing: it has not come back on the side where it is stalled, so that it need not wait. */
export function stalledUntil({ point, side }: Pick<MatrixPlace, "point" | "side">): string {
  const house = typeof point !== "string" && side === "server" ? `${point.to}:` : "";
  return `not once ${house}${pointName(point)}.exit`;
}

/** What differs from `{ kind, delay_ns: 0 }`. */
function detailsOf({ point, effect, side }: MatrixPlace): Partial<FaultEffect> {
  const contract = typeof point === "string" ? undefined : point;
  const blow = { place: "", peer: "", for_ns: 1e6 };
  switch (effect) {
    case "refuse":
      return { errno: contract?.errnos[0] ?? "EIO" };
    case "answer": {
      const [field] = contract === undefined ? [] : dataOf(contract, "after");
      const value = field?.kind === "bool" ? "false" : field?.kind === "string" || field?.kind === "bytes" ? "" : "0";
      return { data: { fields: [], values: [{ field: field?.name ?? "", value }], bytes: 0 } };
    }
    case "road":
      return { grpc_status: "UNAVAILABLE" };
    case "delay":
      return { delay_ns: 1e6 };
    case "reorder":
      return { gap: 1 };
    case "bandwidth":
      return { rate_bps: 1e6 };
    case "crash":
      return { blow: { ...blow, for_ns: 0 } };
    case "hang":
      return { blow };
    case "slow":
      return { delay_ns: 1e6, blow: { ...blow, for_ns: 5e6 } };
    case "partition":
      return { blow: contract?.from === contract?.to ? { ...blow, place: "companion", peer: "inband" } : blow };
    case "stall":
      return { until: stalledUntil({ point, side }) };
    case "resource": {
      const [resource] = contract === undefined ? [] : resourcesOf(contract);
      return resource === undefined ? {} : { resource };
    }
    default:
      return {};
  }
}

/** The rule of a place of the matrix: the same that its experiment is read as. */
export const placeRule = (place: MatrixPlace, id = "cell"): FaultRule => ({
  id,
  point: pointName(place.point),
  phase: place.phase,
  side: place.side,
  select: { nth: [{ from: 1, to: 1 }], every: 0, interval: 0, times: 0 },
  effect: { kind: place.effect, delay_ns: 0, ...detailsOf(place) },
});
