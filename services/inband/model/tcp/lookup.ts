import { INADDR_ANY } from "../../../abi/packet/ipv4-address.ts";
import { flowHash, type Flow } from "../udp/lookup.ts";
import { hasAddress } from "../udp/socket.ts";
import type { TcpSocket } from "./socket.ts";

/** How well a listening socket fits (`compute_score` of `net/ipv4/inet_hashtables.c`); undefined: not at all. */
function score(socket: TcpSocket, flow: Flow): number | undefined {
  const { local, ifindex } = socket;
  if (!hasAddress(socket, flow.to.address)) return undefined;
  if (ifindex !== 0 && ifindex !== flow.ifindex) return undefined;
  return (local.address === INADDR_ANY ? 0 : 2) + (ifindex === 0 ? 0 : 1);
}

/** The socket that listens for a SYN, among those that listen on its port; of a SO_REUSEPORT group always the same one. */
export function listenerFor(sockets: readonly TcpSocket[], flow: Flow): TcpSocket | undefined {
  let top: TcpSocket[] = [];
  let most = -1;
  for (const socket of sockets) {
    const points = score(socket, flow) ?? -1;
    if (points > most) [top, most] = [[socket], points];
    else if (points === most && points >= 0) top.push(socket);
  }
  return top.length < 2 ? top[0] : top[flowHash(flow) % top.length];
}
