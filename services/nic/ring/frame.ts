/** What travels beside the bytes of a frame. */
export interface FrameMeta {
  /** Bits that the two ends agree on, 32 of them. */
  readonly flags: number;
  /** The number that the frame is known by in the trace. */
  readonly frame: number;
  /** When it was put on the wire. */
  readonly timeNs: number;
}

/** A frame to be sent. The bytes are copied; they stay the caller's. */
export interface OutgoingFrame extends FrameMeta {
  readonly bytes: Uint8Array;
}

/** A frame that was received and is held: it must not be used after `release`. */
export interface HeldFrame extends FrameMeta {
  readonly length: number;
  /** The bytes where they lie in the pool, not a copy. */
  readonly bytes: Uint8Array;
}
