import type { PointArgs } from "../../abi/contract.generated.ts";
import type { EventArgs } from "../../abi/event.ts";
import { parseIpv4Address } from "../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Route } from "../model/route.ts";
import { parseDestination } from "./prefix.ts";

type Named = PointArgs["net_route_add"];

/** The route that an administrator names. EINVAL: no prefix, or no address. */
export function namedRoute(ifindex: number, { destination, gateway, metric }: Named): Result<Route, "EINVAL"> {
  const prefix = parseDestination(destination);
  const router = gateway === "" ? undefined : parseIpv4Address(gateway);
  if (prefix === undefined || (gateway !== "" && router === undefined)) return fail("EINVAL");
  const { address, bits } = prefix;
  return ok({ type: "unicast", destination: address, bits, ifindex, gateway: router, metric, source: undefined });
}

/** What a fact says of it. */
export const routeArgs = ({ destination, gateway, metric }: Named): EventArgs => ({ destination, gateway, metric });
