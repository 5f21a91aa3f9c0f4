import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseVlans, vlansText } from "../model/vlan-map.ts";
import type { Core } from "../state.ts";

/** in-band. Replaces the VLAN map as a whole. EINVAL: no list of ids, or one with 0, 1 or 4095 (facts/dovetail 6.2). */
export function oobNetVlans(
  core: Core,
  args: PointArgs["oob_net_vlans"],
  context: Context,
): Result<PointValues["oob_net_vlans"], "EINVAL"> {
  const vlans = parseVlans(args.vlans);
  if (vlans === undefined) return fail("EINVAL");
  core.net.vlans = vlans;
  core.kit.events.fact(context, "vlan_map", {}, { vlans: vlansText(vlans) });
  return ok({});
}
