import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { AF } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { familyOf, sockaddrText } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import { boundOf, peerBytes } from "../sockets/address.ts";
import { connectInet, type Undo } from "../sockets/connect-inet.ts";
import { extendConnection } from "../sockets/extend.ts";
import type { Socket } from "../sockets/table.ts";
import { protoOps } from "./proto-ops.ts";

/**
 * connect(2): in-band under sk.sk_lock, then, with no lock, the hook, whatever the address: AF_UNSPEC ends a connection
 * and reaches it too (facts 2.6). A port that connect chose reached no bind hook.
 *
 * A connection that the core refuses is undone: peer, address and port are as before the call, and a disconnection brings
 * the former peer back; the code leaves it (D3). PF_OOB connects in the core; only the code tells it by the hook, too (D12).
 *
 * @returns EOPNOTSUPP (PF_PACKET), what `connectInet` says, EDEADLK; the hook's errno, EIO when its answer is lost.
 */
export async function sockConnect(
  kernel: Kernel,
  socket: Socket,
  { addr, flags }: PointArgs["sock_connect"],
  context: Context,
): Promise<Outcome<"sock_connect">> {
  const { events, stack } = kernel;
  const { sk } = socket;
  const connected = await connectFamily(kernel, context, socket, addr);
  if (!connected.ok) return connected;
  const peer = familyOf(addr) === AF.AF_UNSPEC ? "unspec" : sockaddrText(addr);
  events.fact(context, "inband_connect", { sk }, { addr: sockaddrText(boundOf(stack, socket)), peer });
  const extended = await extendConnection(kernel, context, socket, addr, flags);
  if (extended.ok) return ok({});
  if (followsCode(kernel, "D3")) return extended;
  connected.value();
  const now = { addr: sockaddrText(boundOf(stack, socket)), peer: sockaddrText(peerBytes(socket)) };
  events.fact(context, "inband_disconnect", { sk }, now);
  return extended;
}

async function connectFamily(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  addr: Uint8Array,
): Promise<Result<Undo>> {
  switch (socket.family) {
    case "PF_INET": {
      const held = await kernel.locks.acquire(context, "sk.sk_lock", socket.sk);
      if (!held.ok) return held;
      const connected = connectInet(kernel, held.value.context, socket, addr);
      held.value.release();
      return connected;
    }
    case "PF_PACKET":
      return fail("EOPNOTSUPP");
    case "PF_OOB": {
      const connected = await protoOps(kernel, context, socket, "connect", { addr });
      // What the core's protocol did is the core's to undo.
      return connected.ok ? ok(() => undefined) : connected;
    }
  }
}
