import type { House, PointName } from "../abi/contract.generated.ts";
import { createSimulatedHouses } from "./simulated/world.ts";

/** The hooks that no house serves yet: they answer like empty weak definitions until their house is built. */
export const UNBUILT: ReadonlySet<PointName> = new Set<PointName>([
  "sock_oob_attach",
  "sock_oob_release",
  "sock_oob_destroy",
  "sock_oob_bind",
  "sock_oob_connect",
  "sock_oob_shutdown",
  "sock_oob_ioctl",
  "sock_inband_ioctl_redirect",
  "netif_deliver_oob",
]);

/** Who serves each point, asked of houses that were built for the question. */
export function servedPoints(): ReadonlyMap<PointName, House> {
  const { houses } = createSimulatedHouses({ seed: 1n, profile: "documented" });
  return new Map([...houses].flatMap(([house, { points }]) => points.map((point) => [point, house] as const)));
}
