import type { NeighbourChange } from "./neighbour-state.ts";
import type { Mac } from "../../abi/packet/mac.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";

/** Times and bounds, under the names of Linux's `neigh/default` settings. */
export interface NeighbourSettings {
  readonly reachableNs: number;
  readonly delayFirstProbeNs: number;
  readonly retransNs: number;
  /** Broadcasts while INCOMPLETE, and requests to the neighbour itself in PROBE. */
  readonly mcastSolicit: number;
  readonly ucastSolicit: number;
  /** For so long after a change another claim to the address is not believed, unless it is gratuitous. */
  readonly locktimeNs: number;
  /** Bytes that wait for one neighbour; beyond, the oldest goes. */
  readonly unresQlenBytes: number;
  /** Bytes that wait for all of them. Linux has no such bound: there each sender's own buffer is it. */
  readonly waitingBytesMax: number;
  /** The most entries (`gc_thresh3`). */
  readonly entriesMax: number;
}

/** What waits for a neighbour: bytes for the link. */
export interface Waiting {
  readonly bytes: Uint8Array;
}

/** What should happen now. Whoever holds the table does it. */
export type NeighbourStep<W> =
  | NeighbourChange
  /** Send an ARP request: to everybody, or to the address where the neighbour was seen. */
  | { readonly t: "probe"; readonly ifindex: number; readonly address: Ipv4Address; readonly mac: Mac | undefined }
  | { readonly t: "send"; readonly ifindex: number; readonly mac: Mac; readonly packet: W }
  /** Nobody answered: EHOSTUNREACH for whoever sent it. */
  | { readonly t: "unreachable"; readonly ifindex: number; readonly packet: W }
  /** The queue was full: this one, the oldest, had to go; or its device went down. */
  | { readonly t: "dropped"; readonly drop: "neighbour_queue_full" | "tx_device_down"; readonly packet: W };

/** What an ARP packet says of its sender. */
export interface Heard {
  readonly mac: Mac;
  /** REACHABLE for a reply to us alone, STALE for anything else that mentions the address. */
  readonly to: "REACHABLE" | "STALE";
  readonly gratuitous: boolean;
}
