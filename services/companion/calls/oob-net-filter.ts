import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { loadFilter } from "../../bpf/load-filter.ts";
import { attachFilter, detachFilter } from "../net/filter.ts";
import type { Core } from "../state.ts";

/**
 * in-band, takes oob.ports. Attaches a program to the input of a real device, or removes the one that is there.
 *
 * ENODEV: there is no such real device. EINVAL: it is a VLAN device, which has no input of its own; or neither a port nor diverted, so that
 * EVL would not open it; or the program was refused, and `filter_refused` says why. EIO: the lock could not be had (facts/dovetail 6.2, 6.9).
 */
export async function oobNetFilter(
  core: Core,
  { dev, program, section }: PointArgs["oob_net_filter"],
  context: Context,
): Promise<Result<PointValues["oob_net_filter"], "ENODEV" | "EINVAL" | "EIO">> {
  const held = await core.locks.acquire(context, "oob.ports", 0);
  if (!held.ok) return fail("EIO");
  const switched = change(core, { dev, program, section }, held.value.context);
  held.value.release();
  return switched;
}

function change(
  core: Core,
  { dev, program, section }: PointArgs["oob_net_filter"],
  context: Context,
): Result<Record<string, never>, "ENODEV" | "EINVAL"> {
  const { net, ports, kit } = core;
  const diversion = net.diversions.get(dev);
  if (diversion === undefined) return fail(ports.nics.has(dev) || net.ports.has(dev) ? "EINVAL" : "ENODEV");
  if (program.length === 0) {
    detachFilter(core, dev, diversion, "removed", context);
    return ok({});
  }
  const loaded = loadFilter(program, section);
  if (!loaded.ok) {
    kit.events.fact(context, "filter_refused", { dev }, { insn: loaded.insn ?? -1, why: loaded.why });
    return fail("EINVAL");
  }
  attachFilter(core, dev, diversion, loaded.filter, context);
  return ok({});
}
