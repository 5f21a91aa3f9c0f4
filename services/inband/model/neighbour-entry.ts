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

/** An entry that changed so recently is not taken away for another (Linux's `neigh_forced_gc`). */
const FRESH_NS = 5_000_000_000;

/** What a new entry is until its first state. */
export const FRESH: { readonly t: "FAILED" } = { t: "FAILED" };

/** An entry that nobody has asked for yet. */
export const newEntry = <W>(ifindex: number, address: Ipv4Address, nowNs: number): Entry<W> => ({
  ifindex,
  address,
  state: FRESH,
  updatedAtNs: nowNs,
  usedAtNs: nowNs,
  confirmedAtNs: -Infinity,
});

/** The entry that may go for a new one: the oldest that failed, or that nothing happened to lately. */
export function victimOf<W>(entries: Iterable<Entry<W>>, nowNs: number): Entry<W> | undefined {
  for (const entry of entries) {
    const { t } = entry.state;
    if (t === "FAILED") return entry;
    if (t !== "PERMANENT" && t !== "INCOMPLETE" && nowNs > entry.updatedAtNs + FRESH_NS) return entry;
  }
  return undefined;
}
