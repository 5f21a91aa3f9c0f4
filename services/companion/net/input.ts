import { ETH_P } from "../../abi/flags.ts";
import { buildEthernet, protocolOf } from "../../abi/packet/ethernet.ts";
import { IPPROTO, isFragment, parseIpv4, type Ipv4Packet } from "../../abi/packet/ipv4.ts";
import { INADDR_BROADCAST, isMulticast } from "../../abi/packet/ipv4-address.ts";
import { isGroupMac, MAC_BROADCAST } from "../../abi/packet/mac.ts";
import { parseUdp } from "../../abi/packet/udp.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Message } from "../model/message-queue.ts";
import { deliver } from "../sockets/receive.ts";
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
  return listened === "cloned" && fate !== undefined && UNWANTED.has(fate) ? "tap" : fate;
}

function toIpv4(core: Core, rx: RxFrame): string | undefined {
  if (packetType(rx) === PACKET.PACKET_OTHERHOST) return "other_host";
  const parsed = parseIpv4(rx.ethernet.payload);
  if (!parsed.ok) return parsed.drop;
  if (!isFragment(parsed.packet)) return toProtocol(core, rx, parsed.packet);
  return reassemble(core, rx, parsed.packet, (datagram) => toProtocol(core, rx, datagram));
}

/** Sockets for all protocols get a copy each; the first one for IPv4 that has room gets the frame, and nobody after it. */
function toListeners(core: Core, rx: RxFrame): "exclusive" | "cloned" | "nobody" {
  const { ethernet, port, context } = rx;
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
  const message = (): Message => ({ data: buildEthernet(ethernet), addr });
  let cloned = false;
  for (const { socket, protocol } of wanted) {
    if (protocol === ETH_P.ETH_P_ALL) cloned = deliver(core, socket(), message(), context) || cloned;
  }
  for (const { socket, protocol } of wanted) {
    if (protocol === ETH_P.ETH_P_IP && deliver(core, socket(), message(), context)) return "exclusive";
  }
  return cloned ? "cloned" : "nobody";
}

/** Hands a whole datagram to UDP. One receiver gets a unicast, the first that fits and has room; all get what is for many. */
function toProtocol(core: Core, rx: RxFrame, packet: Ipv4Packet): string {
  if (packet.protocol !== IPPROTO.IPPROTO_UDP) return "protocol_unknown";
  const parsed = parseUdp(packet.payload, packet);
  if (!parsed.ok) return parsed.drop;
  const { sourcePort, destinationPort, payload } = parsed.packet;
  const from = { address: packet.source, port: sourcePort };
  const receivers = core.net.slots
    .candidates({ address: packet.destination, port: destinationPort })
    .filter(({ accepts }) => accepts(from));
  if (receivers.length === 0) return "no_listener";
  const addr = buildSockaddr({ family: "AF_INET", ...from });
  const took = ({ socket }: (typeof receivers)[number]): boolean =>
    deliver(core, socket(), { data: payload.slice(), addr }, rx.context);
  const forMany =
    isGroupMac(rx.ethernet.destination) || packet.destination === INADDR_BROADCAST || isMulticast(packet.destination);
  const count = forMany ? receivers.filter(took).length : Number(receivers.some(took));
  return count > 0 ? "udp" : "no_room";
}
