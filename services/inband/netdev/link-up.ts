import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { setUp } from "../model/stack/admin.ts";
import { nothing, withDevice } from "./rtnl.ts";

/**
 * Brings a device up (`dev_open`). In-band; takes rtnl. A port that ended when the device went down does not come back.
 *
 * Errors: ENODEV; ENETDOWN, the device below is down.
 */
export const netLinkUp = (
  kernel: Kernel,
  { dev }: PointArgs["net_link_up"],
  context: Context,
): Promise<Outcome<"net_link_up">> =>
  withDevice(kernel, context, dev, (inside, { ifindex }) =>
    nothing(kernel.run(inside, (nowNs) => setUp(kernel.stack, ifindex, true, nowNs))),
  );
