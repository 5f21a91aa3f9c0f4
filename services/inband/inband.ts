import type { PointValues } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Handlers, Hooks } from "../boundary/hooks.ts";
import { bringUp } from "./bring-up.ts";
import { createKernel } from "./create-kernel.ts";
import type { InbandPorts } from "./kernel.ts";
import { netdevHandlers } from "./netdev/handlers.ts";
import { listNetwork } from "./netdev/list-network.ts";
import { receiveFrames } from "./netdev/receive-frames.ts";
import { socketHandlers } from "./sockets/handlers.ts";

/** The in-band network stack of one node. */
export interface Inband {
  /** What the VFS asks about sockets, tasks about devices, the core and the NIC about packets. */
  readonly handlers: Handlers<"inband">;
  /** Devices, sockets, routes, neighbours and counters, for people. */
  listNetwork(): PointValues["ctl_list_network"];
}

/** Builds the house with the devices, addresses and routes of its node, and begins to receive from its ports. */
export function createInband(kit: Kit, hooks: Hooks<"inband">, node: NodeSpec, ports: InbandPorts): Inband {
  const kernel = createKernel(kit, hooks, node, ports);
  bringUp(kernel);
  receiveFrames(kernel);
  return {
    handlers: { ...socketHandlers(kernel), ...netdevHandlers(kernel) },
    listNetwork: () => listNetwork(kernel),
  };
}
