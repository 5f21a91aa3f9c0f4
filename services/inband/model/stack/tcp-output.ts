import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { isMulticast, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { IPPROTO, IPV4_HLEN, IPV4_TOTAL_MAX, totalBytes, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { TCP_HLEN, buildTcp, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { TcpSocket } from "../tcp/socket.ts";
import { ipOutput, mtuOf } from "./ip-output.ts";
import type { Path } from "../path.ts";
import { routeOutput } from "./route-output.ts";
import { sendAsOneFrame } from "./tcp-frame.ts";
import { countTx, nextIdentification, type Run } from "./state.ts";

/** Headers without options, of IPv4 and TCP: what of an MTU is no payload (RFC 9293 §3.7.1). */
const HEADERS = IPV4_HLEN + TCP_HLEN;

/** The largest payload that a path takes in one piece, and that the socket lets it (TCP_MAXSEG). */
export function mssOf(run: Run, path: Path, { maxseg }: TcpSocket): number {
  const mss = Math.max(Math.min(mtuOf(run, path), IPV4_TOTAL_MAX) - HEADERS, 1);
  return maxseg === 0 ? mss : Math.min(mss, maxseg);
}

/** The way of a connection's segments, found anew only when something about routes has changed. */
function pathOf(run: Run, socket: TcpSocket, source: Ipv4Address, destination: Ipv4Address): Path | undefined {
  const { routes } = run.state;
  const known = socket.path;
  if (known !== undefined && socket.pathGeneration === routes.generation && known.device.up) return known;
  const found = routeOutput(run.state, destination, { source, ifindex: socket.ifindex });
  if (!found.ok) return undefined;
  socket.path = found.value;
  socket.pathGeneration = routes.generation;
  return found.value;
}

/**
 * Sends a segment of a connection (`ip_queue_xmit`). One that has no way out is lost, as on the road: the connection sends it
 * again, or gives up.
 */
export function tcpOutput(run: Run, socket: TcpSocket, segment: TcpSegment): void {
  const { connection } = socket;
  if (connection === undefined) return;
  const source = connection.local.address;
  const destination = connection.remote.address;
  const path = pathOf(run, socket, source, destination);
  if (path === undefined) {
    countTx(run, undefined, "tx_no_route");
    return;
  }
  if (sendAsOneFrame(run, socket, segment, path)) return;
  const packet: Ipv4Packet = {
    tos: socket.tos,
    ttl: socket.ttl,
    protocol: IPPROTO.IPPROTO_TCP,
    source,
    destination,
    options: NO_BYTES,
    identification: nextIdentification(run.state),
    moreFragments: false,
    fragmentOffset: 0,
    dontFragment: false,
    payload: buildTcp(segment, { source, destination }),
  };
  // RFC 1191 §6.2: every segment says "don't fragment". One that was cut for a larger MTU than the device has now goes in
  // pieces, rather than never.
  const dontFragment = socket.pmtudisc !== "dont" && totalBytes(packet) <= mtuOf(run, path);
  ipOutput(run, dontFragment ? { ...packet, dontFragment } : packet, path, undefined);
}

/**
 * Sends a segment that no connection sends: the reset for one that nobody has a connection for (RFC 9293 §3.10.7.1). It is
 * sent from the address that was meant. False: there is no way.
 */
export function sendOrphanSegment(
  run: Run,
  segment: TcpSegment,
  source: Ipv4Address,
  destination: Ipv4Address,
): boolean {
  if (isMulticast(destination)) return false;
  const path = routeOutput(run.state, destination, { source, ifindex: 0 });
  if (!path.ok || path.value.kind === "broadcast") return false;
  const packet: Ipv4Packet = {
    tos: 0,
    ttl: 64,
    protocol: IPPROTO.IPPROTO_TCP,
    source,
    destination,
    options: NO_BYTES,
    identification: nextIdentification(run.state),
    moreFragments: false,
    fragmentOffset: 0,
    dontFragment: true,
    payload: buildTcp(segment, { source, destination }),
  };
  return ipOutput(run, packet, path.value, undefined).ok;
}
