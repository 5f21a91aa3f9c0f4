import { outermost } from "../abi/context.ts";
import type { Kit, Timer } from "../abi/kit.ts";
import { createLives, numbersBefore } from "../abi/lives.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Hooks } from "../boundary/hooks.ts";
import { createLocks } from "../boundary/locks.ts";
import type { InbandPorts, Kernel } from "./kernel.ts";
import { countFrom, createStack, pollAtNs, tick } from "./model/stack/stack.ts";
import { createKsocks } from "./ksock/table.ts";
import { performEffects } from "./netdev/effects.ts";
import { createNetdev } from "./netdev/state.ts";
import { createSockets } from "./sockets/table.ts";

/** A stack with its loopback device and no socket; the door adds the node's devices. */
export function createKernel(
  kit: Kit,
  hooks: Hooks<"inband">,
  node: NodeSpec,
  ports: InbandPorts,
  incarnation: number,
): Kernel {
  const { clock, events, profile, random } = kit;
  // One count for the sockets of tasks and of the kernel, and for connections that nobody has accepted.
  const numbers = countFrom(numbersBefore(incarnation));
  const word = (): number => Math.floor(random.fraction("inband/tcp-key") * 2 ** 32) | 0;
  const stack = createStack({
    choose: (count) => Math.floor(random.fraction("inband/ephemeral-port") * count),
    numbers,
    framesCopied: true,
    tcpKey: { k0Low: word(), k0High: word(), k1Low: word(), k1High: word() },
  });
  let running = 0;
  let armed: { readonly atNs: number; readonly timer: Timer } | undefined;

  function arm(): void {
    const atNs = pollAtNs(stack);
    // One that is due sooner stays: it will find nothing to do and be set anew. Each segment moves a timer back, and setting one
    // costs more than the segment.
    if (atNs === armed?.atNs || (armed !== undefined && atNs !== undefined && armed.atNs < atNs)) return;
    armed?.timer.cancel();
    armed = atNs === undefined ? undefined : { atNs, timer: clock.after(Math.max(0, atNs - clock.nowNs()), whenDue) };
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
    sockets: createSockets(numbers),
    ksocks: createKsocks(numbersBefore(incarnation)),
    netdev: createNetdev(),
    core: createLives(),
    deliveries: new WeakMap(),
    run(context, work) {
      stack.acting = context;
      const { result, effects } = work(clock.nowNs());
      stack.acting = undefined;
      running++;
      performEffects(kernel, context, effects);
      running--;
      // Who is woken by an effect makes steps of his own, before the others of this one are performed.
      if (running === 0) stack.frames.recycle();
      arm();
      return result;
    },
  };
  return kernel;
}
