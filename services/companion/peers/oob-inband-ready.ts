import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { endPorts } from "../core/netif-oob-switch-port.ts";
import { sockOobDestroy } from "../hooks/sock-oob-destroy.ts";
import { sockOobRelease } from "../hooks/sock-oob-release.ts";
import type { Core } from "../state.ts";

/**
 * in-band, no lock; waits until nobody is inside the sockets that are gone, and for the NIC house.
 *
 * Each socket is released and, but for the core's own family, destroyed at once: the destroy wakes those who wait for input (EIDRM), whom a release alone
 * would wait for. Descriptors that say these sockets stay in the index until the VFS closes them, and answer EBADF. A
 * diversion that was asked for apart from ports stays on.
 */
export async function oobInbandReady(core: Core, args: PointArgs["oob_inband_ready"], context: Context): Promise<void> {
  const orphans = [...core.socketOfFile.values()].filter(({ sk }) => sk < args.sk);
  await Promise.all(
    orphans.map(async ({ sk, oob_data, protocol, efile: { file } }) => {
      const released = sockOobRelease(core, { sock: 0, sk, file, oob_data }, context);
      // The sock of the core's own family is its context: nothing frees it under those who are inside, whom its release wakes.
      if (protocol.kind === "oob") await released;
      if (core.sockets.has(sk)) sockOobDestroy(core, { sk, oob_data }, context);
      return released;
    }),
  );
  // Those that were released before, and whose destroy will never come.
  for (const { sk, oob_data } of [...core.sockets.values()]) {
    if (sk < args.sk) sockOobDestroy(core, { sk, oob_data }, context);
  }
  await endPorts(core, context);
}
