import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { addRoute } from "../model/stack/admin.ts";
import { forgetRoutes } from "./front-cache.ts";
import { namedRoute, routeArgs } from "./named-route.ts";
import { withDevice } from "./rtnl.ts";

/**
 * Adds a route (`inet_rtm_newroute`). In-band; takes rtnl.
 *
 * Errors: ENODEV; EINVAL, no prefix, no address, or bits beyond the prefix; ENETDOWN, the device is down; ENETUNREACH, the
 * router is not on its link; EEXIST, the route is there.
 */
export const netRouteAdd = (
  kernel: Kernel,
  args: PointArgs["net_route_add"],
  context: Context,
): Promise<Outcome<"net_route_add">> =>
  withDevice(kernel, context, args.dev, (inside, { ifindex }): Outcome<"net_route_add"> => {
    const route = namedRoute(ifindex, args);
    if (!route.ok) return route;
    const added = addRoute(kernel.stack, route.value);
    if (!added.ok) return added;
    if (!added.value) return fail("EEXIST");
    kernel.events.fact(inside, "route_change", { dev: args.dev }, { what: "added", ...routeArgs(args) });
    forgetRoutes(kernel, inside);
    return ok({});
  });
