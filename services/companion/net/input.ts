import type { Context } from "../../abi/context.ts";
import { ETH_P } from "../../abi/flags.ts";
import { buildEthernet, protocolOf } from "../../abi/packet/ethernet.ts";
import { IPPROTO, isFragment, parseIpv4, type Ipv4Packet } from "../../abi/packet/ipv4.ts";
import { INADDR_BROADCAST, isMulticast } from "../../abi/packet/ipv4-address.ts";
import { isGroupMac, MAC_BROADCAST } from "../../abi/packet/mac.ts";
import { parseUdp } from "../../abi/packet/udp.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Message } from "../model/message-queue.ts";
import { deliver, failReaders } from "../sockets/receive.ts";
import type { OobSocket } from "../sockets/socket.ts";
import type { Core } from "../state.ts";
import { reassemble } from "./reassemble.ts";
import type { RxFrame } from "./state.ts";

/** To whom a frame is addressed, under the kernel's names. */
const PACKET = { PACKET_HOST: 0, PACKET_BROADCAST: 1, PACKET_MULTICAST: 2, PACKET_OTHERHOST: 3 } as const;

function packetType({ ethernet, port }: RxFrame): number {
  if (ethernet.destination === MAC_BROADCAST) return PACKET.PACKET_BROADCAST;
  if (isGroupMac(ethernet.destination)) return PACKET.PACKET_MULTICAST;
  // A frame of a VLAN that is no port here has no address to be compared with.
  return port === undefined || ethernet.destination === port.mac ? PACKET.PACKET_HOST : PACKET.PACKET_OTHERHOST;
}

/** The fates of frames that nobody wanted; where a copy of one was wanted, that is its fate. */
const UNWANTED: ReadonlySet<string> = new Set(["other_host", "protocol_unknown", "no_listener"]);

/** The fates of frames whose checksum is wrong. */
const CSUM: ReadonlySet<string> = new Set(["ipv4_checksum", "udp_checksum"]);

/** By which rule somebody gets a frame: it listens to all, to IPv4; or it is bound to the port of a datagram. */
type By = "all" | "ip" | "unicast" | "multicast";

/**
 * Out-of-band, in the receive thread, never waits. Those who listen to frames first, then IPv4, and of that UDP alone; what
 * nobody wants is dropped, without an ICMP error (facts/dovetail 6.3).
 *
 * @returns the frame's fate; undefined while it waits for the other fragments of its datagram.
 */
export function input(core: Core, rx: RxFrame): string | undefined {
  const listened = toListeners(core, rx);
  if (listened === "exclusive") return "packet";
  const fate = toIpv4(core, rx);
  if (fate !== undefined && CSUM.has(fate)) rx.stats.csum_errors += 1;
  return listened === "cloned" && fate !== undefined && UNWANTED.has(fate) ? "tap" : fate;
}

function toIpv4(core: Core, rx: RxFrame): string | undefined {
  if (packetType(rx) === PACKET.PACKET_OTHERHOST) return "other_host";
  const parsed = parseIpv4(rx.ethernet.payload);
  if (!parsed.ok) return parsed.drop;
  if (!isFragment(parsed.packet)) return toProtocol(core, rx, parsed.packet, [rx]);
  return reassemble(core, rx, parsed.packet, (datagram, pieces) => toProtocol(core, rx, datagram, pieces));
}

/**
 * Gives a socket what came: the thing itself, or a clone. It keeps the buffers that it came in until it was received. False: it
 * has no room, or no clone could be made, of which its reader hears (facts/dovetail 6.3).
 */
function give(
  core: Core,
  rx: RxFrame,
  socket: OobSocket,
  message: Pick<Message, "data" | "addr">,
  { by, how, pieces }: { readonly by: By; readonly how: "exclusive" | "clone"; readonly pieces: readonly RxFrame[] },
): boolean {
  const { net, kit } = core;
  const { context, frame, times } = rx;
  const slice = { frame, sk: socket.sk };
  const cloned = how === "clone";
  if (cloned && net.clones === 0) {
    net.counters.add(rx.dev, "rx_no_clone");
    kit.events.fact(context, "oob_deny", slice, { by, why: "memory" });
    failReaders(socket, "ENOMEM", context);
    return false;
  }
  if (cloned) net.clones -= 1;
  for (const { buffer } of pieces) buffer?.share();
  const done = (waker: Context): void => {
    if (cloned) net.clones += 1;
    for (const { buffer } of pieces) buffer?.done(waker);
  };
  const deliveryNs = kit.clock.nowNs();
  const stamped = times === undefined ? undefined : { ...times, deliveryNs };
  const took = deliver(core, socket, { ...message, times: stamped, done }, context);
  if (!took) {
    done(context);
    kit.events.fact(context, "oob_deny", slice, { by, why: "room" });
    return false;
  }
  kit.events.fact(context, "oob_deliver", slice, { by, how });
  if (times !== undefined) {
    const spans = { queuing_ns: times.queuingNs - times.deviceNs, delivery_ns: deliveryNs - times.queuingNs };
    kit.events.fact(context, "rx_times", slice, spans);
  }
  return true;
}

/** Sockets for all protocols get a clone each; the first one for IPv4 that has room gets the frame, and nobody after it. */
function toListeners(core: Core, rx: RxFrame): "exclusive" | "cloned" | "nobody" {
  const { ethernet, port } = rx;
  const ifindex = port?.ifindex ?? 0;
  const wanted = [...core.net.listeners].filter((listener) => listener.ifindex === 0 || listener.ifindex === ifindex);
  if (wanted.length === 0) return "nobody";
  const addr = buildSockaddr({
    family: "AF_PACKET",
    protocol: protocolOf(ethernet),
    ifindex,
    pkttype: packetType(rx),
    mac: ethernet.source,
  });
  const message = () => ({ data: buildEthernet(ethernet), addr });
  const pieces = [rx];
  let cloned = false;
  for (const { socket, protocol } of wanted) {
    if (protocol !== ETH_P.ETH_P_ALL) continue;
    cloned = give(core, rx, socket(), message(), { by: "all", how: "clone", pieces }) || cloned;
  }
  for (const { socket, protocol } of wanted) {
    if (protocol !== ETH_P.ETH_P_IP) continue;
    if (give(core, rx, socket(), message(), { by: "ip", how: "exclusive", pieces })) return "exclusive";
  }
  return cloned ? "cloned" : "nobody";
}

/**
 * Hands a whole datagram to UDP. One receiver gets a unicast, the first that fits and has room. All get what is for many: the
 * last of them the thing itself, those before it clones.
 */
function toProtocol(core: Core, rx: RxFrame, packet: Ipv4Packet, pieces: readonly RxFrame[]): string {
  if (packet.protocol !== IPPROTO.IPPROTO_UDP) return "protocol_unknown";
  const parsed = parseUdp(packet.payload, packet);
  if (!parsed.ok) return parsed.drop;
  const { sourcePort, destinationPort, payload } = parsed.packet;
  const from = { address: packet.source, port: sourcePort };
  const ifindex = rx.port?.ifindex ?? 0;
  const receivers = core.net.slots
    .candidates({ address: packet.destination, port: destinationPort })
    .filter(({ accepts }) => accepts(from, ifindex));
  if (receivers.length === 0) return "no_listener";
  const addr = buildSockaddr({ family: "AF_INET", ...from });
  const message = () => ({ data: payload.slice(), addr });
  const forMany =
    isGroupMac(rx.ethernet.destination) || packet.destination === INADDR_BROADCAST || isMulticast(packet.destination);
  if (!forMany) {
    const how = { by: "unicast", how: "exclusive", pieces } as const;
    return receivers.some(({ socket }) => give(core, rx, socket(), message(), how)) ? "udp" : "no_room";
  }
  const took = receivers.filter(({ socket }, at) =>
    give(core, rx, socket(), message(), {
      by: "multicast",
      how: at < receivers.length - 1 ? "clone" : "exclusive",
      pieces,
    }),
  );
  return took.length > 0 ? "udp" : "no_room";
}
