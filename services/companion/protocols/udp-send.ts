import type { Context } from "../../abi/context.ts";
import { MSG } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { ETH_P } from "../../abi/packet/ethernet.ts";
import { fragment } from "../../abi/packet/fragment.ts";
import { buildIpv4, IPPROTO, totalBytes, type Ipv4Packet } from "../../abi/packet/ipv4.ts";
import { INADDR_ANY, isMulticast } from "../../abi/packet/ipv4-address.ts";
import { buildUdp } from "../../abi/packet/udp.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseSockaddr, type InetAddress } from "../../abi/sockaddr.ts";
import type { FrontRoute } from "../model/front-cache.ts";
import { offload } from "../net/offload.ts";
import { IDENTIFICATION_FIRST } from "../net/state.ts";
import { transmit } from "../net/transmit.ts";
import { awaitRoom } from "../sockets/send-room.ts";
import { SHUTDOWN, type OobSocket, type SendErrno, type Sending } from "../sockets/socket.ts";
import type { Core } from "../state.ts";

/** The most that fits behind both headers. EVL compares with 65,535, and fails later on what lies between. */
const PAYLOAD_MAX = 65_507;
const TTL = 64;

/** A socket that sends, with the two ends that it has at that moment. */
export interface UdpSender {
  readonly socket: OobSocket;
  readonly local: InetAddress;
  readonly peer: InetAddress | undefined;
}

/** An IPv4 address and port out of bytes; undefined: it is none. */
export function inetOf(bytes: Uint8Array): InetAddress | undefined {
  const address = parseSockaddr(bytes);
  return address?.family === "AF_INET" ? address : undefined;
}

/** Whither a message goes. Facts 6.4: no zero in it; without one the socket must be connected. */
function destinationOf(
  { addr }: Sending,
  peer: InetAddress | undefined,
): Result<InetAddress, "EINVAL" | "EDESTADDRREQ"> {
  if (addr.length === 0) return peer === undefined ? fail("EDESTADDRREQ") : ok(peer);
  const to = inetOf(addr);
  return to === undefined || to.address === INADDR_ANY || to.port === 0 ? fail("EINVAL") : ok(to);
}

/** Sends over a way that the front caches know. */
function sendDirectly(
  core: Core,
  { socket, local }: UdpSender,
  route: FrontRoute,
  to: InetAddress,
  data: Uint8Array,
  context: Context,
): Result<void, "EMSGSIZE" | "ENOBUFS"> | undefined {
  const port = core.net.ports.get(route.dev);
  const link = core.net.front.linkOf(route);
  if (port === undefined || link === undefined) return undefined;
  const source = local.address === INADDR_ANY || isMulticast(local.address) ? route.source : local.address;
  const mtu = route.mtu === 0 ? port.mtu : Math.min(route.mtu, port.mtu);
  const ends = { source, destination: to.address };
  const whole: Ipv4Packet = {
    ...ends,
    tos: 0,
    identification: nextIdentification(core),
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: TTL,
    protocol: IPPROTO.IPPROTO_UDP,
    options: NO_BYTES,
    payload: buildUdp({ sourcePort: local.port, destinationPort: to.port, payload: data }, ends),
  };
  const pieces = fragment({ ...whole, dontFragment: totalBytes(whole) <= mtu }, mtu);
  if (!pieces.ok) return pieces;
  const frames = pieces.value.map((piece) => ({
    destination: link,
    source: port.mac,
    ethertype: ETH_P.ETH_P_IP,
    payload: buildIpv4(piece),
  }));
  return transmit(core, port, frames, socket.sk, context);
}

/**
 * Out-of-band, may wait for room. Sends a datagram, over the way that the front caches know or by an in-band worker
 * (facts/dovetail 6.4, 6.5).
 */
export async function sendUdp(
  core: Core,
  sender: UdpSender,
  sending: Sending,
  context: Context,
): Promise<Result<number, SendErrno>> {
  const { flags, data, addr, timeoutNs } = sending;
  if ((flags & ~(MSG.MSG_DONTWAIT | MSG.MSG_DONTROUTE)) !== 0) return fail("EINVAL");
  const to = destinationOf(sending, sender.peer);
  if (!to.ok) return to;
  if (data.length === 0) return ok(0);
  if (data.length > PAYLOAD_MAX) return fail("EMSGSIZE");
  const { socket } = sender;
  if ((socket.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0) return fail("EPIPE");

  const route = core.net.front.route(to.value.address);
  // The core does not see SO_BROADCAST, so every broadcast is a miss, and the in-band stack decides.
  if (route !== undefined && !route.broadcast) {
    if (route.gateway && (flags & MSG.MSG_DONTROUTE) !== 0) return fail("EMULTIHOP");
    const sent = sendDirectly(core, sender, route, to.value, data, context);
    if (sent !== undefined) return sent.ok ? ok(data.length) : sent;
  }
  const slice = { sk: socket.sk, file: socket.efile.file };
  const patience = { mayWait: sending.mayWait, timeoutNs, slice };
  const room = await awaitRoom(core, socket, patience, data.length, context);
  if (!room.ok) return room;
  offload(core, socket, data, addr, context);
  return fail("EINPROGRESS");
}

function nextIdentification({ net }: Core): number {
  const identification = net.nextIdentification;
  net.nextIdentification = identification === 0xffff ? IDENTIFICATION_FIRST : identification + 1;
  return identification;
}
