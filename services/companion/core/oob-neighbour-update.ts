import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { parseIpv4Address } from "../../abi/packet/ipv4-address.ts";
import { MAC_BYTES, macAt } from "../../abi/packet/mac.ts";
import type { Core } from "../state.ts";

/**
 * in-band, does not sleep. Only neighbours on ports matter; one that is not reachable any more is forgotten, so that the next
 * datagram to it goes in-band and finds it again (facts/dovetail 6.8).
 */
export function oobNeighbourUpdate(
  core: Core,
  { dev, address: text, mac, reachable }: PointArgs["oob_neighbour_update"],
  context: Context,
): void {
  const { front, ports } = core.net;
  const address = parseIpv4Address(text);
  if (address === undefined || !ports.has(dev)) return;
  if (reachable && mac.length === MAC_BYTES) front.learnNeighbour({ dev, address, mac: macAt(mac, 0) });
  else front.forgetNeighbour(dev, address);
  core.kit.events.fact(context, "front_neighbour", { dev }, { address: text, reachable });
}
