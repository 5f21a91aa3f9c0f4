import type { ArrivedFrame } from "../../abi/frame.ts";
import { frameArrives } from "../../boundary/frames.ts";
import type { Kernel } from "../kernel.ts";
import { receive, relay } from "../model/stack/stack.ts";

/** Lets frames in: from now on the stack receives what the ports bring. */
export function receiveFrames(kernel: Kernel): void {
  for (const [dev, port] of kernel.ports.nics) port.receive((frame) => receiveFrame(kernel, dev, frame));
  kernel.ports.relay?.receive((frame) => relayFrame(kernel, frame));
}

/**
 * A frame came up from the driver, which diverts none or whose core did not want it (`netif_receive_skb`). Its end is
 * recorded in this step, or, for a fragment that waits, when its datagram ends.
 *
 * In-band, softirq: nothing waits.
 */
function receiveFrame(kernel: Kernel, dev: string, arrived: ArrivedFrame): void {
  const { kit, netdev, stack } = kernel;
  const context = frameArrives(kit, dev, "inband", arrived);
  const ticket = netdev.issue({ dev, frame: arrived.frame, context });
  // A device that is not there has index 0, and the model counts the frame under `no_device`.
  const ifindex = stack.devices.byName(dev)?.ifindex ?? 0;
  kernel.run(context, (nowNs) => ({
    result: undefined,
    effects: receive(stack, ifindex, arrived.bytes, nowNs, ticket),
  }));
}

/**
 * The core transmits on a device whose driver knows nothing of the out-of-band stage: the frame is sent like one of our
 * own, taps and tags included (`process_inband_tx_backlog`, facts 5.4), under the number that the core gave it. The flags
 * name the device.
 *
 * In-band, softirq: nothing waits.
 */
function relayFrame(kernel: Kernel, arrived: ArrivedFrame): void {
  const { kit, netdev, stack, events } = kernel;
  const ifindex = arrived.flags;
  const dev = stack.devices.at(ifindex)?.name ?? `ifindex ${ifindex}`;
  const context = frameArrives(kit, dev, "inband", arrived);
  events.fact(context, "relay_xmit", { dev, frame: arrived.frame });
  const ticket = netdev.issue({ dev, frame: arrived.frame, context });
  kernel.run(context, (nowNs) => ({
    result: undefined,
    effects: relay(stack, ifindex, arrived.bytes, nowNs, ticket),
  }));
}
