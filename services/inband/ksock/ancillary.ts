import { ILLUMOS_LEVEL, ILLUMOS_OPTIONS } from "../../abi/illumos.ts";
import { joined } from "../../abi/packet/bytes.ts";
import type { Datagram } from "../model/udp/socket.ts";
import type { KernelSocket } from "./table.ts";

/** Bytes of a cmsghdr: length, level, type. What follows is aligned to four bytes. */
const HEADER_BYTES = 12;
const aligned = (bytes: number): number => (bytes + 3) & ~3;

/** What a datagram brings beside its bytes, as far as options ask for it: where it was sent to, its TTL and its TOS. */
export function ancillaryOf({ options }: KernelSocket, { to, ifindex, ttl, tos }: Datagram): Uint8Array {
  const { IP_PKTINFO, IP_RECVTTL, IP_RECVTOS } = ILLUMOS_OPTIONS.IPPROTO_IP;
  const parts: Uint8Array[] = [];
  if (options.packetInfo) parts.push(control(IP_PKTINFO, packetInfo(ifindex, to.address)));
  if (options.receiveTtl) parts.push(control(IP_RECVTTL, Uint8Array.of(ttl)));
  if (options.receiveTos) parts.push(control(IP_RECVTOS, Uint8Array.of(tos)));
  return joined(parts);
}

/** One cmsghdr of the level IPPROTO_IP, with its data. */
function control(type: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(aligned(HEADER_BYTES + data.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, HEADER_BYTES + data.length, true);
  view.setInt32(4, ILLUMOS_LEVEL.IPPROTO_IP, true);
  view.setInt32(8, type, true);
  bytes.set(data, HEADER_BYTES);
  return bytes;
}

/** struct in_pktinfo: the device, the address to answer from, and the one that the datagram says. */
function packetInfo(ifindex: number, address: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ifindex, true);
  view.setUint32(4, address);
  view.setUint32(8, address);
  return bytes;
}
