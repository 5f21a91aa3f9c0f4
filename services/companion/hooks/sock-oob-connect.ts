import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { sockaddrText } from "../../abi/sockaddr.ts";
import { knownSocket } from "../sockets/known.ts";
import type { Core } from "../state.ts";

/**
 * in-band, in connect(2), no lock held; may sleep and does not.
 *
 * EVL has nothing to do here: it reads the peer from the sock when it sends or delivers. This core has no sock to read, so it
 * remembers the peer now; AF_UNSPEC forgets it. PF_OOB connects through its own operations, also where the kernel calls this
 * hook for it (D12). EINVAL: an address of another family, or no such socket (seed 000; facts/dovetail 2.6).
 */
export function sockOobConnect(
  core: Core,
  args: PointArgs["sock_oob_connect"],
  context: Context,
): Result<PointValues["sock_oob_connect"], "EINVAL"> {
  const socket = knownSocket(core, "sock_oob_connect", args, context);
  if (socket === undefined) return fail("EINVAL");
  const { protocol, sk } = socket;
  if (protocol.kind !== "udp") return ok({});
  if (!protocol.connect(args.addr, args.bound).ok) return fail("EINVAL");
  core.kit.events.fact(context, "sk_connect", { sk }, { peer: sockaddrText(args.addr) });
  return ok({});
}
