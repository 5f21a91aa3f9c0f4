import type { Stage } from "../../abi/contract.generated.ts";
import type { Packet } from "../wires/wire.ts";

/** The way up to the in-band stack, as a driver sees it. */
export interface Upward {
  /** At once: the caller is in-band. */
  now(packet: Packet): void;
  /** When the in-band stage runs again: the caller is out-of-band, and queues irq_work. */
  deferred(packet: Packet, why: "refused" | "lost"): void;
}

/** What the two kinds of drivers do differently. */
export interface Driver {
  /** Where it polls a diverting device, and so where the core is asked. */
  readonly stage: Stage;
  /** Whether it transmits for the core. */
  readonly transmits: boolean;
  /** The core was offered a frame and does not want it, or nobody knows what it wants. */
  readonly refused: (upward: Upward, packet: Packet, why: "refused" | "lost") => void;
}
