import type { Context } from "../../abi/context.ts";

/** A frame on its way through this house. */
export interface Packet {
  /** Who is at work on it: a context of its own, in the frame's trace. */
  readonly context: Context;
  /** The number that it is known by in the trace. */
  readonly frame: number;
  /** Lent for the time of the call: whoever keeps them copies them (`kept`). */
  readonly bytes: Uint8Array;
  /** The faults that struck it on its way here, for the comment in a capture. */
  readonly faults: readonly string[];
}

/** Takes a frame that came from a wire. When it answers a promise, the next frame waits for it if it can. */
export type Take = (packet: Packet) => void | Promise<void>;

/**
 * A wire, as the NIC on one end of it sees it. What breaks a wire, records it, or plugs it in is a wire too, around
 * another one.
 */
export interface Wire {
  /** Gives a frame to the wire, which tells where it ends (or that it is lost) from here on. */
  send(packet: Packet): void;
  /** After the last frame of a burst. */
  flush(): void;
  /** Who receives, set once. */
  receive(take: Take, done: () => void): void;
}

/** A packet whose bytes are its own. */
export const kept = (packet: Packet): Packet => ({ ...packet, bytes: packet.bytes.slice() });
