import { ETH_HLEN, ETH_P } from "../../../abi/packet/ethernet.ts";
import { IPPROTO, IPV4_HLEN, isIpv4HeaderWhole, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { MAC_BYTES, macIn } from "../../../abi/packet/mac.ts";
import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import type { RxFate } from "../counters.ts";
import type { Device } from "../device.ts";
import { routeInput } from "./ip-input.ts";
import type { Run, StackState } from "./state.ts";
import { tcpInput } from "./tcp-input.ts";

type Ends = Pick<Ipv4Packet, "source" | "destination">;

const TCP_AT = ETH_HLEN + IPV4_HLEN;
const FIRST_BYTE = 0x40 | (IPV4_HLEN / 4);
/** All of the word but "don't fragment". */
const FRAGMENT = 0xbfff;

/**
 * The short way up, for nearly all frames of a busy connection: a segment in a whole datagram without options, for this very
 * station and host, which nobody taps. It is read where it lies, without a view for each layer.
 *
 * @returns undefined: the frame is another one, or is not as it should be; nothing was done, and the long way decides (`climb`).
 */
export function receivePlainTcp(run: Run, device: Device, frame: Uint8Array): RxFate | undefined {
  const { state } = run;
  if (state.packets.size > 0 || state.raw.size > 0 || device.kind.t !== "ethernet") return undefined;
  if (frame.length < TCP_AT || frame[ETH_HLEN + 9] !== IPPROTO.IPPROTO_TCP) return undefined;
  const memory = state.arriving.of(frame);
  const at = frame.byteOffset;
  const ip = at + ETH_HLEN;
  if (memory.getUint16(at + 2 * MAC_BYTES) !== ETH_P.ETH_P_IP || memory.getUint8(ip) !== FIRST_BYTE) return undefined;
  const total = memory.getUint16(ip + 2);
  if ((memory.getUint16(ip + 6) & FRAGMENT) !== 0 || total < IPV4_HLEN || ETH_HLEN + total > frame.length)
    return undefined;
  if (macIn(memory, at) !== device.mac || !isIpv4HeaderWhole(memory, ip)) return undefined;
  const ends: Ends = {
    source: memory.getUint32(ip + 12) as Ipv4Address,
    destination: memory.getUint32(ip + 16) as Ipv4Address,
  };
  if (!isForHost(state, device, ends)) return undefined;
  return tcpInput(run, device, ends, memory, at + TCP_AT, ip + total);
}

/** Whether segments between these ends are for this host: those of the last one are known to be, for as long as routes stay. */
function isForHost(state: StackState, device: Device, ends: Ends): boolean {
  const { routes, lastPlain } = state;
  const { ifindex } = device;
  if (
    lastPlain.ifindex === ifindex &&
    lastPlain.source === ends.source &&
    lastPlain.destination === ends.destination &&
    lastPlain.generation === routes.generation
  )
    return true;
  if (routeInput(state, device, ends) !== "local") return false;
  lastPlain.ifindex = ifindex;
  lastPlain.source = ends.source;
  lastPlain.destination = ends.destination;
  lastPlain.generation = routes.generation;
  return true;
}
