import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { forgetTold } from "../netdev/front-cache.ts";
import { withRtnl } from "../netdev/rtnl.ts";
import { switchPort } from "../netdev/switch-port.ts";

/**
 * Makes the devices that are out-of-band ports so for another core too, as net_oob_port did, in the order of their indexes: a
 * real device comes before the VLANs on it. In-band; takes rtnl, and waits for the core. A device that the core refuses is no
 * port any more, nor is one whose answer is lost, which the core is told.
 */
export async function renewPorts(kernel: Kernel, context: Context, lasts: () => boolean): Promise<void> {
  const { events, netdev, stack } = kernel;
  await withRtnl(kernel, context, async (inside) => {
    const ports = [...netdev.oobPorts].sort(([a], [b]) => a - b);
    for (const [ifindex, sizes] of ports) {
      const device = stack.devices.at(ifindex);
      if (device === undefined || !lasts()) continue;
      // No port until the core says so: what changes about its neighbours meanwhile is told at once when it is one.
      netdev.oobPorts.delete(ifindex);
      forgetTold(kernel, ifindex);
      const switched = await switchPort(kernel, inside, device, true, sizes);
      if (switched.ok) continue;
      if (lasts()) events.fact(inside, "oob_lapse", { dev: device.name }, { why: switched.errno });
      // The next core is asked for it, too.
      else netdev.oobPorts.set(ifindex, sizes);
    }
  });
}
