import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { setUp } from "../model/stack/admin.ts";
import { endPorts } from "./switch-port.ts";
import { nothing, withDevice } from "./rtnl.ts";

/**
 * Takes a device down (`dev_close`). In-band; takes rtnl, and waits for the core to end the ports first
 * (NETDEV_GOING_DOWN, facts 6.1), while the device still works.
 *
 * Errors: ENODEV.
 */
export const netLinkDown = (
  kernel: Kernel,
  { dev }: PointArgs["net_link_down"],
  context: Context,
): Promise<Outcome<"net_link_down">> =>
  withDevice(kernel, context, dev, async (inside, device) => {
    await endPorts(kernel, inside, device);
    return nothing(kernel.run(inside, (nowNs) => setUp(kernel.stack, device.ifindex, false, nowNs)));
  });
