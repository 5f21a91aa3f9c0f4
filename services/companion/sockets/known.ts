import type { Context } from "../../abi/context.ts";
import type { PointName } from "../../abi/contract.generated.ts";
import type { Core } from "../state.ts";
import type { OobSocket } from "./socket.ts";

/**
 * The socket that a hook speaks of; undefined where the core gave it no context, or has taken it back: that is told, and
 * survived. A context of 0 is nobody's, except at destroy, where it says that the in-band side never learnt which.
 */
export function knownSocket(
  core: Core,
  hook: PointName,
  { sk, oob_data }: { readonly sk: number; readonly oob_data: number },
  context: Context,
): OobSocket | undefined {
  const socket = core.sockets.get(sk);
  const meant = socket?.oob_data === oob_data || (hook === "sock_oob_destroy" && oob_data === 0);
  if (socket !== undefined && meant) return socket;
  core.kit.events.fact(context, "sk_unknown", { sk }, { hook, oob_data });
  return undefined;
}
