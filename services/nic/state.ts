import type { Context } from "../abi/context.ts";
import type { Kit } from "../abi/kit.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Device } from "./device.ts";
import type { FaultyRing } from "./faults/ring-faults.ts";
import type { NetemWire } from "./faults/netem-wire.ts";
import type { ReceivePath } from "./receive.ts";

/** One NIC with all that belongs to it. */
export interface Card {
  readonly device: Device;
  readonly wire: NetemWire;
  readonly receive: ReceivePath;
  /** The links to the node, by what they are for: `host`, `oob`. */
  readonly rings: ReadonlyMap<string, FaultyRing>;
  /** Whether a cable leads somewhere at all. */
  readonly cabled: boolean;
  /** Tells the in-band stack of the carrier as it is now, after all that it was told before. */
  tellCarrier(context: Context): Promise<void>;
  /** The link has come up: whoever waits at the other end of the cable begins. */
  linked(): void;
}

/** The NICs of a node. */
export interface Nics {
  readonly kit: Kit;
  readonly node: NodeSpec;
  readonly cards: ReadonlyMap<string, Card>;
}
