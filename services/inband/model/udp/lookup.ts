import { INADDR_ANY, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { hasAddress, type Endpoint, type UdpSocket } from "./socket.ts";

/** Whence and whither a datagram goes, and on which device it came. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly ifindex: number;
}

/** How well a socket fits a flow, its address apart; undefined: not at all (`compute_score` of `net/ipv4/udp.c`). */
function score({ peer, ifindex }: UdpSocket, flow: Flow): number | undefined {
  let points = 0;
  if (peer !== undefined) {
    if (peer.address !== flow.from.address || peer.port !== flow.from.port) return undefined;
    points += 8;
  }
  if (ifindex !== 0) {
    if (ifindex !== flow.ifindex) return undefined;
    points += 4;
  }
  return points;
}

/** One number from a flow, to share it out among a group; any that depends on nothing else will do. */
export function flowHash({ from, to }: Flow): number {
  let hash = 0;
  for (const word of [from.address, from.port, to.address, to.port]) hash = Math.imul(hash ^ word, 0x9e37_79b1) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The best of these, the youngest among equals; of a SO_REUSEPORT group always the same one for a flow. */
function best(sockets: readonly UdpSocket[], flow: Flow): UdpSocket | undefined {
  let top: UdpSocket[] = [];
  let most = -1;
  for (const socket of sockets) {
    const points = score(socket, flow) ?? -1;
    if (points > most) [top, most] = [[socket], points];
    else if (points === most && points >= 0) top.push(socket);
  }
  const winner = top.at(-1);
  if (winner?.reusePort !== true || winner.peer !== undefined) return winner;
  const group = top.filter(({ reusePort }) => reusePort);
  return group[flowHash(flow) % group.length];
}

/**
 * The socket for a unicast datagram, out of those bound to its port, older ones first (`__udp4_lib_lookup`).
 *
 * As in Linux a socket bound to the very address always wins over one bound to any, even a connected one.
 */
export function lookup(sockets: readonly UdpSocket[], flow: Flow): UdpSocket | undefined {
  const { address } = flow.to;
  const exact = sockets.filter(({ local }) => local.address === address);
  return best(exact, flow) ?? best(sockets.filter(isForAny(address)), flow);
}

const isForAny =
  (address: Ipv4Address) =>
  (socket: UdpSocket): boolean =>
    socket.local.address === INADDR_ANY && hasAddress(socket, address);

/** All sockets for a broadcast or a multicast: each gets a copy (`__udp4_lib_mcast_deliver`). */
export const lookupAll = (sockets: readonly UdpSocket[], flow: Flow): readonly UdpSocket[] =>
  sockets.filter(
    (socket) =>
      (socket.local.address === INADDR_ANY || socket.local.address === flow.to.address) &&
      score(socket, flow) !== undefined,
  );
