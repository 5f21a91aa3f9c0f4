import { outermost, type Context } from "../../abi/context.ts";
import { leave } from "../gate.ts";
import type { Core } from "../state.ts";
import { ends } from "./ends.ts";
import { input } from "./input.ts";
import type { Diversion, RxFrame } from "./state.ts";

/**
 * Queues a frame for the receive thread of its real device, which handles one after the other on the out-of-band stage,
 * whatever stage the driver delivered it from (`<dev>.rx` in EVL; facts/dovetail 5.6, 6.3). Until then it is inside the port.
 */
export function receiveLater(core: Core, diversion: Diversion, taken: RxFrame): void {
  taken.port?.crossing.down();
  const { trace, span } = taken.context;
  const context: Context = { ...outermost("", 0, "oob"), trace, span: core.kit.events.newSpan(), parent: span };
  const rx: RxFrame = { ...taken, context };
  diversion.received = diversion.received.then(() => {
    const fate = input(core, rx);
    if (fate !== undefined) ends(core, rx, fate);
    if (rx.port !== undefined) leave(rx.port);
  });
}
