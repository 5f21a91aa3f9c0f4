import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { NeighbourState } from "./neighbour-state.ts";

/** What the table keeps of one neighbour. `W` is a packet that waits. */
export interface Entry<W> {
  readonly ifindex: number;
  readonly address: Ipv4Address;
  state: NeighbourState<W>;
  updatedAtNs: number;
  usedAtNs: number;
  confirmedAtNs: number;
}

/** Device and address in one number: an address has 32 bits, and 2^21 devices fit beside it. */
export const keyOf = (ifindex: number, address: Ipv4Address): number => ifindex * 2 ** 32 + address;
