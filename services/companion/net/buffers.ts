import { RxBuffer } from "../model/rx-buffer.ts";
import type { Core } from "../state.ts";
import { recycle } from "./recycle.ts";

/**
 * Either stage, never waits. The buffer that a frame of a real device came in.
 *
 * Undefined: the device has a pool, as one with a capable driver has while it has ports, and the pool has none left. A stock
 * driver's buffers are the in-band stack's, and go back through an in-band worker (facts/dovetail 5.6, 6.7).
 */
export const takeBuffer = (core: Core, _real: string): RxBuffer | undefined =>
  new RxBuffer((context) => recycle(core, context));
