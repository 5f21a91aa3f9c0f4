import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { knownSocket } from "../sockets/known.ts";
import { limitRoom } from "../sockets/send-room.ts";
import type { Core } from "../state.ts";

/**
 * in-band, inside setsockopt(2); does not wait. What is sent from now on goes by these options; what waits already goes on
 * waiting, unless SO_SNDBUF has just made room for it. A socket that is gone, or never was, is told, and survived.
 */
export function sockOptions(core: Core, args: PointArgs["oob_sock_options"], context: Context): void {
  const socket = knownSocket(core, "oob_sock_options", args, context);
  if (socket === undefined) return;
  const { broadcast, bound_ifindex: boundIfindex, pmtudisc, sndbuf } = args;
  socket.options = { broadcast, boundIfindex, pmtudisc };
  if (sndbuf !== 0) limitRoom(socket, sndbuf, context);
  core.kit.events.fact(context, "sk_options", { sk: socket.sk }, { broadcast, bound_ifindex: boundIfindex, pmtudisc });
}
