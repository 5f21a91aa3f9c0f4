import { put16, u16 } from "./bytes.ts";
import { MAC_BYTES, macAt, putMac, putMacIn, type Mac } from "./mac.ts";
import { dropped, parsed, type Parsed } from "./parsed.ts";

/** Values of the type field that the stack knows, under Linux's names (`if_ether.h`). */
export const ETH_P = {
  /** Not on the wire: what taps give to see every protocol. */
  ETH_P_ALL: 0x0003,
  /** Not on the wire: frames whose type field is a length (IEEE 802.3 with 802.2 behind it). */
  ETH_P_802_2: 0x0004,
  ETH_P_IP: 0x0800,
  ETH_P_ARP: 0x0806,
  ETH_P_8021Q: 0x8100,
  ETH_P_8021AD: 0x88a8,
} as const;

/** Bytes of the header. */
export const ETH_HLEN = 14;

/** The smallest value of the type field that is a type; below it is a length (IEEE 802.3 §3.2.6). */
const ETH_P_802_3_MIN = 0x0600;

/** An Ethernet II frame, or what is left of one after its tags were taken off. */
export interface EthernetFrame {
  readonly destination: Mac;
  readonly source: Mac;
  /** The type field as it stands, a length included. */
  readonly ethertype: number;
  readonly payload: Uint8Array;
}

/** Reads a frame. Any payload length is taken: minimum and maximum are the driver's business. */
export function parseEthernet(bytes: Uint8Array): Parsed<EthernetFrame, "ethernet_short"> {
  if (bytes.length < ETH_HLEN) return dropped("ethernet_short");
  return parsed({
    destination: macAt(bytes, 0),
    source: macAt(bytes, MAC_BYTES),
    ethertype: u16(bytes, 2 * MAC_BYTES),
    payload: bytes.subarray(ETH_HLEN),
  });
}

/** Writes a frame. It is not padded to 60 bytes: that is done by whoever puts it on a wire. */
export function buildEthernet(frame: EthernetFrame): Uint8Array {
  const bytes = new Uint8Array(ETH_HLEN + frame.payload.length);
  putMac(bytes, 0, frame.destination);
  putMac(bytes, MAC_BYTES, frame.source);
  put16(bytes, 2 * MAC_BYTES, frame.ethertype);
  bytes.set(frame.payload, ETH_HLEN);
  return bytes;
}

/** Writes the header of a frame that begins at that place of memory. */
export function putEthernetHeader(
  memory: DataView,
  at: number,
  destination: Mac,
  source: Mac,
  ethertype: number,
): void {
  putMacIn(memory, at, destination);
  putMacIn(memory, at + MAC_BYTES, source);
  memory.setUint16(at + 2 * MAC_BYTES, ethertype);
}

/** The protocol that handlers and taps go by: the type, or ETH_P_802_2 for a length (Linux's `eth_type_trans`). */
export const protocolOf = (frame: EthernetFrame): number =>
  frame.ethertype < ETH_P_802_3_MIN ? ETH_P.ETH_P_802_2 : frame.ethertype;
