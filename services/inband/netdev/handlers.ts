import type { Handlers } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { netAddressAdd } from "./address-add.ts";
import { netAddressDel } from "./address-del.ts";
import { netifCarrier } from "./carrier.ts";
import { netLinkDel } from "./link-del.ts";
import { netLinkDown } from "./link-down.ts";
import { netLinkUp } from "./link-up.ts";
import { netMtu } from "./mtu.ts";
import { inbandOffloadSendmsg } from "./offload-sendmsg.ts";
import { netOobPort } from "./oob-port.ts";
import { netRouteAdd } from "./route-add.ts";
import { netRouteDel } from "./route-del.ts";
import { inbandSolicit } from "./solicit.ts";
import { netVlanAdd } from "./vlan-add.ts";

/** The points about devices, addresses and routes, and what the core asks for. */
export const netdevHandlers = (kernel: Kernel): Handlers<"inband"> => ({
  net_link_up: (args, context) => netLinkUp(kernel, args, context),
  net_link_down: (args, context) => netLinkDown(kernel, args, context),
  net_link_del: (args, context) => netLinkDel(kernel, args, context),
  net_mtu: (args, context) => netMtu(kernel, args, context),
  net_vlan_add: (args, context) => netVlanAdd(kernel, args, context),
  net_address_add: (args, context) => netAddressAdd(kernel, args, context),
  net_address_del: (args, context) => netAddressDel(kernel, args, context),
  net_route_add: (args, context) => netRouteAdd(kernel, args, context),
  net_route_del: (args, context) => netRouteDel(kernel, args, context),
  net_oob_port: (args, context) => netOobPort(kernel, args, context),
  netif_carrier: (args, context) => netifCarrier(kernel, args, context),
  inband_solicit: (args, context) => inbandSolicit(kernel, args, context),
  inband_offload_sendmsg: (args, context) => inbandOffloadSendmsg(kernel, args, context),
});
