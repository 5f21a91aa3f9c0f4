import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { createDeviceStats } from "../model/device-stats.ts";
import type { Core } from "../state.ts";
import { detachFilter } from "./filter.ts";
import { startReceiver, stopReceiver } from "./receive-thread.ts";
import { freeInband } from "./recycle.ts";
import { LOOPBACK, type Diversion } from "./state.ts";

/**
 * in-band, oob.ports held. Turns the input diversion of a real device on, unless it is: from now on frames are offered.
 *
 * ENODEV, EINVAL: the NIC house has no such device. EIO: the call was lost, so it is turned off again, since both sides must
 * agree (seed 003; facts/dovetail 6.1).
 */
export async function divert(
  core: Core,
  dev: string,
  context: Context,
): Promise<Result<Diversion, "ENODEV" | "EINVAL" | "EIO">> {
  const { diversions } = core.net;
  const known = diversions.get(dev);
  if (known !== undefined) return ok(known);
  const diversion: Diversion = {
    wanted: false,
    program: undefined,
    thread: startReceiver(core, dev, context),
    stats: createDeviceStats(),
    held: 0,
  };
  // Before the call, because the first frames may be offered before its answer is here.
  diversions.set(dev, diversion);
  // No NIC is behind it: what comes in there the core has sent, and offers to itself.
  if (dev === LOOPBACK) return ok(diversion);
  const answer = await core.hooks.netif_enable_oob_diversion(context, { dev });
  switch (answer.kind) {
    case "returned":
      return ok(diversion);
    case "refused":
      diversions.delete(dev);
      await stopReceiver(core, dev, diversion.thread, context);
      return fail(answer.errno === "EINVAL" ? "EINVAL" : "ENODEV");
    case "lost":
      core.kit.events.fact(context, "compensate", { dev }, { undoes: "netif_enable_oob_diversion", why: answer.why });
      await undivert(core, dev, context);
      return fail("EIO");
  }
}

/**
 * in-band, oob.ports held. Turns the diversion off, and waits until the receive thread has handled what was taken. A frame that
 * is offered all the same, because this call was lost, is refused: it goes in-band.
 */
export async function undivert(core: Core, dev: string, context: Context): Promise<void> {
  const { diversions } = core.net;
  const diversion = diversions.get(dev);
  if (diversion === undefined) return;
  if (dev !== LOOPBACK) await core.hooks.netif_disable_oob_diversion(context, { dev });
  diversions.delete(dev);
  await stopReceiver(core, dev, diversion.thread, context);
  detachFilter(core, dev, diversion, "diversion", context);
  freeInband(core, context);
}
