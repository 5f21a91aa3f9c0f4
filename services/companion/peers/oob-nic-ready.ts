import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { LOOPBACK } from "../net/state.ts";
import type { Core } from "../state.ts";

/**
 * in-band, takes oob.ports; waits for the NIC house.
 *
 * Turns every diversion on again that ports, or somebody else, want. What they cannot have, because the call is refused or
 * lost, they go without: their frames go in-band, and what they transmit still leaves.
 */
export async function oobNicReady(core: Core, _args: PointArgs["oob_nic_ready"], context: Context): Promise<void> {
  const held = await core.locks.acquire(context, "oob.ports", 0);
  if (!held.ok) return;
  for (const dev of core.net.diversions.keys()) {
    if (dev === LOOPBACK) continue;
    const answer = await core.hooks.netif_enable_oob_diversion(held.value.context, { dev });
    if (answer.kind === "returned") continue;
    core.kit.events.fact(context, "oob_lapse", { dev }, { why: answer.kind === "lost" ? answer.why : answer.errno });
  }
  held.value.release();
}
