import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ETH_P } from "../../abi/packet/ethernet.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { addVlan } from "../model/stack/admin.ts";
import { withDevice } from "./rtnl.ts";

/** The longest name, its end apart (IFNAMSIZ), and what one may not hold (`dev_valid_name`). */
const NAME = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;

/**
 * Adds a VLAN device over another one, down (`vlan_newlink`). In-band; takes rtnl.
 *
 * Errors: ENODEV; EINVAL, a bad name or id, or the device below is loopback; EEXIST, name or tag is taken.
 */
export const netVlanAdd = (
  kernel: Kernel,
  { dev, name, vlan_id }: PointArgs["net_vlan_add"],
  context: Context,
): Promise<Outcome<"net_vlan_add">> =>
  withDevice(kernel, context, dev, (inside, { ifindex }) => {
    if (!NAME.test(name)) return fail("EINVAL");
    const added = kernel.run(inside, () => addVlan(kernel.stack, name, ifindex, vlan_id, ETH_P.ETH_P_8021Q));
    return added.ok ? ok({ ifindex: added.value.ifindex }) : added;
  });
