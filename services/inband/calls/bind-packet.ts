import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseSockaddr, sockaddrText } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import type { PacketSocket } from "../model/packet-socket.ts";
import { bindPacket } from "../model/stack/packet-calls.ts";
import { boundOf } from "../sockets/address.ts";
import { extendBinding } from "../sockets/extend.ts";
import { oobCapable, type Socket } from "../sockets/table.ts";

/**
 * bind(2) of a packet socket (`packet_bind`), which may be bound again and again. No lock is held at the hook.
 *
 * As the page has it the hook runs after a bind that succeeded, and a refused one brings the former binding back. The code
 * calls it whatever the bind said, and its answer replaces the bind's (D2); what is bound stays so (D1).
 *
 * @returns EINVAL for what is no sockaddr_ll, ENODEV, ENETDOWN; the hook's errno; EIO when its answer is lost.
 */
export async function bindPacketSocket(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  packet: PacketSocket,
  addr: Uint8Array,
): Promise<Outcome<"sock_bind">> {
  const { stack, events } = kernel;
  const { sk } = socket;
  const to = parseSockaddr(addr);
  if (to?.family !== "AF_PACKET") return fail("EINVAL");
  const former: Former = { protocol: packet.protocol, ifindex: packet.ifindex };

  const made: Result<undefined> = bindPacket(stack, packet, to.protocol, to.ifindex);
  if (made.ok) events.fact(context, "inband_bind", { sk }, { addr: sockaddrText(boundOf(stack, socket)) });
  else if (!followsCode(kernel, "D2")) Object.assign(packet, former);
  if (!made.ok && (!oobCapable(socket) || !followsCode(kernel, "D2"))) return made;

  const mine: Former = { protocol: packet.protocol, ifindex: packet.ifindex };
  const extended = await extendBinding(kernel, context, socket, addr);
  if (extended.ok) return ok({});
  if (followsCode(kernel, "D1")) return extended;
  // Without a lock another bind may have come meanwhile: only what this one made is undone.
  if (packet.protocol === mine.protocol && packet.ifindex === mine.ifindex) Object.assign(packet, former);
  events.fact(context, "inband_unbind", { sk }, { addr: sockaddrText(boundOf(stack, socket)) });
  return extended;
}

type Former = Pick<PacketSocket, "protocol" | "ifindex">;
