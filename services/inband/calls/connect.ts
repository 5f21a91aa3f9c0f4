import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { AF } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { familyOf, sockaddrText } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import { boundOf, peerBytes } from "../sockets/address.ts";
import { connectInet, type Undo } from "../sockets/connect-inet.ts";
import { connectStream, disconnectStream } from "../sockets/connect-stream.ts";
import { extendConnection } from "../sockets/extend.ts";
import { inCall } from "../sockets/in-call.ts";
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
  args: PointArgs["sock_connect"],
  context: Context,
): Promise<Outcome<"sock_connect">> {
  const socket = kernel.sockets.at(args.sock);
  if (socket === undefined) return fail("EBADF");
  const { half } = socket;
  if (half.t !== "tcp") return inCall(kernel, connectAtOnce)(args, context);
  // The wait for a connection keeps no close waiting, which ends it; what follows may fire a hook again.
  const connected = await connectStream(kernel, context, socket, half.stream, args);
  return connected.ok ? inCall(kernel, streamConnected)(args, context) : connected;
}

/** What follows when a stream socket is connected, or no more so; nothing takes that back but a refusal of the core (D3). */
const streamConnected = (
  kernel: Kernel,
  socket: Socket,
  args: PointArgs["sock_connect"],
  context: Context,
): Promise<Outcome<"sock_connect">> =>
  afterConnect(kernel, socket, args, context, () => {
    if (socket.half.t !== "tcp") return;
    const { stream } = socket.half;
    disconnectStream(kernel, context, stream);
    // The call itself tells why.
    stream.tcp.error = undefined;
  });

async function connectAtOnce(
  kernel: Kernel,
  socket: Socket,
  args: PointArgs["sock_connect"],
  context: Context,
): Promise<Outcome<"sock_connect">> {
  const connected = await connectFamily(kernel, context, socket, args.addr);
  return connected.ok ? afterConnect(kernel, socket, args, context, connected.value) : connected;
}

/** The fact, and the core's say. */
async function afterConnect(
  kernel: Kernel,
  socket: Socket,
  { addr, flags }: PointArgs["sock_connect"],
  context: Context,
  undo: Undo,
): Promise<Outcome<"sock_connect">> {
  const { events, stack } = kernel;
  const { sk } = socket;
  const peer = familyOf(addr) === AF.AF_UNSPEC ? "unspec" : sockaddrText(addr);
  events.fact(context, "inband_connect", { sk }, { addr: sockaddrText(boundOf(stack, socket)), peer });
  const extended = await extendConnection(kernel, context, socket, addr, flags);
  if (extended.ok) return ok({});
  if (followsCode(kernel, "D3")) return extended;
  undo();
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
