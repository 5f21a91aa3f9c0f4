import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { INADDR_ANY, parseIpv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Core } from "../state.ts";

/**
 * in-band, does not sleep. Only routes through ports matter. Forgetting needs no port: a route whose device has just ended to
 * be one is gone already (facts/dovetail 6.8).
 */
export function oobRouteLearn(core: Core, args: PointArgs["oob_route_learn"], context: Context): void {
  const { front, ports } = core.net;
  const { dev, mtu, gateway, broadcast, forget } = args;
  const destination = parseIpv4Address(args.destination);
  if (forget && args.destination === "") front.forgetRoutes();
  else if (destination === undefined) return;
  else if (forget) front.forgetRoute(destination);
  else if (!ports.has(dev)) return;
  else {
    const nexthop = parseIpv4Address(args.nexthop) ?? destination;
    const source = parseIpv4Address(args.source) ?? INADDR_ANY;
    front.learnRoute({ destination, source, dev, nexthop, mtu, gateway, broadcast });
  }
  core.kit.events.fact(context, "front_route", { dev }, { destination: args.destination, forget });
}
