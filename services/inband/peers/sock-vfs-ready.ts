import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { sockClose } from "../calls/close.ts";
import type { Kernel } from "../kernel.ts";

/**
 * Another VFS took the place of the one that had the files of sockets: these are closed, as with the last close of each, all at
 * once, since one may wait for the core while the others need not. In-band, no lock; waits for the core.
 */
export async function sockVfsReady(
  kernel: Kernel,
  { file: first }: PointArgs["sock_vfs_ready"],
  context: Context,
): Promise<Outcome<"sock_vfs_ready">> {
  const orphans = kernel.sockets.all().filter(({ file }) => file !== 0 && file < first);
  await Promise.all(orphans.map(({ sock, file }) => sockClose(kernel, { sock, file }, context)));
  return ok({});
}
