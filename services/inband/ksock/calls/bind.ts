import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_AF } from "../../../abi/illumos.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { bindTcp, unbindTcp } from "../../model/stack/tcp-calls.ts";
import { bindUdp } from "../../model/stack/udp-calls.ts";
import { familyOf, parseSockaddr, sockaddrBytes, type Named } from "../address.ts";
import type { KernelSocket } from "../table.ts";

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
  const named = nameOf(socket, addr);
  if (!named.ok) return named;
  if (!isIdle(socket)) return fail("EINVAL");
  const { kind, address, port } = named.value;
  if (kind === "foreign" || (kind === "mapped" && socket.options.v6only)) return fail("EADDRNOTAVAIL");
  const { half } = socket;
  const { stack } = kernel;
  const bound =
    half.t === "tcp" ? bindTcp(stack, half.tcp, { address, port }) : bindUdp(stack, half.udp, { address, port });
  // No port is left, rather than this one taken.
  if (!bound.ok) return bound.errno === "EADDRINUSE" && port === 0 ? fail("EADDRNOTAVAIL") : bound;
  // A datagram socket keeps its port when it is disconnected, whoever chose it (facts 3.16).
  if (half.t === "udp") half.udp.portLocked = true;
  if (kind === "mapped") socket.mapped = true;
  return ok({});
}

/**
 * An address to bind to (`so_bind`). AF_INET6 looks at the family first; AF_INET takes any family with the right length, as
 * old programs leave it out.
 */
function nameOf({ domain }: KernelSocket, addr: Uint8Array): Result<Named, "EINVAL" | "EAFNOSUPPORT"> {
  const family = familyOf(addr);
  const fits = addr.length === sockaddrBytes(domain);
  if (family === undefined) return fail("EINVAL");
  if (family !== ILLUMOS_AF[domain] && (domain === "AF_INET6" || !fits)) return fail("EAFNOSUPPORT");
  return fits ? ok(parseSockaddr(domain, addr)) : fail("EINVAL");
}

/** TCPS_IDLE, or TS_UNBND: neither bound nor connected, and no listener. */
const isIdle = ({ half }: KernelSocket): boolean =>
  half.t === "tcp" ? half.tcp.t === "closed" && half.tcp.local.port === 0 : half.udp.local.port === 0;

/** EINVAL: it listens or is connected (`tcp_bind`). */
function unbind({ stack }: Kernel, { half, connected, connecting }: KernelSocket): Outcome<"ksock_bind"> {
  if (connected || connecting) return fail("EINVAL");
  if (half.t === "udp") {
    stack.udp.unbind(half.udp);
    return ok({});
  }
  if (half.tcp.t === "listen") return fail("EINVAL");
  unbindTcp(stack, half.tcp);
  return ok({});
}
