import { outermost, type Context } from "../../abi/context.ts";
import type { Core } from "../state.ts";

/**
 * A core that took the place of another one knows no port, no socket and no file, and says so to those who do. First it ends
 * the diversions that the other one left on, since the ports that it will be told of turn on their own; then the in-band
 * stack tells of ports and sockets, then the VFS of files and descriptors, those of the sockets among them. In-band, no lock;
 * waits for all three. Where one of them cannot be asked, the core goes on without what that would have told.
 */
export async function announce(core: Core, incarnation: number): Promise<void> {
  if (incarnation === 1) return;
  const { hooks, ports } = core;
  const context = outermost("");
  for (const dev of ports.nics.keys()) await endFormerDiversion(core, dev, context);
  await hooks.sock_core_ready(context, { incarnation });
  await hooks.file_core_ready(context, { incarnation });
}

/** Unless it is this core's own by now: a task may have asked for it while the NIC house was slow to answer about another. */
async function endFormerDiversion({ hooks, locks, net }: Core, dev: string, context: Context): Promise<void> {
  const held = await locks.acquire(context, "oob.ports", 0);
  if (!held.ok) return;
  if (!net.diversions.has(dev)) await hooks.netif_disable_oob_diversion(held.value.context, { dev });
  held.value.release();
}
