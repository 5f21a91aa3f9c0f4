import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Core } from "../state.ts";

/**
 * in-band, never waits. Loads a driver that has protocols of sockets, or unloads it (evl_register_socket_domain and its
 * counterpart; facts/dovetail 2.1). What is so already stays so.
 *
 * ENOENT: there is no such driver. EBUSY: sockets of its protocols are open, which would lose what is behind them.
 */
export function oobNetDomain(
  core: Core,
  { name, registered }: PointArgs["oob_net_domain"],
  context: Context,
): Result<PointValues["oob_net_domain"], "ENOENT" | "EBUSY"> {
  const { domains, kit } = core;
  const had = domains.has(name);
  if (registered) {
    if (!domains.load(name)) return fail("ENOENT");
    if (!had) {
      kit.events.fact(context, "domain_register", { domain: name }, { registered: domains.drivers().length });
    }
    return ok({});
  }
  if (!had) return domains.knows(name) ? ok({}) : fail("ENOENT");
  if ([...core.sockets.values()].some(({ driver }) => driver === name)) return fail("EBUSY");
  domains.unload(name);
  kit.events.fact(context, "domain_unregister", { domain: name });
  return ok({});
}
