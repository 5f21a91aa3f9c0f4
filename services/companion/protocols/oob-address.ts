import { parseSockaddr } from "../../abi/sockaddr.ts";

/** The port that a PF_OOB address says; undefined: it is none. */
export function portOf(bytes: Uint8Array): number | undefined {
  const address = parseSockaddr(bytes);
  return address?.family === "PF_OOB" ? address.port : undefined;
}
