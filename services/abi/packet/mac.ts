import { put16, put32, u16, u32 } from "./bytes.ts";

/** An Ethernet address: its 48 bits as a number, so that it can be compared and be a key. */
export type Mac = number & { readonly unit: "mac" };

/** Bytes of one. */
export const MAC_BYTES = 6;

/** ff:ff:ff:ff:ff:ff: everybody on the link. */
export const MAC_BROADCAST = 0xffff_ffff_ffff as Mac;

/** 00:00:00:00:00:00: the loopback device's, and the target of an ARP request. */
export const MAC_ZERO = 0 as Mac;

/** Reads one. */
export const macAt = (bytes: Uint8Array, at: number): Mac => (u16(bytes, at) * 2 ** 32 + u32(bytes, at + 2)) as Mac;

/** The same in memory. */
export const macIn = (memory: DataView, at: number): Mac =>
  (memory.getUint16(at) * 2 ** 32 + memory.getUint32(at + 2)) as Mac;

/** Writes one into memory. */
export function putMacIn(memory: DataView, at: number, mac: Mac): void {
  const low = mac >>> 0;
  memory.setUint16(at, (mac - low) / 2 ** 32);
  memory.setUint32(at + 2, low);
}

/** Writes one. */
export function putMac(bytes: Uint8Array, at: number, mac: Mac): void {
  const low = mac >>> 0;
  put16(bytes, at, (mac - low) / 2 ** 32);
  put32(bytes, at + 2, low);
}

/** `02:00:00:00:00:01`; undefined for what is no such text. */
export const parseMac = (text: string): Mac | undefined =>
  /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) ? (parseInt(text.replaceAll(":", ""), 16) as Mac) : undefined;

/** The text of one. */
export const macText = (mac: Mac): string =>
  mac
    .toString(16)
    .padStart(12, "0")
    .replace(/..(?!$)/g, "$&:");

/** Whether the group bit is set: a multicast, or the broadcast (IEEE 802.3 §3.2.3). */
export const isGroupMac = (mac: Mac): boolean => (Math.floor(mac / 2 ** 40) & 1) === 1;
