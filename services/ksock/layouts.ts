import { AF_INET, AF_INET6 } from "./constants.ts";

/** Bytes of sockaddr_in and of sockaddr_in6, which ends in an id of its own on illumos. */
export const SOCKADDR_IN_BYTES = 16;
export const SOCKADDR_IN6_BYTES = 32;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const QUAD = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** What is wrong with an address and a port, in one line; undefined for nothing. */
export function endpointProblem(address: string, port: number): string | undefined {
  if (!QUAD.test(address)) return `an address is IPv4, such as 127.0.0.1; found ${address === "" ? "none" : address}`;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return `a port is 0 to 65535; found ${String(port)}`;
  return undefined;
}

/**
 * A sockaddr_in of illumos. @param address such as `127.0.0.1`.
 *
 * @throws RangeError for what is no IPv4 address or no port: bytes that were cut to fit would name another host.
 */
export function sockaddr_in(address: string, port: number): Uint8Array {
  const problem = endpointProblem(address, port);
  if (problem !== undefined) throw new RangeError(problem);
  const bytes = new Uint8Array(SOCKADDR_IN_BYTES);
  viewOf(bytes).setUint16(0, AF_INET, true);
  viewOf(bytes).setUint16(2, port);
  bytes.set(
    address.split(".").map((part) => Number(part)),
    4,
  );
  return bytes;
}

/** A sockaddr_in6 of illumos. @param address 16 bytes, such as `new Uint8Array(16)` for `::`. */
export function sockaddr_in6(address: Uint8Array, port: number): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_IN6_BYTES);
  viewOf(bytes).setUint16(0, AF_INET6, true);
  viewOf(bytes).setUint16(2, port);
  bytes.set(address.subarray(0, 16), 8);
  return bytes;
}

/** What a sockaddr says: its address as text (AF_INET), or as 16 bytes in hexadecimal (AF_INET6). */
export function readSockaddr(addr: Uint8Array): { family: number; address: string; port: number } {
  if (addr.length < 4) return { family: 0, address: "", port: 0 };
  const family = viewOf(addr).getUint16(0, true);
  const port = viewOf(addr).getUint16(2);
  if (family === AF_INET6)
    return { family, address: [...addr.subarray(8, 24)].map((b) => b.toString(16).padStart(2, "0")).join(""), port };
  return { family, address: addr.subarray(4, 8).join("."), port };
}

/** An int, as options have it. */
export function int(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setInt32(0, value, true);
  return bytes;
}

/** The int that an option is. */
export const intOf = (bytes: Uint8Array): number => (bytes.length < 4 ? 0 : viewOf(bytes).getInt32(0, true));

/** `struct linger`. */
export function linger(onoff: number, seconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setInt32(0, onoff, true);
  viewOf(bytes).setInt32(4, seconds, true);
  return bytes;
}

/** `struct timeval`, 16 bytes. */
export function timeval(seconds: number, microseconds: number): Uint8Array {
  const bytes = new Uint8Array(16);
  viewOf(bytes).setBigInt64(0, BigInt(seconds), true);
  viewOf(bytes).setBigInt64(8, BigInt(microseconds), true);
  return bytes;
}
