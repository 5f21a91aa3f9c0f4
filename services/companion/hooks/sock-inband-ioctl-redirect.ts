import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { EVL_SOCKIOC } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { knownSocket } from "../sockets/known.ts";
import { getOption, setOption } from "../sockets/options.ts";
import { solicit } from "../sockets/solicit.ts";
import type { Core } from "../state.ts";

/**
 * in-band, in the default branch of a socket's ioctl(2), no lock held; may sleep, and does so for a solicitation.
 *
 * The core's own commands end here. SETOPT and GETOPT say and ask what options are (`setOption`). ACTIVATE and DEACTIVATE are how
 * older trees made a device a port; that is net_oob_port's, so they change nothing. SOLICIT finds a way (`solicit`).
 * ENOIOCTLCMD: everything else goes to the regular handler, out-of-band commands among it (seed 000; facts/dovetail 2.8).
 */
export async function sockInbandIoctlRedirect(
  core: Core,
  args: PointArgs["sock_inband_ioctl_redirect"],
  context: Context,
): Promise<Result<{ arg: Uint8Array }>> {
  const socket = knownSocket(core, "sock_inband_ioctl_redirect", args, context);
  if (socket === undefined) return fail("ENOIOCTLCMD");
  switch (args.cmd) {
    case EVL_SOCKIOC.EVL_SOCKIOC_ACTIVATE:
    case EVL_SOCKIOC.EVL_SOCKIOC_DEACTIVATE:
      return ok({ arg: NO_BYTES });
    case EVL_SOCKIOC.EVL_SOCKIOC_SOLICIT:
      return solicit(core, socket, args.arg, context);
    case EVL_SOCKIOC.EVL_SOCKIOC_SETOPT:
      return setOption(core, socket, args.arg, context);
    case EVL_SOCKIOC.EVL_SOCKIOC_GETOPT:
      return getOption(socket, args.arg);
    default:
      return fail("ENOIOCTLCMD");
  }
}
