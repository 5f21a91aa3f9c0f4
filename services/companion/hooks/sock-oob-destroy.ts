import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { dropReference } from "../sockets/free.ts";
import { knownSocket } from "../sockets/known.ts";
import { flushInput } from "../sockets/receive.ts";
import type { Core } from "../state.ts";

/**
 * Whoever drops the last reference to the sock, perhaps in atomic context: does not sleep.
 *
 * Frees what attach took: the queued input, the receive slot or the listener, and its reference. It may come while a release
 * still waits, when that was lost to its caller; then the release frees the context at its end. One that was destroyed
 * already, or never attached, is told, and nothing happens (seed 000; facts/dovetail 2.4).
 */
export function sockOobDestroy(core: Core, args: PointArgs["sock_oob_destroy"], context: Context): void {
  const socket = knownSocket(core, "sock_oob_destroy", args, context);
  if (socket === undefined) return;
  socket.protocol.leave(context);
  flushInput(socket, context);
  core.net.stampers.delete(socket);
  core.sockets.delete(socket.sk);
  core.kit.events.fact(context, "sk_destroy", { sk: socket.sk });
  dropReference(core, socket, context);
}
