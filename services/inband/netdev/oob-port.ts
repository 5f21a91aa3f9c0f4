import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { nothing, withDevice } from "./rtnl.ts";
import { switchPort } from "./switch-port.ts";

/**
 * A write to /sys/class/net/<dev>/oob_port. In-band; takes rtnl, and waits for the core.
 *
 * Errors: ENODEV; EOPNOTSUPP, a kernel without out-of-band networking, where Linux has no such file; those of
 * netif_oob_switch_port; EIO when the core's answer is lost.
 */
export const netOobPort = (
  kernel: Kernel,
  { dev, enabled, pool, buffer_bytes }: PointArgs["net_oob_port"],
  context: Context,
): Promise<Outcome<"net_oob_port">> =>
  withDevice(kernel, context, dev, async (inside, device) => {
    if (!kernel.node.netOob) return fail("EOPNOTSUPP");
    return nothing(await switchPort(kernel, inside, device, enabled, { pool, buffer_bytes }));
  });
