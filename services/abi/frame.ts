import type { Context } from "./context.ts";

/** What travels beside the bytes of a frame, from the house that made it to the one where it ends. */
export interface FrameMeta {
  /** Bits that the two ends agree on, 32 of them. */
  readonly flags: number;
  /** The number that the frame is known by in the trace, unique over all nodes of the world. A copy keeps it. */
  readonly frame: number;
  /** When it was put here, nanoseconds since the world booted. */
  readonly timeNs: number;
  /** The trace that it belongs to, and the sender's span for this leg of its way: the parent of what the receiver does. */
  readonly trace: number;
  readonly span: number;
  /** The sender's Lamport stamp. */
  readonly lamport: number;
}

/** A frame that was received. The bytes are the medium's: whoever keeps them beyond the call copies them. */
export interface ArrivedFrame extends FrameMeta {
  readonly bytes: Uint8Array;
}

/** How often something happened at one end of a link. */
export interface FramePortCounts {
  /** Frames taken by `send`. */
  readonly sent: number;
  /** Frames refused for want of room. */
  readonly full: number;
  /** Frames refused because they are longer than the link takes. */
  readonly too_long: number;
  /** Frames handed to `receive`. */
  readonly received: number;
  /** Indices, offsets and lengths of the peer that were out of range, and were not followed. */
  readonly wrong: number;
  /** Notifications made. */
  readonly signals: number;
  /** Times it slept although there was something to do: a signal was lost. */
  readonly missed_signals: number;
}

/** What strikes frames as they leave a house. */
export interface FrameFaults {
  /** Whether frames that leave must go by here: a rule may strike them, or waits for others to pass. */
  readonly watching: boolean;
  /** Puts a frame into the link, or what a fault makes of it. Undefined: the link took it not. */
  send(
    leg: Context,
    dev: string,
    to: string,
    bytes: Uint8Array,
    meta: FrameMeta,
  ): { /** To be called when the sending was told: what struck. */ tell(): void } | undefined;
}

/**
 * One end of a link for frames, between two houses, or between a NIC and a wire. It works in both directions, keeps the
 * order, and never waits: what finds no room is refused, and the sender counts it.
 */
export interface FramePort {
  /** What carries the frames, for people: `memory`, `shared memory`, `mapped memory (futex)`, `stream`. */
  readonly medium: string;
  readonly counts: FramePortCounts;
  /** What strikes frames that leave here; set by the boundary of the house that holds the port. */
  readonly frameFaults?: FrameFaults | undefined;
  /** Copies a frame into the link; the peer sees it after `flush`. False: no room, or it is too long. */
  send(bytes: Uint8Array, meta: FrameMeta): boolean;
  /** Publishes what was sent: one notification for all of it. */
  flush(): void;
  /**
   * Who receives, set once. Called for each frame in order; when it returns a promise, the next frame waits for it.
   *
   * @param done called after the last frame of a burst.
   */
  receive(take: (frame: ArrivedFrame) => void | Promise<void>, done?: () => void): void;
}
