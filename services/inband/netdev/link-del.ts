import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { removeDevice } from "../model/stack/admin.ts";
import { nothing, withDevice } from "./rtnl.ts";
import { endPorts } from "./switch-port.ts";

/**
 * Removes a VLAN device that is down (`unregister_netdevice`). In-band; takes rtnl.
 *
 * Errors: ENODEV; EBUSY, it is up, or another stands on it, or it is not a VLAN's. ip(8) would take it down by itself.
 */
export const netLinkDel = (
  kernel: Kernel,
  { dev }: PointArgs["net_link_del"],
  context: Context,
): Promise<Outcome<"net_link_del">> =>
  withDevice(kernel, context, dev, async (inside, device) => {
    const { ifindex, kind, up } = device;
    if (kind.t !== "vlan" || up || kernel.stack.devices.above(ifindex).length > 0) return fail("EBUSY");
    // Going down ended its port; this is for a core that made one of a device that was down.
    await endPorts(kernel, inside, device);
    kernel.events.fact(inside, "device_change", { dev }, { what: "removed" });
    return nothing(kernel.run(inside, () => removeDevice(kernel.stack, ifindex)));
  });
