import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { setMtu } from "../model/stack/admin.ts";
import { nothing, withDevice } from "./rtnl.ts";

/**
 * Sets a device's MTU (`dev_set_mtu`). In-band; takes rtnl. A port's buffers keep their size until it is made anew.
 *
 * Errors: ENODEV; EINVAL, below 68 or above that of the device below (Linux: ERANGE for the latter).
 */
export const netMtu = (
  kernel: Kernel,
  { dev, mtu }: PointArgs["net_mtu"],
  context: Context,
): Promise<Outcome<"net_mtu">> =>
  withDevice(kernel, context, dev, (inside, { ifindex }) =>
    nothing(kernel.run(inside, () => setMtu(kernel.stack, ifindex, mtu))),
  );
