import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import type { Nics } from "../state.ts";
import { findReal } from "./find-real.ts";

/**
 * in-band, waits. No frame is offered to the core any more, from the moment of the fact on; it answers when the one that
 * was being decided then has been. So the core can stop what handles frames right after (facts/dovetail 6.1).
 *
 * @returns ENODEV for no device, EINVAL for one that is not real.
 */
export async function netifDisableOobDiversion(
  nics: Nics,
  { dev }: PointArgs["netif_disable_oob_diversion"],
  context: Context,
): Promise<Result<PointValues["netif_disable_oob_diversion"], "ENODEV" | "EINVAL">> {
  const found = findReal(nics, dev);
  if (!found.ok) return found;
  const { device, receive } = found.value;
  if (device.diverting) {
    device.diverting = false;
    nics.kit.events.fact(context, "diversion_off", { dev }, { offered: receive.offered() });
  }
  await receive.decided();
  return ok({});
}
