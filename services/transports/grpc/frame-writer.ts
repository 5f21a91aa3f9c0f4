import { createGather } from "../gather.ts";

/** A frame is closed when it holds so much: larger ones only make small calls wait behind many others. */
const FRAME_BYTES = 64 * 1024;

/** About what a call or an answer takes beside its message. */
const OVERHEAD_BYTES = 32;

/** The sending half of an exchange stream. */
export interface FrameWriter<T> {
  /** How many are pushed and not written yet. */
  readonly waiting: number;
  /** Sends it in this wave, together with what else is pushed meanwhile. */
  push(item: T): void;
  /** The stream takes more again. */
  drained(): void;
  /** The allowance has grown. */
  allowed(): void;
  /** Nothing more is sent. */
  stop(): void;
}

/**
 * Gathers what is pushed in one wave into frames and writes them. When the stream says that it has enough, everything
 * waits here and leaves in fuller frames later: grpc-js itself would buffer without bound (grpc-node #1332).
 *
 * @param write sends one frame; false when the stream has enough for now.
 * @param allowance how many items may be sent now; what is beyond waits. Asked before each frame.
 * @param turn see `createGather`.
 */
export function createFrameWriter<T extends { readonly message: Buffer }>(
  write: (items: readonly T[]) => boolean,
  allowance: () => number = () => Infinity,
  turn?: () => Promise<unknown>,
): FrameWriter<T> {
  let frames: T[][] = [];
  let lastBytes = 0;
  let waiting = 0;
  let blocked = false;
  let stopped = false;

  function add(item: T): void {
    const bytes = item.message.length + OVERHEAD_BYTES;
    const last = frames.at(-1);
    if (last !== undefined && lastBytes + bytes <= FRAME_BYTES) {
      last.push(item);
      lastBytes += bytes;
    } else {
      frames.push([item]);
      lastBytes = bytes;
    }
  }

  function flush(): void {
    while (!blocked && !stopped) {
      const [frame] = frames;
      const most = frame === undefined ? 0 : allowance();
      if (frame === undefined || most <= 0) return;
      if (frame.length <= most) frames.shift();
      else frames[0] = frame.slice(most);
      const leaves = frame.length <= most ? frame : frame.slice(0, most);
      waiting -= leaves.length;
      blocked = !write(leaves);
    }
  }

  const gather = createGather<T>((items) => {
    if (stopped) return;
    for (const item of items) add(item);
    flush();
  }, turn);

  return {
    get waiting() {
      return waiting;
    },
    push(item) {
      waiting += 1;
      gather(item);
    },
    drained() {
      blocked = false;
      flush();
    },
    allowed: flush,
    stop() {
      stopped = true;
      frames = [];
    },
  };
}
