import type { Context } from "../../abi/context.ts";
import { AF } from "../../abi/flags.ts";
import { INADDR_ANY } from "../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { familyOf, sockaddrText } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import type { RawSocket } from "../model/raw.ts";
import { bindRaw } from "../model/stack/raw-calls.ts";
import { bindUdp } from "../model/stack/udp-calls.ts";
import { bindTcp, unbindTcp, type TcpSocket } from "../model/stack/tcp-calls.ts";
import type { Endpoint, UdpSocket } from "../model/udp/socket.ts";
import { boundOf, endpointOf } from "../sockets/address.ts";
import { extendBinding } from "../sockets/extend.ts";
import type { Socket } from "../sockets/table.ts";

/** A protocol's own bind, and how to take it back. */
export interface Binding {
  bind(to: Endpoint): Result<unknown, "EADDRNOTAVAIL" | "EINVAL" | "EADDRINUSE">;
  unbind(): void;
}

/** Of a datagram socket. */
export const udpBinding = ({ stack }: Kernel, udp: UdpSocket): Binding => ({
  bind: (to) => bindUdp(stack, udp, to),
  unbind: () => stack.udp.unbind(udp),
});

/** Of a stream socket. */
export const tcpBinding = ({ stack }: Kernel, tcp: TcpSocket): Binding => ({
  bind: (to) => bindTcp(stack, tcp, to),
  unbind: () => unbindTcp(stack, tcp),
});

/**
 * bind(2) of a datagram or a stream socket (`inet_bind`): in-band, then the hook, all under sk.sk_lock.
 *
 * A binding that the core refuses is undone, as the page says; the code leaves it, so that a second bind says EINVAL (D1).
 * When the answer is lost the core may keep an extension of a binding that is gone; there is no hook that takes one back,
 * and none is needed: the core extends the socket's binding, and the next bind or release replaces or ends that.
 *
 * @returns EINVAL: too short, or it has a port. EAFNOSUPPORT, EADDRNOTAVAIL, EADDRINUSE. EDEADLK: this chain of calls holds
 * the lock. The hook's errno; EIO when its answer is lost.
 */
export async function bindInet(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  { bind, unbind }: Binding,
  addr: Uint8Array,
): Promise<Outcome<"sock_bind">> {
  const { stack, events } = kernel;
  const { sk } = socket;
  const to = endpointOf(addr);
  if (!to.ok) return to;
  // Compatibility games, says Linux: no family will do for the address that is any.
  if (familyOf(addr) === AF.AF_UNSPEC && to.value.address !== INADDR_ANY) return fail("EAFNOSUPPORT");
  const lock = await kernel.locks.acquire(context, "sk.sk_lock", sk);
  if (!lock.ok) return lock;
  const held = lock.value;
  try {
    const made = bind(to.value);
    if (!made.ok) return made;
    events.fact(held.context, "inband_bind", { sk }, { addr: sockaddrText(boundOf(stack, socket)) });
    const extended = await extendBinding(kernel, held.context, socket, addr);
    if (extended.ok) return ok({});
    if (followsCode(kernel, "D1")) return extended;
    unbind();
    events.fact(held.context, "inband_unbind", { sk }, { addr: sockaddrText(boundOf(stack, socket)) });
    return extended;
  } finally {
    held.release();
  }
}

/** bind(2) of a raw socket (`raw_bind`), which has no hook (facts 2.5). EINVAL, EAFNOSUPPORT, EADDRNOTAVAIL. */
export function bindRawSocket(
  { stack, events }: Kernel,
  context: Context,
  socket: Socket,
  raw: RawSocket,
  addr: Uint8Array,
): Outcome<"sock_bind"> {
  const to = endpointOf(addr);
  if (!to.ok) return to;
  const made = bindRaw(stack, raw, to.value.address);
  if (!made.ok) return made;
  events.fact(context, "inband_bind", { sk: socket.sk }, { addr: sockaddrText(boundOf(stack, socket)) });
  return ok({});
}
