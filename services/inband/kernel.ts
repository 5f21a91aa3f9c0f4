import { outermost, type Context } from "../abi/context.ts";
import type { EventLog } from "../abi/event.ts";
import type { FramePort } from "../abi/frame.ts";
import type { Kit, Timer } from "../abi/kit.ts";
import { asImplemented, type Profile, type Switch } from "../abi/profile.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Hooks } from "../boundary/hooks.ts";
import { createLocks, type Locks } from "../boundary/locks.ts";
import { createStack, pollAtNs, tick } from "./model/stack/stack.ts";
import type { StackState } from "./model/stack/state.ts";
import type { Outcome } from "./model/stack/step.ts";
import { performEffects } from "./netdev/effects.ts";
import { createNetdev, type Netdev } from "./netdev/state.ts";
import { createSockets, type Sockets } from "./sockets/table.ts";

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
  /** What devices have beside the model: their ports, and what the core was told. */
  readonly netdev: Netdev;
  /**
   * Makes one step of the model and does what follows from it, in order, before it answers; then sets the one timer for
   * what is due next. Nothing waits in it, so no other step comes between.
   */
  run<R>(context: Context, work: (nowNs: number) => Outcome<R>): R;
}

/** A stack with its loopback device and no socket; the door adds the node's devices. */
export function createKernel(kit: Kit, hooks: Hooks<"inband">, node: NodeSpec, ports: InbandPorts): Kernel {
  const { clock, events, profile, random } = kit;
  const stack = createStack({ choose: (count) => Math.floor(random.fraction("inband/ephemeral-port") * count) });
  let armed: { readonly atNs: number; readonly timer: Timer } | undefined;

  function arm(): void {
    const atNs = pollAtNs(stack);
    if (atNs === armed?.atNs) return;
    armed?.timer.cancel();
    armed =
      atNs === undefined ? undefined : { atNs, timer: clock.after(Math.max(0, atNs - clock.nowNs()), whenDue) };
  }

  function whenDue(): void {
    armed = undefined;
    kernel.run(outermost(""), (nowNs) => ({ result: undefined, effects: tick(stack, nowNs) }));
  }

  const kernel: Kernel = {
    kit,
    profile,
    events,
    hooks,
    locks: createLocks(events),
    node,
    ports,
    stack,
    sockets: createSockets(),
    netdev: createNetdev(),
    run(context, work) {
      const { result, effects } = work(clock.nowNs());
      performEffects(kernel, context, effects);
      arm();
      return result;
    },
  };
  return kernel;
}

/** Whether the kernel's code is followed where it disagrees with the seeds. */
export const followsCode = (kernel: Kernel, disagreement: Switch): boolean =>
  asImplemented(kernel.profile, disagreement);
