import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { asImplemented } from "../../abi/profile.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { knownSocket } from "../sockets/known.ts";
import { shutdownBits, shutDown } from "../sockets/shut-down.ts";
import type { Core } from "../state.ts";

/**
 * in-band, in shutdown(2) of PF_INET, the socket lock held; may sleep and does not.
 *
 * `how` is 0, 1 or 2, or incremented as implemented (D4). EINVAL: none of these, or no such socket (seed 000; facts 2.7).
 */
export function sockOobShutdown(
  core: Core,
  args: PointArgs["sock_oob_shutdown"],
  context: Context,
): Result<PointValues["sock_oob_shutdown"], "EINVAL"> {
  const socket = knownSocket(core, "sock_oob_shutdown", args, context);
  const bits = shutdownBits(args.how, asImplemented(core.kit.profile, "D4"));
  if (socket === undefined || bits === undefined) return fail("EINVAL");
  if (socket.protocol.kind !== "oob") shutDown(core, socket, bits, context);
  return ok({});
}
