import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { setCarrier } from "../model/stack/admin.ts";

/**
 * A driver found or lost its link (`netif_carrier_on`, `_off`). In-band. Takes no lock: it may come while a call that
 * holds rtnl waits for the very driver. Ports stay: their frames are dropped until the link is back.
 */
export function netifCarrier(
  kernel: Kernel,
  { dev, on }: PointArgs["netif_carrier"],
  context: Context,
): Outcome<"netif_carrier"> {
  const device = kernel.stack.devices.byName(dev);
  if (device !== undefined) kernel.run(context, (nowNs) => setCarrier(kernel.stack, device.ifindex, on, nowNs));
  return ok({});
}
