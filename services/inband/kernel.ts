import type { Context } from "../abi/context.ts";
import type { EventLog } from "../abi/event.ts";
import type { FramePort } from "../abi/frame.ts";
import type { Kit } from "../abi/kit.ts";
import type { Lives } from "../abi/lives.ts";
import { asImplemented, type Profile, type Switch } from "../abi/profile.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Hooks } from "../boundary/hooks.ts";
import type { Locks } from "../boundary/locks.ts";
import type { Ksocks } from "./ksock/table.ts";
import type { StackState } from "./model/stack/state.ts";
import type { Outcome } from "./model/stack/step.ts";
import type { Netdev } from "./netdev/state.ts";
import type { Deliveries, Sockets } from "./sockets/table.ts";

/** What carries this node's frames: one link per NIC, and what the core gives to devices of stock drivers. */
export interface InbandPorts {
  /** By the name of the device. */
  readonly nics: ReadonlyMap<string, FramePort>;
  readonly relay: FramePort | undefined;
}

/** What the calls share: the state of the stack, and the world around it. */
export interface Kernel {
  readonly kit: Kit;
  readonly profile: Profile;
  readonly events: EventLog;
  readonly hooks: Hooks<"inband">;
  readonly locks: Locks;
  readonly node: NodeSpec;
  readonly ports: InbandPorts;
  readonly stack: StackState;
  readonly sockets: Sockets;
  /** The sockets of the kernel's own modules. */
  readonly ksocks: Ksocks;
  /** What devices have beside the model: their ports, and what the core was told. */
  readonly netdev: Netdev;
  /** The companion core, which may come back without a memory. */
  readonly core: Lives;
  readonly deliveries: Deliveries;
  /**
   * Makes one step of the model and does what follows from it, in order, before it answers; then sets the one timer for
   * what is due next. Nothing waits in it, so no other step comes between.
   */
  run<R>(context: Context, work: (nowNs: number) => Outcome<R>): R;
}

/** Whether the kernel's code is followed where it disagrees with the seeds. */
export const followsCode = (kernel: Kernel, disagreement: Switch): boolean =>
  asImplemented(kernel.profile, disagreement);
