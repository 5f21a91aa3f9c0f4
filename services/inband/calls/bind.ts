import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { bindInet, bindRawSocket, tcpBinding, udpBinding } from "./bind-inet.ts";
import { bindPacketSocket } from "./bind-packet.ts";
import type { Socket } from "../sockets/table.ts";
import { protoOps } from "./proto-ops.ts";

/**
 * bind(2). In-band, may wait for the core; each family has its own way, locks and hook.
 *
 * @returns what the family says; the hook's errno, EIO when its answer is lost. PF_OOB's bind goes to the core's
 * protocol, and no hook follows it (facts 2.5).
 */
export async function sockBind(
  kernel: Kernel,
  socket: Socket,
  { addr }: PointArgs["sock_bind"],
  context: Context,
): Promise<Outcome<"sock_bind">> {
  const { half } = socket;
  switch (half.t) {
    case "udp":
      return bindInet(kernel, context, socket, udpBinding(kernel, half.udp), addr);
    case "tcp":
      return bindInet(kernel, context, socket, tcpBinding(kernel, half.stream.tcp), addr);
    case "raw":
      return bindRawSocket(kernel, context, socket, half.raw, addr);
    case "packet":
      return bindPacketSocket(kernel, context, socket, half.packet, addr);
    case "oob": {
      const done = await protoOps(kernel, context, socket, "bind", { addr });
      if (!done.ok) return done;
      socket.extended.bind = addr;
      return ok({});
    }
  }
}
