import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { addAddress } from "../model/stack/admin.ts";
import { parsePrefix } from "./prefix.ts";
import { nothing, withDevice } from "./rtnl.ts";

/**
 * Gives a device an address, and the node the routes that come with it (`inet_rtm_newaddr`). In-band; takes rtnl.
 *
 * Errors: ENODEV; EINVAL, it is no address; EEXIST, the device has it.
 */
export const netAddressAdd = (
  kernel: Kernel,
  { dev, address }: PointArgs["net_address_add"],
  context: Context,
): Promise<Outcome<"net_address_add">> =>
  withDevice(kernel, context, dev, (inside, { ifindex }) => {
    const prefix = parsePrefix(address);
    if (prefix === undefined) return fail("EINVAL");
    return nothing(kernel.run(inside, () => addAddress(kernel.stack, ifindex, prefix)));
  });
