import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Mac } from "../../abi/packet/mac.ts";

/** Being asked for; packets wait. */
interface Incomplete<W> {
  readonly t: "INCOMPLETE";
  readonly probes: number;
  readonly timerAtNs: number;
  readonly waiting: W[];
}
/** Known, and confirmed lately. */
interface Reachable {
  readonly t: "REACHABLE";
  readonly mac: Mac;
  readonly timerAtNs: number;
}
/** Known, and to be confirmed when it is used next. */
interface Stale {
  readonly t: "STALE";
  readonly mac: Mac;
}
/** Used while stale: somebody above may confirm it before we ask. */
interface Delay {
  readonly t: "DELAY";
  readonly mac: Mac;
  readonly timerAtNs: number;
}
/** Known, and being asked itself. */
interface Probe {
  readonly t: "PROBE";
  readonly mac: Mac;
  readonly probes: number;
  readonly timerAtNs: number;
}
/** Nobody answered. The next packet makes us ask again. */
interface Failed {
  readonly t: "FAILED";
}
/** Set by hand; nothing changes it but a hand. */
interface Permanent {
  readonly t: "PERMANENT";
  readonly mac: Mac;
}

/** Linux's NUD_* states (`include/uapi/linux/neighbour.h`), after RFC 4861 §7.3.2. `W` waits in INCOMPLETE. */
export type NeighbourState<W> = Incomplete<W> | Reachable | Stale | Delay | Probe | Failed | Permanent;

/** The name of a state; NONE is before the first and after the last. */
export type NeighbourStateName = NeighbourState<unknown>["t"] | "NONE";

/** An entry changed: what `NETEVENT_NEIGH_UPDATE` tells, and what a companion core's front cache feeds on. */
export interface NeighbourChange {
  readonly t: "neighbour";
  readonly ifindex: number;
  readonly address: Ipv4Address;
  readonly from: NeighbourStateName;
  readonly to: NeighbourStateName;
  /** The address now known; undefined while it is not. */
  readonly mac: Mac | undefined;
}

/** Which states may follow which; a state may follow itself with another timer, count or address. */
const MAY_FOLLOW: Readonly<Record<NeighbourStateName, readonly NeighbourStateName[]>> = {
  NONE: ["INCOMPLETE", "REACHABLE", "STALE", "PERMANENT"],
  INCOMPLETE: ["INCOMPLETE", "REACHABLE", "STALE", "FAILED", "PERMANENT", "NONE"],
  REACHABLE: ["REACHABLE", "STALE", "DELAY", "PERMANENT", "NONE"],
  STALE: ["REACHABLE", "STALE", "DELAY", "PERMANENT", "NONE"],
  DELAY: ["REACHABLE", "STALE", "DELAY", "PROBE", "PERMANENT", "NONE"],
  PROBE: ["REACHABLE", "STALE", "PROBE", "FAILED", "PERMANENT", "NONE"],
  FAILED: ["INCOMPLETE", "REACHABLE", "STALE", "PERMANENT", "NONE"],
  PERMANENT: ["PERMANENT", "NONE"],
};

/** Whether an entry may go from one state to the other. */
export const mayFollow = (from: NeighbourStateName, to: NeighbourStateName): boolean => MAY_FOLLOW[from].includes(to);

/** The link address that a state knows. */
export const macOf = (state: NeighbourState<unknown>): Mac | undefined => ("mac" in state ? state.mac : undefined);

/** When a state ends by itself. */
export const timerOf = (state: NeighbourState<unknown>): number | undefined =>
  "timerAtNs" in state ? state.timerAtNs : undefined;
