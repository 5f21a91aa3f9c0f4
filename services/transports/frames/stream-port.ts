import { assert } from "../../abi/assert.ts";
import type { LinkCredit, LinkFrame } from "../../abi/contract.generated.ts";
import type { ArrivedFrame, FrameMeta, FramePort } from "../../abi/frame.ts";
import { receiveFrames, type FrameSource } from "../../boundary/frame-loop.ts";

/** What a message of the stream carries. */
export interface FrameMessage {
  readonly frames: readonly LinkFrame[];
  readonly credit?: LinkCredit;
}

/** What a port on a stream needs. */
export interface StreamPortOptions {
  readonly medium: string;
  /** How many frames, and bytes of frames, may be on their way to this end. */
  readonly window: LinkCredit;
  /** What a frame may have at most. */
  readonly frameBytesMax: number;
  /** Sends a message. What it buffers is bounded by the peer's credit. */
  readonly write: (message: FrameMessage) => void;
  /** Lets everybody else in this thread have a turn. */
  readonly yieldTurn: () => Promise<unknown>;
}

/** A FramePort on a stream of messages, and what its owner tells it. */
export interface StreamPort extends FramePort {
  /** A message came. */
  arrived(message: FrameMessage): void;
  close(): void;
}

/** Bytes between two flushes, whatever the peer's credit; what a message may have is well above. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** New credit is granted when so much of the window was taken: a grant for each frame would double the messages. */
const GRANT_AT = 4;

/**
 * A port on a stream. Both sides may send as much as the other has granted, in frames and in bytes, and refuse what is more:
 * so a receiver that is slow, or hangs, fills no memory on either side.
 *
 *        sent <= granted by the peer            taken + window = granted to the peer
 *
 * Each side begins with a grant in its first message, which the owner sends.
 */
export function createStreamPort({ medium, window, frameBytesMax, write, yieldTurn }: StreamPortOptions): StreamPort {
  const counts = { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 };
  const credit = { frames: 0, bytes: 0 };
  const used = { frames: 0, bytes: 0 };
  const granted = { ...window };
  const came = { frames: 0, bytes: 0 };
  const handed = { frames: 0, bytes: 0 };
  let pending: LinkFrame[] = [];
  let pendingBytes = 0;
  let queue: LinkFrame[] = [];
  let next = 0;
  let last = 0;
  let receives = false;
  let closed = false;
  let wake: (() => void) | undefined;

  function grant(taken: LinkCredit): void {
    const frames = taken.frames + window.frames;
    const bytes = taken.bytes + window.bytes;
    if (frames - granted.frames < window.frames / GRANT_AT && bytes - granted.bytes < window.bytes / GRANT_AT) return;
    Object.assign(granted, { frames, bytes });
    write({ frames: [], credit: { frames, bytes } });
  }

  /** What is beyond the grant, or longer than a frame may be, is counted and not taken. */
  function take(frame: LinkFrame): void {
    const { length } = frame.data;
    if (length > frameBytesMax || came.frames + 1 > granted.frames || came.bytes + length > granted.bytes) {
      counts.wrong++;
      return;
    }
    came.frames++;
    came.bytes += length;
    queue.push(frame);
  }

  const source: FrameSource = {
    isOpen: () => !closed,
    next() {
      const frame = queue[next];
      if (frame === undefined) {
        queue = [];
        next = 0;
        return undefined;
      }
      next++;
      last = frame.data.length;
      handed.frames++;
      handed.bytes += last;
      counts.received++;
      return arrivedFrame(frame);
    },
    doneWith: (keep) => grant({ frames: handed.frames - keep, bytes: handed.bytes - keep * last }),
    sleep: () => new Promise<void>((resolve) => (wake = resolve)),
    yieldTurn,
  };

  return {
    medium,
    counts,
    send(bytes, meta) {
      const { length } = bytes;
      if (length > frameBytesMax) {
        counts.too_long++;
        return false;
      }
      const fits =
        used.frames < credit.frames &&
        used.bytes + length <= credit.bytes &&
        pendingBytes + length <= MESSAGE_BYTES_MAX &&
        !closed;
      if (!fits) {
        counts.full++;
        return false;
      }
      used.frames++;
      used.bytes += length;
      pendingBytes += length;
      pending.push(linkFrame(bytes, meta));
      counts.sent++;
      return true;
    },
    flush() {
      if (pending.length === 0 || closed) return;
      const frames = pending;
      pending = [];
      pendingBytes = 0;
      counts.signals++;
      write({ frames });
    },
    receive(taker, done) {
      assert(!receives, "a port has one receiver");
      receives = true;
      void receiveFrames(source, taker, done);
    },
    arrived(message) {
      for (const frame of message.frames) take(frame);
      if (message.credit !== undefined) {
        // It only grows; what would take credit back is wrong.
        if (message.credit.frames < credit.frames || message.credit.bytes < credit.bytes) counts.wrong++;
        else Object.assign(credit, message.credit);
      }
      wake?.();
      wake = undefined;
    },
    close() {
      closed = true;
      wake?.();
    },
  };
}

/** Field by field: what is passed on from a ring reads its fields from there, and has none to be copied. */
const linkFrame = (bytes: Uint8Array, { flags, frame, timeNs, trace, span, lamport }: FrameMeta): LinkFrame => ({
  flags: flags >>> 0,
  frame,
  time_ns: timeNs,
  trace,
  span,
  lamport,
  data: new Uint8Array(bytes),
});

const arrivedFrame = ({ data, time_ns, ...meta }: LinkFrame): ArrivedFrame => ({
  ...meta,
  timeNs: time_ns,
  bytes: data,
});
