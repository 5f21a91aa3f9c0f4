import { putEthernetHeader, ETH_HLEN, ETH_P } from "../../../abi/packet/ethernet.ts";
import { IPPROTO, IPV4_HLEN, putIpv4Header } from "../../../abi/packet/ipv4.ts";
import { tcpHeaderBytes, writeTcp, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Path } from "../path.ts";
import type { TcpSocket } from "../tcp/socket.ts";
import { mtuOf } from "./ip-output.ts";
import { ask, nextIdentification, type Run } from "./state.ts";

/**
 * The short way of a segment to the wire: all its headers are written into one piece of memory, and the payload is copied once. It is
 * taken where nothing is to be decided any more: the path leads to a neighbour that is known, over a device with a carrier and
 * without a tag, the segment fits in one piece, and nobody taps. The frame is the same as that of the long way (`ipOutput`).
 *
 * @returns false: the long way decides, and nothing was done.
 */
export function sendAsOneFrame(run: Run, socket: TcpSocket, segment: TcpSegment, path: Path): boolean {
  const { state, nowNs } = run;
  const { device, nexthop } = path;
  if (path.kind !== "unicast" || device.kind.t !== "ethernet" || !device.up || !device.carrier) return false;
  if (state.packets.size > 0) return false;
  const bytes = tcpHeaderBytes(segment) + segment.payload.length;
  const total = IPV4_HLEN + bytes;
  if (total > mtuOf(run, path)) return false;
  const mac = state.neighbours.use(device.ifindex, nexthop, nowNs);
  if (mac === undefined) return false;

  const frame = state.frames.take(ETH_HLEN + total);
  const { view, at } = state.frames;
  putEthernetHeader(view, at, mac, device.mac, ETH_P.ETH_P_IP);
  putIpv4Header(view, at + ETH_HLEN, socket, total, nextIdentification(state), IPPROTO.IPPROTO_TCP, path);
  writeTcp(segment, path, frame, ETH_HLEN + IPV4_HLEN, view, at + ETH_HLEN + IPV4_HLEN);
  ask(run, { t: "transmit", ifindex: device.ifindex, frame, ticket: undefined });
  return true;
}
