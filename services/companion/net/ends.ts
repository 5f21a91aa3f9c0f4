import { frameEnds } from "../../boundary/frames.ts";
import type { Core } from "../state.ts";
import type { RxFrame } from "./state.ts";

/** Says what became of a frame that was taken. Every one ends once: at once, or with the last fragment of its datagram. */
export function ends(core: Core, { context, dev, frame, buffer }: RxFrame, fate: string): void {
  core.net.counters.add(dev, `rx_${fate}`);
  frameEnds(core.kit, context, dev, frame, `oob_${fate}`);
  // Who still has to receive it, or a clone of it, has a share of its own.
  buffer?.done(context);
}
