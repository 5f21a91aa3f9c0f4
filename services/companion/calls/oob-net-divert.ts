import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { divert, undivert } from "../net/diversion.ts";
import { portsOver } from "../net/state.ts";
import type { Core } from "../state.ts";

/**
 * in-band, waits for the NIC house. Diverts the input of a real device that need not be a port.
 *
 * ENODEV: no such real device. EINVAL: the NIC house refuses it. EBUSY: a port needs the diversion. EIO: it could not be asked
 * (seed 003).
 */
export async function oobNetDivert(
  core: Core,
  { dev, enabled }: PointArgs["oob_net_divert"],
  context: Context,
): Promise<Result<PointValues["oob_net_divert"], "ENODEV" | "EINVAL" | "EBUSY" | "EIO">> {
  if (!core.ports.nics.has(dev)) return fail("ENODEV");
  const held = await core.locks.acquire(context, "oob.ports", 0);
  if (!held.ok) return fail("EIO");
  const switched = enabled ? await on(core, dev, held.value.context) : await off(core, dev, held.value.context);
  held.value.release();
  return switched;
}

async function on(
  core: Core,
  dev: string,
  context: Context,
): Promise<Result<Record<string, never>, "ENODEV" | "EINVAL" | "EIO">> {
  const diverted = await divert(core, dev, context);
  if (!diverted.ok) return diverted;
  diverted.value.wanted = true;
  return ok({});
}

async function off(core: Core, dev: string, context: Context): Promise<Result<Record<string, never>, "EBUSY">> {
  if (portsOver(core.net, dev).length > 0) return fail("EBUSY");
  await undivert(core, dev, context);
  return ok({});
}
