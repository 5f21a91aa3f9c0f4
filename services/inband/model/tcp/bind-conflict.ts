import { hasAddress } from "../udp/socket.ts";
import type { TcpSocket } from "./socket.ts";

/** Whether two sockets have an address in common on the same port, and devices that do not keep them apart. */
const overlap = (a: TcpSocket, b: TcpSocket): boolean =>
  (a.ifindex === 0 || b.ifindex === 0 || a.ifindex === b.ifindex) &&
  (hasAddress(a, b.local.address) || hasAddress(b, a.local.address));

/**
 * Whether a socket may not have its port because of another one (`inet_csk_bind_conflict`): with SO_REUSEADDR on both, only
 * a listening socket is in the way; connections, TIME-WAIT included, have the option of the socket that accepted them.
 */
function linuxConflict(socket: TcpSocket, other: TcpSocket): boolean {
  if (!overlap(socket, other)) return false;
  if (socket.reuseAddress && other.reuseAddress && other.t !== "listen") return false;
  return !(socket.reusePort && other.reusePort);
}

/**
 * The same as illumos has it (facts/kernel-sockets 3.2): with SO_REUSEADDR only a bound or listening socket of the very same
 * address is in the way; SO_EXCLBIND of either forbids every overlap.
 */
function illumosConflict(socket: TcpSocket, other: TcpSocket): boolean {
  if (!overlap(socket, other)) return false;
  if (socket.exclusiveBind || other.exclusiveBind || !socket.reuseAddress) return true;
  return other.t !== "connection" && other.local.address === socket.local.address;
}

/** Whether a socket may not be bound to its port because of another one that has it. Who binds brings the rules. */
export const conflicts = (socket: TcpSocket, other: TcpSocket): boolean =>
  socket !== other && (socket.flavour === "linux" ? linuxConflict(socket, other) : illumosConflict(socket, other));
