import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Nics } from "../state.ts";

/**
 * in-band, waits for the in-band stack to hear of it. Plugs the cable in, or pulls it out; as it is already is no error. A
 * NIC without a cable gets no link by it: there is nothing to plug in.
 *
 * @returns ENODEV for what is no NIC.
 */
export async function nicLink(
  { cards }: Nics,
  { dev, up }: PointArgs["nic_link"],
  context: Context,
): Promise<Result<PointValues["nic_link"], "ENODEV">> {
  const card = cards.get(dev);
  if (card === undefined) return fail("ENODEV");
  const { device } = card;
  if (device.link === up || !card.cabled) return ok({});
  device.link = up;
  await card.tellCarrier(context);
  if (up) card.linked();
  return ok({});
}
