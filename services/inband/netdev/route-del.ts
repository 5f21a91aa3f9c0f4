import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { forgetRoutes } from "./front-cache.ts";
import { namedRoute, routeArgs } from "./named-route.ts";
import { withDevice } from "./rtnl.ts";

/**
 * Removes a route (`inet_rtm_delroute`). In-band; takes rtnl.
 *
 * Errors: ENODEV; EINVAL, no prefix or no address; ESRCH, there is none like it.
 */
export const netRouteDel = (
  kernel: Kernel,
  args: PointArgs["net_route_del"],
  context: Context,
): Promise<Outcome<"net_route_del">> =>
  withDevice(kernel, context, args.dev, (inside, { ifindex }): Outcome<"net_route_del"> => {
    const route = namedRoute(ifindex, args);
    if (!route.ok) return route;
    const removed = kernel.stack.routes.remove(route.value);
    if (!removed.ok) return removed;
    kernel.events.fact(inside, "route_change", { dev: args.dev }, { what: "removed", ...routeArgs(args) });
    forgetRoutes(kernel, inside);
    return ok({});
  });
