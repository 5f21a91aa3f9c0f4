import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { MAC_BYTES, putMac } from "../../abi/packet/mac.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import type { Device } from "../model/device.ts";
import { forgetPort, tellNeighboursOf } from "./front-cache.ts";
import type { PortSizes } from "./state.ts";

/** The core's defaults. */
const DEFAULT: PortSizes = { pool: 0, buffer_bytes: 0 };

/** The real device that a device stands on; itself for a real one. */
function realOf({ stack }: Kernel, device: Device): Device {
  let real = device;
  for (;;) {
    const below = real.kind.t === "vlan" ? stack.devices.at(real.kind.lower) : undefined;
    if (below === undefined) return real;
    real = below;
  }
}

/** What the core is told of a device. */
function argsOf(
  kernel: Kernel,
  device: Device,
  enabled: boolean,
  sizes: PortSizes,
): PointArgs["netif_oob_switch_port"] {
  const real = realOf(kernel, device);
  const driver = kernel.node.nics.find(({ name }) => name === real.name)?.driver;
  const mac = new Uint8Array(MAC_BYTES);
  putMac(mac, 0, device.mac);
  return {
    dev: device.name,
    ifindex: device.ifindex,
    real: real.name,
    vlan_id: device.kind.t === "vlan" ? device.kind.vid : 0,
    mac,
    mtu: device.mtu,
    // Dovetail marks the loopback device capable (facts 5.1).
    capable: real.kind.t === "loopback" || driver === "oob-capable",
    running: device.up && real.up,
    enabled,
    ...sizes,
  };
}

/** The device is a port from now on, or is none any more. */
function setPort(kernel: Kernel, context: Context, device: Device, sizes: PortSizes | undefined): void {
  const { ifindex, name: dev } = device;
  const { oobPorts } = kernel.netdev;
  if (sizes !== undefined) oobPorts.set(ifindex, sizes);
  else if (!oobPorts.delete(ifindex)) return;
  kernel.events.fact(context, "oob_port", { dev }, { enabled: sizes !== undefined });
  if (sizes === undefined) forgetPort(kernel, context, ifindex);
  else tellNeighboursOf(kernel, context, ifindex);
}

/**
 * Makes a device an out-of-band port, or takes that away. In-band, rtnl held; waits for the core.
 *
 * Errors: those of the core; EIO when its answer is lost, and then it is told to go back to what it was before.
 */
export async function switchPort(
  kernel: Kernel,
  context: Context,
  device: Device,
  enabled: boolean,
  sizes: PortSizes,
): Promise<Result<undefined>> {
  const { events, hooks, netdev } = kernel;
  const before = netdev.oobPorts.get(device.ifindex);
  const reply = await hooks.netif_oob_switch_port(context, argsOf(kernel, device, enabled, sizes));
  switch (reply.kind) {
    case "returned":
      // The core leaves a port that is one already as it is, with its buffers.
      setPort(kernel, context, device, enabled ? (before ?? sizes) : undefined);
      return ok(undefined);
    case "refused":
      return fail(reply.errno);
    case "lost":
      // The core may have switched: bring both sides back to what was. A call rejected on the road reached no core.
      if (reply.why !== "rejected" && enabled !== (before !== undefined)) {
        const { name: dev } = device;
        events.fact(context, "compensate", { dev }, { undoes: "netif_oob_switch_port", why: reply.why });
        await hooks.netif_oob_switch_port(context, argsOf(kernel, device, !enabled, before ?? DEFAULT));
      }
      return fail("EIO");
  }
}

/**
 * Ends the ports of a device that goes down, and before it those of the VLAN devices on it. In-band, rtnl held; waits
 * for the core, which cannot stop a device from going down: when it refuses, or its answer is lost twice, the device is
 * a port no more all the same.
 */
export async function endPorts(kernel: Kernel, context: Context, device: Device): Promise<void> {
  for (const above of [...kernel.stack.devices.above(device.ifindex)].reverse()) {
    await endPorts(kernel, context, above);
  }
  if (!kernel.netdev.oobPorts.has(device.ifindex)) return;
  const args = argsOf(kernel, device, false, DEFAULT);
  const reply = await kernel.hooks.netif_oob_switch_port(context, args);
  if (reply.kind === "lost" && reply.why !== "rejected") {
    const why = { undoes: "netif_oob_switch_port", why: reply.why };
    kernel.events.fact(context, "compensate", { dev: device.name }, why);
    await kernel.hooks.netif_oob_switch_port(context, args);
  }
  setPort(kernel, context, device, undefined);
}
