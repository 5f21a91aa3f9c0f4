import { EVL_NEIGH } from "../../abi/flags.ts";
import { parseSockaddrBytes } from "../../abi/sockaddr.ts";

/** The port goes unused. */
const addressOf = (host: string): Uint8Array | undefined =>
  /^\d+(\.\d+){3}$/.test(host) ? parseSockaddrBytes(`${host}:0`) : undefined;

/** What is wrong with the address of a host; undefined for nothing. */
export const solicitProblem = (host: string): string | undefined =>
  addressOf(host) === undefined ? `-s: found ${host}, allowed is an IPv4 address such as 10.0.0.2` : undefined;

/** What EVL_SOCKIOC_SOLICIT's argument points to: the flags, 32 bits little-endian, then the peer's sockaddr. */
export function solicitRequest(
  host: string,
  { permanent, mayRoute }: { readonly permanent: boolean; readonly mayRoute: boolean },
): Uint8Array {
  const flags = (permanent ? EVL_NEIGH.EVL_NEIGH_PERMANENT : 0) | (mayRoute ? EVL_NEIGH.EVL_NEIGH_MAYROUTE : 0);
  return Uint8Array.of(flags, 0, 0, 0, ...(addressOf(host) ?? []));
}
