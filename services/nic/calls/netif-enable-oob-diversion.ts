import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import type { Nics } from "../state.ts";
import { findReal } from "./find-real.ts";

/**
 * in-band. From now on every frame that the device receives is offered to the core; on again is no error. Frames that wait
 * behind one that is being decided are offered too (seed 003; facts/dovetail 5.1).
 *
 * @returns ENODEV for no device, EINVAL for one that is not real.
 */
export function netifEnableOobDiversion(
  nics: Nics,
  { dev }: PointArgs["netif_enable_oob_diversion"],
  context: Context,
): Result<PointValues["netif_enable_oob_diversion"], "ENODEV" | "EINVAL"> {
  const found = findReal(nics, dev);
  if (!found.ok) return found;
  const { device } = found.value;
  if (!device.diverting) {
    device.diverting = true;
    nics.kit.events.fact(context, "diversion_on", { dev });
  }
  return ok({});
}
