import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import { frameEnds } from "../../boundary/frames.ts";
import { filterInput } from "../model/input-filter.ts";
import { rxProgram } from "../net/filter.ts";
import { receiveLater } from "../net/receive-thread.ts";
import { portsOver, type Diversion, type OobPort } from "../net/state.ts";
import type { Core } from "../state.ts";

/**
 * Either stage, in a driver's receive path; does not sleep.
 *
 * True: the core has the frame, and the receive thread handles it, or the filter has dropped it. False: untouched, as for every
 * frame of a device that does not divert. Nothing that is taken ever returns in-band (seed 003; facts/dovetail 5.2, 6.2, 6.3).
 */
export function netifDeliverOob(
  core: Core,
  { dev, frame, data }: PointArgs["netif_deliver_oob"],
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
      accept(core, diversion, { dev: port?.dev ?? dev, port, frame, ethernet: verdict.frame }, context);
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
  taken: Omit<Parameters<typeof receiveLater>[2], "context">,
  context: Context,
): void {
  const { kit, net } = core;
  net.counters.add(taken.dev, "rx_accept");
  kit.events.fact(
    context,
    "oob_accept",
    { dev: taken.dev, frame: taken.frame },
    { bytes: taken.ethernet.payload.length, ethertype: taken.ethernet.ethertype },
  );
  receiveLater(core, diversion, { ...taken, context });
}
