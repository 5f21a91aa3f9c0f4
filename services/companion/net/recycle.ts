import { outermost, type Context } from "../../abi/context.ts";
import type { Core } from "../state.ts";

/** So many in-band buffers must wait before an in-band worker is worth its switch of stages. */
const KICK = 32;

/**
 * Either stage, never waits. The core is done with a buffer of a stock driver, which only the in-band stack can free: it waits in
 * a list until there are enough of them for an in-band worker (facts/dovetail 6.7).
 */
export function recycle(core: Core, context: Context): void {
  const { net } = core;
  net.recycling += 1;
  if (net.recycling >= KICK) freeInband(core, context);
}

/** The in-band worker. Also run when the last diversion of a device ends, since nobody comes who would fill the list. */
export function freeInband({ net, kit }: Core, context: Context): void {
  const buffers = net.recycling;
  if (buffers === 0) return;
  net.recycling = 0;
  const worker: Context = {
    ...outermost("", 0, "inband"),
    trace: context.trace,
    span: kit.events.newSpan(),
    parent: context.span,
  };
  net.counters.add("", "skb_recycle");
  kit.events.fact(worker, "skb_recycle", {}, { buffers });
}
