import type { Context } from "../../abi/context.ts";
import { MSG, PMTUDISC } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { ETH_P, type EthernetFrame } from "../../abi/packet/ethernet.ts";
import { fragment } from "../../abi/packet/fragment.ts";
import { buildIpv4, IPPROTO, IPV4_HLEN, type Ipv4Packet } from "../../abi/packet/ipv4.ts";
import { INADDR_ANY, isMulticast } from "../../abi/packet/ipv4-address.ts";
import type { Mac } from "../../abi/packet/mac.ts";
import { buildUdp } from "../../abi/packet/udp.ts";
import { asImplemented } from "../../abi/profile.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseSockaddr, type InetAddress } from "../../abi/sockaddr.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { FrontRoute } from "../model/front-cache.ts";
import { offload, offloadCharge } from "../net/offload.ts";
import { IDENTIFICATION_FIRST, LOOPBACK, type OobPort } from "../net/state.ts";
import { portMtu, transmit } from "../net/transmit.ts";
import { chargeRoom } from "../sockets/send-room.ts";
import { SHUTDOWN, type OobSocket, type SendErrno, type Sending } from "../sockets/socket.ts";
import type { Core } from "../state.ts";

/** The most that fits behind both headers. EVL compares with 65,535, and fails later on what lies between. */
const PAYLOAD_MAX = 65_507;
const TTL = 64;
/** The least MTU of IPv4; what is not longer is small. */
const IPV4_MIN_MTU = 68;

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

/** A way out: the port, and the link address behind it. */
interface Way {
  readonly route: FrontRoute;
  readonly port: OobPort;
  readonly link: Mac;
}

/**
 * The way to an address, as the front caches know it; undefined: a miss. Everybody's address is one without SO_BROADCAST, so
 * that the in-band stack refuses it; a socket that is bound to a device sends by no other.
 */
function wayTo({ net }: Core, { options }: OobSocket, to: InetAddress): Way | undefined {
  const route = net.front.route(to.address);
  const port = route === undefined ? undefined : net.ports.get(route.dev);
  if (route === undefined || port === undefined) return undefined;
  if (route.broadcast && !options.broadcast) return undefined;
  if (options.boundIfindex !== 0 && options.boundIfindex !== port.ifindex) return undefined;
  const link = route.dev === LOOPBACK ? port.mac : net.front.linkOf(route);
  return link === undefined ? undefined : { route, port, link };
}

/**
 * The frames of a datagram. A piece carries a multiple of eight bytes. A whole datagram may not be cut on its way when it is
 * small, or unless its socket says otherwise (IP_PMTUDISC_DONT); one in pieces says nothing of it (facts/dovetail 6.5).
 */
function framesOf(
  core: Core,
  { socket, local }: UdpSender,
  { route, port, link }: Way,
  to: InetAddress,
  data: Uint8Array,
): Result<readonly EthernetFrame[], "EMSGSIZE"> {
  const source = local.address === INADDR_ANY || isMulticast(local.address) ? route.source : local.address;
  const ends = { source, destination: to.address };
  const payload = buildUdp({ sourcePort: local.port, destinationPort: to.port, payload: data }, ends);
  const mtu = Math.min(route.mtu === 0 ? port.mtu : route.mtu, portMtu(core, port));
  const most = (mtu - IPV4_HLEN) & ~7;
  const whole = payload.length <= most;
  const small = payload.length <= IPV4_MIN_MTU;
  const packet: Ipv4Packet = {
    ...ends,
    tos: 0,
    identification: nextIdentification(core),
    dontFragment: whole && (small || socket.options.pmtudisc !== PMTUDISC.IP_PMTUDISC_DONT),
    moreFragments: false,
    fragmentOffset: 0,
    ttl: TTL,
    protocol: IPPROTO.IPPROTO_UDP,
    options: NO_BYTES,
    payload,
  };
  const pieces = fragment(packet, IPV4_HLEN + most);
  if (!pieces.ok) return pieces;
  return ok(
    pieces.value.map((piece) => ({
      destination: link,
      source: port.mac,
      ethertype: ETH_P.ETH_P_IP,
      payload: buildIpv4(piece),
    })),
  );
}

/**
 * Out-of-band, may wait for buffers and for room. Sends a datagram, over the way that the front caches know or by an in-band
 * worker (facts/dovetail 6.4, 6.5).
 *
 * EINPROGRESS: a worker sends it. As in older EVL that is said to those alone who must not wait, and others get 0 (D13).
 * EPIPE: the socket was shut down, or the port ended while the sender waited: what EVL calls EIDRM inside.
 */
export async function sendUdp(
  core: Core,
  sender: UdpSender,
  sending: Sending,
  context: Context,
): Promise<Result<number, SendErrno>> {
  const { flags, data, addr, timeoutNs, mayWait } = sending;
  if ((flags & ~(MSG.MSG_DONTWAIT | MSG.MSG_DONTROUTE)) !== 0) return fail("EINVAL");
  const to = destinationOf(sending, sender.peer);
  if (!to.ok) return to;
  if (data.length === 0) return ok(0);
  if (data.length > PAYLOAD_MAX) return fail("EMSGSIZE");
  const { socket } = sender;
  if ((socket.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0) return fail("EPIPE");

  const patience = { mayWait, timeoutNs, slice: { sk: socket.sk, file: socket.efile.file } };
  const way = wayTo(core, socket, to.value);
  if (way !== undefined) {
    if (way.route.gateway && (flags & MSG.MSG_DONTROUTE) !== 0) return fail("EMULTIHOP");
    const frames = framesOf(core, sender, way, to.value, data);
    if (!frames.ok) return frames;
    const sent = await transmit(core, way.port, frames.value, socket, patience, context);
    if (sent.ok) return ok(data.length);
    return fail(sent.errno === "EIDRM" ? "EPIPE" : sent.errno);
  }
  // Nobody would ever give that room back, so it is not waited for.
  if (runsOut(core.kit, context, "wmem")) return fail("EAGAIN");
  const room = await chargeRoom(core, socket, patience, offloadCharge(data), context);
  if (!room.ok) return room;
  offload(core, socket, data, addr, context);
  return asImplemented(core.kit.profile, "D13") && mayWait ? ok(0) : fail("EINPROGRESS");
}

function nextIdentification({ net }: Core): number {
  const identification = net.nextIdentification;
  net.nextIdentification = identification === 0xffff ? IDENTIFICATION_FIRST : identification + 1;
  return identification;
}
