import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { localOf, peerOf } from "../sockets/address.ts";

/**
 * getsockname(2) and getpeername(2).
 *
 * @returns EBADF; ENOTCONN: no peer; EOPNOTSUPP: the peer of a packet socket, or anything of PF_OOB (facts 2.10b).
 */
export function sockGetname(
  { sockets, stack }: Kernel,
  { sock, peer }: PointArgs["sock_getname"],
): Outcome<"sock_getname"> {
  const socket = sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  const { family } = socket;
  if (family === "PF_OOB" || (family === "PF_PACKET" && peer)) return fail("EOPNOTSUPP");
  const address = peer ? peerOf(socket) : localOf(stack, socket);
  return address === undefined ? fail("ENOTCONN") : ok({ addr: buildSockaddr(address) });
}
