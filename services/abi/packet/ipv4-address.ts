import type { Mac } from "./mac.ts";

/** An IPv4 address: its 32 bits as an unsigned number. */
export type Ipv4Address = number & { readonly unit: "ipv4" };

/** 0.0.0.0: any address (a binding), or none yet (a source). */
export const INADDR_ANY = 0 as Ipv4Address;

/** 255.255.255.255: everybody on the link (RFC 919 §7). */
export const INADDR_BROADCAST = 0xffff_ffff as Ipv4Address;

/** 127.0.0.1. */
export const INADDR_LOOPBACK = 0x7f00_0001 as Ipv4Address;

/** 127.6.0.1, which ::1 is carried as: the only address of IPv6 there is, in a stack that has no other packets than those of IPv4. */
export const IN6ADDR_LOOPBACK = 0x7f06_0001 as Ipv4Address;

/** `192.0.2.1`; undefined for what is no such text. Leading zeros are refused: some read them as octal. */
export function parseIpv4Address(text: string): Ipv4Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)) return;
  return parts.reduce((value, part) => value * 256 + Number(part), 0) as Ipv4Address;
}

/** The text of one. */
export const ipv4AddressText = (address: Ipv4Address): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");

/** The mask of a prefix length, 0 to 32. */
export const maskOf = (bits: number): number => (bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0);

/** The address with all bits beyond the prefix cleared. */
export const networkOf = (address: Ipv4Address, bits: number): Ipv4Address =>
  ((address & maskOf(bits)) >>> 0) as Ipv4Address;

/** The address with all bits beyond the prefix set: the directed broadcast (RFC 922 §7). */
export const broadcastOf = (address: Ipv4Address, bits: number): Ipv4Address =>
  ((address | ~maskOf(bits)) >>> 0) as Ipv4Address;

/** 224.0.0.0/4 (RFC 1112 §4). */
export const isMulticast = (address: Ipv4Address): boolean => address >>> 28 === 0xe;

/** 127.0.0.0/8: never on a wire (RFC 1122 §3.2.1.3 (g)). */
export const isLoopback = (address: Ipv4Address): boolean => address >>> 24 === 127;

/** 0.0.0.0/8: this network; as a source only while a host has no address yet (RFC 1122 §3.2.1.3 (a)). */
export const isZeronet = (address: Ipv4Address): boolean => address >>> 24 === 0;

/** 240.0.0.0/4 without the limited broadcast: reserved. */
export const isReserved = (address: Ipv4Address): boolean => address >>> 28 === 0xf && address !== INADDR_BROADCAST;

/** The Ethernet group that carries a multicast: 01:00:5e and the low 23 bits (RFC 1112 §6.4). */
export const multicastMac = (address: Ipv4Address): Mac => (0x0100_5e00_0000 + (address & 0x7f_ffff)) as Mac;
