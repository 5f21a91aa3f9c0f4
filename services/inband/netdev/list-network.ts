import type { PointValues } from "../../abi/contract.generated.ts";
import type { Kernel } from "../kernel.ts";

/** What the stack knows, for people. */
export const listNetwork = (_kernel: Kernel): PointValues["ctl_list_network"] => ({
  devices: [],
  sockets: [],
  routes: [],
  neighbours: [],
  counters: [],
});
