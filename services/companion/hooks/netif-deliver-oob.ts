import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import { frameEnds } from "../../boundary/frames.ts";
import { filterInput } from "../model/input-filter.ts";
import { takeBuffer } from "../net/buffers.ts";
import { rxProgram } from "../net/filter.ts";
import { receiveLater } from "../net/receive-thread.ts";
import { portsOver, type Diversion, type OobPort, type RxFrame } from "../net/state.ts";
import type { Core } from "../state.ts";

/**
 * Either stage, in a driver's receive path; does not sleep.
 *
 * True: the core has the frame, and the receive thread handles it, or the filter has dropped it. False: untouched, as for every
 * frame of a device that does not divert. Nothing that is taken ever returns in-band (seed 003; facts/dovetail 5.2, 6.2, 6.3).
 */
export function netifDeliverOob(
  core: Core,
  { dev, frame, data, device_time_ns = 0 }: PointArgs["netif_deliver_oob"],
  context: Context,
): Result<{ taken: boolean }, never> {
  const { net } = core;
  const diversion = net.diversions.get(dev);
  if (diversion === undefined) return ok({ taken: false });
  const program = rxProgram(core, diversion, { dev, frame }, context);
  const real = net.ports.get(dev);
  // The bytes belong to the call; the receive thread works on a copy.
  const verdict = filterInput(data.slice(), { program, portOnReal: real !== undefined, vlans: net.vlans });
  switch (verdict.t) {
    case "skip":
      net.counters.add(dev, "rx_skip");
      return ok({ taken: false });
    case "drop":
      net.counters.add(dev, "rx_filter_drop");
      frameEnds(core.kit, context, dev, frame, "oob_filter_drop");
      return ok({ taken: true });
    case "accept": {
      const port = vlanPort(core, dev, verdict.vlan) ?? real;
      const taken = { dev: port?.dev ?? dev, port, frame, ethernet: verdict.frame };
      accept(core, diversion, taken, { real: dev, bytes: data.length, deviceNs: device_time_ns }, context);
      return ok({ taken: !core.temper.deliversAndDenies });
    }
  }
}

/** The port for a tag, if its VLAN device is one; else, and without a tag, the frame stays the real device's. */
const vlanPort = (core: Core, real: string, vlan: number): OobPort | undefined =>
  portsOver(core.net, real).find((port) => vlan !== 0 && port.vlan === vlan);

function accept(
  core: Core,
  diversion: Diversion,
  taken: Pick<RxFrame, "dev" | "port" | "frame" | "ethernet">,
  { real, bytes, deviceNs }: { readonly real: string; readonly bytes: number; readonly deviceNs: number },
  context: Context,
): void {
  const { kit, net } = core;
  const { stats, thread } = diversion;
  stats.rx_packets += 1;
  stats.rx_bytes += bytes;
  net.counters.add(taken.dev, "rx_accept");
  kit.events.fact(
    context,
    "oob_accept",
    { dev: taken.dev, frame: taken.frame },
    { bytes: taken.ethernet.payload.length, ethertype: taken.ethernet.ethertype },
  );
  const buffer = takeBuffer(core, real, diversion);
  if (buffer === undefined) {
    // netif_rx_nomem_oob: a driver that has no buffer for a frame drops it, and tells the core.
    stats.rx_nomem += 1;
    kit.events.fact(context, "rx_nomem", { dev: taken.dev, frame: taken.frame });
  }
  // A device that does not say when the frame came, or whose clock is ahead, is believed as far as that can be.
  const nowNs = kit.clock.nowNs();
  const cameNs = deviceNs === 0 ? nowNs : Math.min(deviceNs, nowNs);
  const times = net.stampers.size === 0 ? undefined : { deviceNs: cameNs, queuingNs: cameNs };
  receiveLater(core, thread, { ...taken, context, stats, buffer, times });
}
