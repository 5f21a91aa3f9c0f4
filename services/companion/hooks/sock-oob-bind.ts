import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { sockaddrText } from "../../abi/sockaddr.ts";
import { knownSocket } from "../sockets/known.ts";
import type { Core } from "../state.ts";

/**
 * in-band, in bind(2), with or without the socket lock; may sleep and does not.
 *
 * UDP reads what the in-band stack made of the address, PACKET the address as it was given; PF_OOB binds through its own
 * operations and never here. A second bind takes the place of the first. EINVAL: not what PACKET takes, or no such socket
 * (seed 000; facts/dovetail 2.5).
 */
export function sockOobBind(
  core: Core,
  args: PointArgs["sock_oob_bind"],
  context: Context,
): Result<PointValues["sock_oob_bind"], "EINVAL"> {
  const socket = knownSocket(core, "sock_oob_bind", args, context);
  if (socket === undefined) return fail("EINVAL");
  const { protocol, sk } = socket;
  if (protocol.kind === "oob") return ok({});
  if (!protocol.bind(args.addr, args.bound).ok) return fail("EINVAL");
  core.kit.events.fact(context, "sk_bind", { sk }, { local: sockaddrText(args.bound) });
  return ok({});
}
