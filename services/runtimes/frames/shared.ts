import type { Clock } from "../../abi/kit.ts";
import type { FramePort } from "../../abi/frame.ts";
import { createPlainLink } from "./plain.ts";

/** One end of a link between threads, as it is posted. */
export interface SharedLinkEnd {
  readonly memory: SharedArrayBuffer;
}

/** Makes a link between threads. */
export const createSharedLink = (): readonly [SharedLinkEnd, SharedLinkEnd] => {
  const memory = new SharedArrayBuffer(8);
  return [{ memory }, { memory }];
};

/** Opens the end that a thread was given. */
export const openSharedEnd = (_end: SharedLinkEnd, clock: Clock): FramePort =>
  createPlainLink(clock, { hopNs: () => 0 })[0];
