import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_AF } from "../../../abi/illumos.ts";
import { IN6ADDR_LOOPBACK, INADDR_ANY } from "../../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { bindTcp, unbindTcp } from "../../model/stack/tcp-calls.ts";
import { bindUdp } from "../../model/stack/udp-calls.ts";
import { familyOf, forgetName, parseSockaddr, sockaddrBytes, type Named } from "../address.ts";
import { inetOf, type KernelSocket } from "../table.ts";

/**
 * ksock_bind (facts 3.2); a NULL address unbinds. In-band, no lock, never waits.
 *
 * @returns EINVAL: sending is shut down. EFAULT: NULL with a length. EINVAL, EAFNOSUPPORT: the address. EINVAL: it is bound,
 * connected or listens. EADDRNOTAVAIL, EADDRINUSE.
 */
export function ksockBind(
  kernel: Kernel,
  socket: KernelSocket,
  { addr, addrlen }: PointArgs["ksock_bind"],
): Outcome<"ksock_bind"> {
  if (socket.cantSend) return fail("EINVAL");
  if (addr === undefined) return addrlen > 0 ? fail("EFAULT") : unbind(kernel, socket);
  const named = namedBy(socket, addr);
  if (!named.ok) return named;
  if (!isIdle(socket)) return fail("EINVAL");
  const { kind, address, port } = named.value;
  if (kind === "foreign" || (kind === "mapped" && socket.options.v6only)) return fail("EADDRNOTAVAIL");
  const { half, domain, options } = socket;
  const { stack } = kernel;
  const isAny6 = domain === "AF_INET6" && kind === "plain" && address === INADDR_ANY && options.v6only;
  // Of the addresses of IPv6 there is only one.
  const to = { address: isAny6 ? IN6ADDR_LOOPBACK : address, port };
  const model = inetOf(socket);
  const before = model.inet6;
  model.inet6 = domain === "AF_INET6" && kind === "plain";
  const bound = half.t === "tcp" ? bindTcp(stack, half.tcp, to) : bindUdp(stack, half.udp, to);
  if (!bound.ok) model.inet6 = before;
  // No port is left, rather than this one taken.
  if (!bound.ok) return bound.errno === "EADDRINUSE" && port === 0 ? fail("EADDRNOTAVAIL") : bound;
  // A datagram socket keeps its port when it is disconnected, whoever chose it (facts 3.16).
  if (half.t === "udp") half.udp.portLocked = true;
  if (domain === "AF_INET6")
    socket.bound = isAny6 ? "any6" : address === INADDR_ANY && kind === "plain" ? undefined : kind;
  return ok({});
}

/**
 * An address to bind to (`so_bind`). AF_INET6 looks at the family first; AF_INET takes any family with the right length, as
 * old programs leave it out.
 */
function namedBy({ domain }: KernelSocket, addr: Uint8Array): Result<Named, "EINVAL" | "EAFNOSUPPORT"> {
  const family = familyOf(addr);
  const fits = addr.length === sockaddrBytes(domain);
  if (family === undefined) return fail("EINVAL");
  if (family !== ILLUMOS_AF[domain] && (domain === "AF_INET6" || !fits)) return fail("EAFNOSUPPORT");
  return fits ? ok(parseSockaddr(domain, addr)) : fail("EINVAL");
}

/** TCPS_IDLE, or TS_UNBND: neither bound nor connected, and no listener. */
const isIdle = (socket: KernelSocket): boolean =>
  inetOf(socket).local.port === 0 && (socket.half.t === "udp" || socket.half.tcp.t === "closed");

/** EINVAL: it listens or is connected (`tcp_bind`). */
function unbind({ stack }: Kernel, socket: KernelSocket): Outcome<"ksock_bind"> {
  const { half, connected, connecting } = socket;
  if (connected || connecting || (half.t === "tcp" && half.tcp.t === "listen")) return fail("EINVAL");
  forgetName(socket);
  if (half.t === "udp") {
    stack.udp.unbind(half.udp);
    return ok({});
  }
  unbindTcp(stack, half.tcp);
  return ok({});
}
