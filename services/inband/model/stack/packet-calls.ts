import { fail, ok, type Result } from "../../../abi/result.ts";
import type { Device } from "../device.ts";
import { ETH_HLEN, parseEthernet, type EthernetFrame } from "../../../abi/packet/ethernet.ts";
import type { Mac } from "../../../abi/packet/mac.ts";
import { VLAN_HLEN, isVlanProtocol } from "../../../abi/packet/vlan.ts";
import type { PacketSocket } from "../packet-socket.ts";
import type { Run, StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";
import { transmit } from "./transmit.ts";

/** The fields of `sockaddr_ll` that sending looks at. */
export interface LinkAddress {
  readonly ifindex: number;
  readonly protocol: number;
  readonly destination: Mac;
}

/** How a packet socket fails. */
type PacketErrno = "ENXIO" | "ENETDOWN" | "EINVAL" | "EMSGSIZE" | "ENOTCONN";

/**
 * Binds a socket to a protocol and a device (`packet_do_bind`). Protocol 0 leaves the socket's own. ENODEV: no such
 * device. ENETDOWN: it is down; the socket is bound all the same.
 */
export function bindPacket(
  state: StackState,
  socket: PacketSocket,
  protocol: number,
  ifindex: number,
): Result<undefined, "ENODEV" | "ENETDOWN"> {
  const device = ifindex === 0 ? undefined : state.devices.at(ifindex);
  if (ifindex !== 0 && device === undefined) return fail("ENODEV");
  if (protocol !== 0) socket.protocol = protocol;
  socket.ifindex = ifindex;
  return device?.up === false ? fail("ENETDOWN") : ok(undefined);
}

/**
 * Sends a frame (SOCK_RAW: with its Ethernet header) or a payload (SOCK_DGRAM), as `packet_snd` does.
 *
 * ENXIO: no device. ENETDOWN: it is down. EINVAL: no whole header. EMSGSIZE: larger than the MTU. ENOTCONN: a payload
 * for nobody.
 */
export const sendPacket = (
  state: StackState,
  socket: PacketSocket,
  bytes: Uint8Array,
  to: LinkAddress | undefined,
  nowNs: number,
): Outcome<Result<number, PacketErrno>> => step(state, nowNs, (run) => send(run, socket, bytes, to));

function send(
  run: Run,
  socket: PacketSocket,
  bytes: Uint8Array,
  to: LinkAddress | undefined,
): Result<number, PacketErrno> {
  const device = run.state.devices.at(to?.ifindex ?? socket.ifindex);
  if (device === undefined) return fail("ENXIO");
  if (!device.up) return fail("ENETDOWN");
  const frame = socket.type === "SOCK_RAW" ? wholeFrame(device, bytes) : around(device, socket, bytes, to);
  if (!frame.ok) return frame;
  transmit(run, device, { frame: frame.value, sender: socket.sk });
  return ok(bytes.length);
}

/** A tag of the sender's own comes on top of the MTU (`packet_snd`, "VLAN_HLEN"). */
function wholeFrame(device: Device, bytes: Uint8Array): Result<EthernetFrame, "EINVAL" | "EMSGSIZE"> {
  const parsed = parseEthernet(bytes);
  if (!parsed.ok) return fail("EINVAL");
  const room = device.mtu + ETH_HLEN + (isVlanProtocol(parsed.packet.ethertype) ? VLAN_HLEN : 0);
  return bytes.length > room ? fail("EMSGSIZE") : ok(parsed.packet);
}

function around(
  device: Device,
  socket: PacketSocket,
  payload: Uint8Array,
  to: LinkAddress | undefined,
): Result<EthernetFrame, "ENOTCONN" | "EMSGSIZE"> {
  if (to === undefined) return fail("ENOTCONN");
  if (payload.length > device.mtu) return fail("EMSGSIZE");
  // Linux takes the address's protocol as it is; 0 there means the socket's own only when there is no address.
  return ok({ destination: to.destination, source: device.mac, ethertype: to.protocol || socket.protocol, payload });
}
