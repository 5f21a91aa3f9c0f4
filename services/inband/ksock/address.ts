import { ILLUMOS_AF } from "../../abi/illumos.ts";
import { IN6ADDR_LOOPBACK, INADDR_ANY, INADDR_LOOPBACK, type Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Endpoint } from "../model/udp/socket.ts";
import { inetOf, type Domain, type KernelSocket } from "./table.ts";

/** Bytes of a sockaddr_in and of a sockaddr_in6, which has four more than elsewhere (`__sin6_src_id`). */
const SOCKADDR_BYTES: Readonly<Record<Domain, number>> = { AF_INET: 16, AF_INET6: 32 };

/** How many bytes the addresses of a family have. */
export const sockaddrBytes = (domain: Domain): number => SOCKADDR_BYTES[domain];

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The family that an address says; undefined: it is too short to say one. */
export const familyOf = (addr: Uint8Array): number | undefined =>
  addr.length < 2 ? undefined : viewOf(addr).getUint16(0, true);

/** An address as it was given: `mapped` is ::ffff:a.b.c.d, `foreign` an IPv6 address that no network of ours has. */
export interface Named extends Endpoint {
  readonly kind: "plain" | "mapped" | "foreign";
}

/** Reads an address of the right length, whatever family it says. */
export function parseSockaddr(domain: Domain, addr: Uint8Array): Named {
  const view = viewOf(addr);
  const port = view.getUint16(2);
  if (domain === "AF_INET") return { kind: "plain", port, address: view.getUint32(4) as Ipv4Address };
  const [a, b, c, d] = [view.getUint32(8), view.getUint32(12), view.getUint32(16), view.getUint32(20)];
  if (a === 0 && b === 0 && c === 0xffff) return { kind: "mapped", port, address: d as Ipv4Address };
  if (a === 0 && b === 0 && c === 0 && d === 0) return { kind: "plain", port, address: INADDR_ANY };
  if (a === 0 && b === 0 && c === 0 && d === 1) return { kind: "plain", port, address: IN6ADDR_LOOPBACK };
  return { kind: "foreign", port, address: INADDR_ANY };
}

/** Writes an address in the layout of illumos. */
export function buildSockaddr(domain: Domain, { address, port }: Endpoint, mapped: boolean): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_BYTES[domain]);
  const view = viewOf(bytes);
  view.setUint16(0, ILLUMOS_AF[domain], true);
  view.setUint16(2, port);
  if (domain === "AF_INET") {
    view.setUint32(4, address);
    return bytes;
  }
  if (address === INADDR_ANY && !mapped) return bytes;
  if (address === IN6ADDR_LOOPBACK) {
    view.setUint32(20, 1);
    return bytes;
  }
  view.setUint32(16, 0xffff);
  view.setUint32(20, address);
  return bytes;
}

/** The address of a peer, or of a sender, as a socket tells it. */
export const addressFor = ({ domain }: KernelSocket, endpoint: Endpoint): Uint8Array =>
  buildSockaddr(domain, endpoint, false);

/** The address of a socket itself. */
export const nameOf = ({ domain, bound, connected }: KernelSocket, local: Endpoint): Uint8Array =>
  bound === "any6" && !connected
    ? buildSockaddr(domain, { address: INADDR_ANY, port: local.port }, false)
    : buildSockaddr(domain, local, bound === "mapped");

/** Whether a socket was bound to ::1, or to :: with IPV6_V6ONLY; or to a mapped address. */
const isPlain = ({ bound }: KernelSocket): boolean => bound === "plain" || bound === "any6";
const isMapped = ({ bound }: KernelSocket): boolean => bound === "mapped";

/** A socket has no address any more: it is for whatever comes, of its family. */
export function forgetName(socket: KernelSocket): void {
  socket.bound = undefined;
  inetOf(socket).inet6 = socket.domain === "AF_INET6";
}

/**
 * Where to connect or to send (`proto_verify_ip_addr`): the family must be the socket's, and then the length, too.
 * EADDRNOTAVAIL: a mapped address, and the socket is for IPv6 alone, or bound to an address that is not mapped; or the other way
 * round. ENETUNREACH: an IPv6 address that no network of ours has.
 */
export function destinationOf(
  socket: KernelSocket,
  addr: Uint8Array,
): Result<Endpoint, "EINVAL" | "EAFNOSUPPORT" | "EADDRNOTAVAIL" | "ENETUNREACH"> {
  const { domain, options } = socket;
  const family = familyOf(addr);
  if (family === undefined) return fail("EINVAL");
  if (family !== ILLUMOS_AF[domain]) return fail("EAFNOSUPPORT");
  if (addr.length !== SOCKADDR_BYTES[domain]) return fail("EINVAL");
  const { kind, address, port } = parseSockaddr(domain, addr);
  if (kind === "foreign") return fail("ENETUNREACH");
  if (kind === "mapped" && options.v6only) return fail("EADDRNOTAVAIL");
  if (domain === "AF_INET6" && (kind === "mapped" ? isPlain : isMapped)(socket)) return fail("EADDRNOTAVAIL");
  if (address !== INADDR_ANY) return ok({ address, port });
  return ok({ address: domain === "AF_INET6" && kind === "plain" ? IN6ADDR_LOOPBACK : INADDR_LOOPBACK, port });
}
