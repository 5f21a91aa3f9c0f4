import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Mac } from "../../abi/packet/mac.ts";
import type { Resolved } from "../model/stack/state.ts";

/** A frame that came in over a port, until it ends here or is passed on. */
interface Underway {
  /** The device that it came in on; for one that is relayed, the device that it goes out on. */
  readonly dev: string;
  readonly frame: number;
  /** The context of its arrival: its end is recorded there, however much later. */
  readonly context: Context;
}

/** The buffers that the core was asked for with a port; 0: its default. */
export interface PortSizes {
  readonly pool: number;
  readonly buffer_bytes: number;
}

/** A neighbour that the core holds for reachable. */
export interface ToldNeighbour {
  readonly ifindex: number;
  readonly address: Ipv4Address;
  readonly mac: Mac;
}

/** What the core was told for its front caches, so that it is told once. */
interface FrontCache {
  /** By device and address. */
  readonly neighbours: Map<string, ToldNeighbour>;
  /** By destination, the oldest first. */
  readonly routes: Map<Ipv4Address, Resolved>;
  /** The end of the last notice: the next one waits for it. */
  last: Promise<void>;
  /** Notices that have not ended. */
  pending: number;
  /** There were too many: neighbours changed that the core was not told of. */
  behind: boolean;
}

/** What network devices have beside the model. */
export interface Netdev {
  /** The devices that are out-of-band ports, by index. */
  readonly oobPorts: Map<number, PortSizes>;
  readonly front: FrontCache;
  /** Those who wait for a neighbour to answer; each looks again when one has changed. */
  readonly solicitors: Set<() => void>;
  /** Gives a frame that came in a number for the model. */
  issue(frame: Underway): number;
  /** The frame of a number, which ends or is passed on now. */
  redeem(ticket: number): Underway;
}

/** No port yet, and no frame. */
export function createNetdev(): Netdev {
  const underway = new Map<number, Underway>();
  let lastTicket = 0;
  return {
    oobPorts: new Map(),
    front: { neighbours: new Map(), routes: new Map(), last: Promise.resolve(), pending: 0, behind: false },
    solicitors: new Set(),
    issue(frame) {
      underway.set(++lastTicket, frame);
      return lastTicket;
    },
    redeem(ticket) {
      const frame = underway.get(ticket);
      assert(frame !== undefined, "a frame ends once");
      underway.delete(ticket);
      return frame;
    },
  };
}
