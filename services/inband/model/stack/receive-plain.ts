import { ETH_HLEN, ETH_P } from "../../../abi/packet/ethernet.ts";
import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { IPPROTO, IPV4_HLEN, isIpv4HeaderWhole } from "../../../abi/packet/ipv4.ts";
import { MAC_BYTES, macAt } from "../../../abi/packet/mac.ts";
import { u16, u32, u8 } from "../../../abi/packet/bytes.ts";
import type { RxFate } from "../counters.ts";
import type { Device } from "../device.ts";
import { routeInput } from "./ip-input.ts";
import type { Link } from "./link.ts";
import type { Run } from "./state.ts";
import { tcpInput } from "./tcp-input.ts";

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
export function receivePlainTcp(
  run: Run,
  device: Device,
  frame: Uint8Array,
  ticket: number | undefined,
): RxFate | undefined {
  const { state } = run;
  if (state.packets.size > 0 || state.raw.size > 0 || device.kind.t !== "ethernet") return undefined;
  if (frame.length < TCP_AT || u16(frame, 2 * MAC_BYTES) !== ETH_P.ETH_P_IP) return undefined;
  if (u8(frame, ETH_HLEN) !== FIRST_BYTE || u8(frame, ETH_HLEN + 9) !== IPPROTO.IPPROTO_TCP) return undefined;
  if ((u16(frame, ETH_HLEN + 6) & FRAGMENT) !== 0 || macAt(frame, 0) !== device.mac) return undefined;
  const total = u16(frame, ETH_HLEN + 2);
  if (total < IPV4_HLEN || ETH_HLEN + total > frame.length || !isIpv4HeaderWhole(frame, ETH_HLEN)) return undefined;
  const source = u32(frame, ETH_HLEN + 12) as Ipv4Address;
  const destination = u32(frame, ETH_HLEN + 16) as Ipv4Address;
  const link: Link = { device, arrivedOn: device.ifindex, type: "PACKET_HOST", ticket };
  const ends = { source, destination };
  if (routeInput(state, device, ends) !== "local") return undefined;
  return tcpInput(run, link, ends, frame, TCP_AT, ETH_HLEN + total);
}
