import type { Context } from "../../abi/context.ts";
import { unreachable } from "../../abi/assert.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { sockaddrText } from "../../abi/sockaddr.ts";
import { knownSocket } from "../sockets/known.ts";
import { shutdownBits, shutDown } from "../sockets/shut-down.ts";
import type { Core } from "../state.ts";

/** What these operations may be refused with. */
type ProtoErrno = "EBADFD" | "EINVAL" | "EADDRINUSE" | "EAFNOSUPPORT" | "ENOIOCTLCMD";

/**
 * in-band, in a system call on a PF_OOB socket; may sleep and does not.
 *
 * EBADFD: the socket has no context, because it was made without SOCK_OOB (EVL would follow a NULL pointer), or it is not the
 * core's own family. EADDRINUSE: another socket has the port. EINVAL: an address of another family, a second bind, no such
 * `how`, no such operation. ENOIOCTLCMD: the protocol has no commands (facts/dovetail 2.1, 2.10b).
 */
export function oobProtoOps(
  core: Core,
  args: PointArgs["oob_proto_ops"],
  context: Context,
): Result<{ arg: Uint8Array }, ProtoErrno> {
  if (args.oob_data === 0) return fail("EBADFD");
  const socket = knownSocket(core, "oob_proto_ops", args, context);
  if (socket?.protocol.kind !== "oob") return fail("EBADFD");
  const { protocol, sk } = socket;
  const { events } = core.kit;
  switch (args.operation) {
    case "bind": {
      const bound = protocol.bind(args.addr, args.addr);
      if (!bound.ok) return bound;
      events.fact(context, "sk_bind", { sk }, { local: sockaddrText(args.addr) });
      break;
    }
    case "connect": {
      const connected = protocol.connect(args.addr, NO_BYTES);
      if (!connected.ok) return connected;
      events.fact(context, "sk_connect", { sk }, { peer: sockaddrText(args.addr) });
      break;
    }
    case "shutdown": {
      // It comes by the core's own road, where nobody increments it.
      const bits = shutdownBits(args.how, false);
      if (bits === undefined) return fail("EINVAL");
      shutDown(core, socket, bits, context);
      break;
    }
    case "ioctl":
      return fail("ENOIOCTLCMD");
    case undefined:
      return fail("EINVAL");
    default:
      return unreachable(args.operation, "an operation of a protocol");
  }
  return ok({ arg: NO_BYTES });
}
