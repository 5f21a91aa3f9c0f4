import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { removeAddress } from "../model/stack/admin.ts";
import { parsePrefix } from "./prefix.ts";
import { nothing, withDevice } from "./rtnl.ts";

/**
 * Takes an address away, with its routes (`inet_rtm_deladdr`). In-band; takes rtnl.
 *
 * Errors: ENODEV; EINVAL, it is no address; EADDRNOTAVAIL, the device does not have it with this prefix.
 */
export const netAddressDel = (
  kernel: Kernel,
  { dev, address }: PointArgs["net_address_del"],
  context: Context,
): Promise<Outcome<"net_address_del">> =>
  withDevice(kernel, context, dev, (inside, { ifindex, addresses }) => {
    const prefix = parsePrefix(address);
    if (prefix === undefined) return fail("EINVAL");
    const there = addresses.find((one) => one.address === prefix.address);
    // Without a length any prefix is meant, as for ip(8).
    if (address.includes("/") && there?.bits !== prefix.bits) return fail("EADDRNOTAVAIL");
    return nothing(kernel.run(inside, () => removeAddress(kernel.stack, ifindex, prefix.address)));
  });
