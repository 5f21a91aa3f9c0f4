import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { attach } from "../sockets/attach.ts";
import type { Socket } from "../sockets/table.ts";

/**
 * Ties a socket to its file, and asks the core to attach if SOCK_OOB was given (`sock_map_fd`). In-band, no lock, may
 * wait. Without CONFIG_NET_OOB the flag means nothing. Of a socket that is tied to this file already it tells the context
 * that it has now, or again why it has none.
 *
 * @returns what the core says, EIO when its answer is lost; EBADF: the socket has another file. The VFS closes the socket
 * then: no other hook fires for it, since it has no context.
 */
export async function sockMapFile(
  kernel: Kernel,
  socket: Socket,
  { file, flags, oob }: PointArgs["sock_map_file"],
  context: Context,
): Promise<Outcome<"sock_map_file">> {
  if (socket.mapped) {
    if (socket.file !== file) return fail("EBADF");
    return socket.attachFailed === undefined ? ok({ oob_data: socket.oob_data }) : fail(socket.attachFailed);
  }
  socket.mapped = true;
  socket.file = file;
  socket.flags = flags;
  if (!oob || !kernel.node.netOob) return ok({ oob_data: 0 });
  let life: number;
  let attached: Outcome<"sock_map_file">;
  do {
    life = kernel.core.current;
    attached = await attach(kernel, context, socket);
  } while (attached.ok && kernel.core.current !== life);
  if (!attached.ok) socket.attachFailed = attached.errno;
  return attached;
}
