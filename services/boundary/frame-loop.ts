import type { ArrivedFrame } from "../abi/frame.ts";

/** What NAPI calls a budget: a burst has so many frames at most, and after so many others get their turn. */
const BUDGET = 64;

/** Where the frames of a port come from. */
export interface FrameSource {
  /** False ends the loop. */
  isOpen(): boolean;
  /** The next frame; it stays what it is until it is done with. */
  next(): ArrivedFrame | undefined;
  /** All frames so far are done with, but for the last one where `keep` is 1. */
  doneWith(keep: 0 | 1): void;
  /** Resolves when there may be something to do. */
  sleep(): Promise<unknown>;
  /** Lets everybody else in this thread have a turn. */
  yieldTurn(): Promise<unknown>;
}

/**
 * The receiving half of every FramePort: takes frames one by one in their order, in bursts, and never starves its thread.
 *
 * A frame that `take` answers with a promise for is kept until that has resolved, and those before it are given back
 * meanwhile. What `take` throws, or rejects with, ends the loop: it is a broken invariant, and the caller's to handle.
 */
export async function receiveFrames(
  source: FrameSource,
  take: (frame: ArrivedFrame) => void | Promise<void>,
  done: (() => void) | undefined,
): Promise<void> {
  let sinceYield = 0;
  while (source.isOpen()) {
    let taken = 0;
    for (let frame = source.next(); frame !== undefined; frame = taken < BUDGET ? source.next() : undefined) {
      taken++;
      const going = take(frame);
      if (typeof going !== "object") continue;
      source.doneWith(1);
      await going;
      if (!source.isOpen()) return;
    }
    if (taken > 0) {
      done?.();
      source.doneWith(0);
    } else {
      await source.sleep();
    }
    // A burst of one frame counts too, and so does a sleep that was none: others must have their turn among many of them.
    sinceYield += taken + 1;
    if (sinceYield <= BUDGET) continue;
    sinceYield = 0;
    await source.yieldTurn();
  }
}
