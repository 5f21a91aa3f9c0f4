import type { PointValues } from "../abi/contract.generated.ts";
import type { FramePort } from "../abi/frame.ts";
import type { Clock, Kit } from "../abi/kit.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Handlers, Hooks } from "../boundary/hooks.ts";

type Ports = ReadonlyMap<string, FramePort>;

const NO_NETWORK = { devices: [], sockets: [], routes: [], neighbours: [], counters: [] };

/** An in-band stack that serves nothing, until it is built. */
export const createInband = (
  _kit: Kit,
  _hooks: Hooks<"inband">,
  _node: NodeSpec,
  _ports: { readonly nics: Ports; readonly relay: FramePort | undefined },
): { readonly handlers: Handlers<"inband">; listNetwork(): PointValues["ctl_list_network"] } => ({
  handlers: {},
  listNetwork: () => NO_NETWORK,
});

/** A NIC house that serves nothing, until it is built. */
export const createNic = (
  _kit: Kit,
  _hooks: Hooks<"nic">,
  _node: NodeSpec,
  _ports: { readonly host: Ports; readonly oob: Ports; readonly wires: Ports },
): { readonly handlers: Handlers<"nic">; listNetwork(): PointValues["ctl_list_network"]; start(): void } => ({
  handlers: {},
  listNetwork: () => NO_NETWORK,
  start: () => undefined,
});

/** A switch that switches nothing, until it is built. */
export const createSwitch = (_clock: Clock, _ports: Ports): void => undefined;
