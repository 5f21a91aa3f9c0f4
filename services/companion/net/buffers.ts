import { RxBuffer } from "../model/rx-buffer.ts";
import type { Core } from "../state.ts";
import { recycle } from "./recycle.ts";
import { LOOPBACK, type Diversion } from "./state.ts";

/**
 * Either stage, never waits. The buffer that a frame of a real device came in.
 *
 * A capable driver receives into as many buffers as the device has to transmit from, and undefined says that none is left: all
 * are with sockets that have not been read. A stock driver's buffers are the in-band stack's, and go back through an in-band
 * worker. What the loopback device offers is in the sender's buffer (facts/dovetail 5.6, 6.7).
 */
export function takeBuffer(core: Core, real: string, diversion: Diversion): RxBuffer | undefined {
  const device = core.net.transmitters.get(real);
  if (device === undefined || real === LOOPBACK) return new RxBuffer(() => undefined);
  if (!device.thread) return new RxBuffer((context) => recycle(core, context));
  if (diversion.held >= device.pool.sizes.buffers) return undefined;
  diversion.held += 1;
  return new RxBuffer(() => {
    diversion.held -= 1;
  });
}
