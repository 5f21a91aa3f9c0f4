import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Device } from "./device.ts";

/** The way of a datagram out of this host. */
export interface Path {
  readonly kind: "local" | "unicast" | "broadcast" | "multicast";
  readonly device: Device;
  readonly destination: Ipv4Address;
  /** Whom to send it to on the link: the destination, or a router. */
  readonly nexthop: Ipv4Address;
  readonly source: Ipv4Address;
}
