import type { PointValues } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Handlers, Hooks } from "../boundary/hooks.ts";
import { bringUp } from "./bring-up.ts";
import { outermost } from "../abi/context.ts";
import { numbersBefore } from "../abi/lives.ts";
import { createKernel } from "./create-kernel.ts";
import type { InbandPorts } from "./kernel.ts";
import { ksockHandlers } from "./ksock/handlers.ts";
import { netdevHandlers } from "./netdev/handlers.ts";
import { listNetwork } from "./netdev/list-network.ts";
import { receiveFrames } from "./netdev/receive-frames.ts";
import { peerHandlers } from "./peers/handlers.ts";
import { socketHandlers } from "./sockets/handlers.ts";

/** The in-band network stack of one node. */
export interface Inband {
  /** What the VFS asks about sockets, tasks about devices, the core and the NIC about packets. */
  readonly handlers: Handlers<"inband">;
  /** Devices, sockets, routes, neighbours and counters, for people. */
  listNetwork(): PointValues["ctl_list_network"];
  /** Tells the core that it is there, where it took the place of one that the core knew. */
  start(): Promise<void>;
}

/**
 * Builds the house with the devices, addresses and routes of its node, and begins to receive from its ports.
 *
 * @param incarnation which of the house's lives this is, from 1.
 */
export function createInband(
  kit: Kit,
  hooks: Hooks<"inband">,
  node: NodeSpec,
  ports: InbandPorts,
  incarnation = 1,
): Inband {
  const kernel = createKernel(kit, hooks, node, ports, incarnation);
  bringUp(kernel);
  receiveFrames(kernel);
  return {
    handlers: {
      ...socketHandlers(kernel),
      ...netdevHandlers(kernel),
      ...ksockHandlers(kernel),
      ...peerHandlers(kernel),
    },
    listNetwork: () => listNetwork(kernel),
    async start() {
      if (incarnation > 1) await hooks.oob_inband_ready(outermost(""), { sk: numbersBefore(incarnation) + 1 });
    },
  };
}
