import type { EventLog } from "../../abi/event.ts";
import type { Kit } from "../../abi/kit.ts";
import type { FaultEngine } from "./engine.ts";

const NO_ARGS = {};

/**
 * A house's log that its fault rules watch: what it records is also shown to formulas that say when a rule may strike. Nothing
 * is made for them while there is none.
 */
export function seenBy(
  engine: FaultEngine,
  { node, house, clock, events }: Pick<Kit, "node" | "house" | "clock" | "events">,
): EventLog {
  let seq = 0;
  const record: EventLog["record"] = (context, point, phase, slice, args, ending) => {
    events.record(context, point, phase, slice, args, ending);
    if (!engine.watching) return;
    const { stage, span, parent, trace, locks } = context;
    engine.sees({
      seq: ++seq,
      lamport: seq,
      timeNs: clock.nowNs(),
      node,
      service: house,
      stage,
      point,
      phase,
      span,
      parent,
      trace,
      slice,
      args,
      locks,
      ...ending,
    });
  };
  return {
    ...events,
    record,
    fact: (context, point, slice, args) => record(context, point, "fact", slice, args ?? NO_ARGS),
  };
}
