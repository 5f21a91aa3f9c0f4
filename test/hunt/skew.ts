import type { TraceEvent } from "../../services/abi/event.ts";
import type { Chance } from "./chance.ts";

/** A process has one clock: of a house, or of the tasks of a node. */
const processOf = ({ node, service }: TraceEvent): string => `${node}/${service}`;

/**
 * The events of a run as somebody would have them who gathers the logs of its processes, each with a clock of its own that is
 * off by so much at most, and puts them in the order of time.
 */
export function skewed(events: readonly TraceEvent[], chance: Chance, mostNs: number): TraceEvent[] {
  const off = (process: string): number => Math.round((2 * (chance.below(process, 1e9) / 1e9) - 1) * mostNs);
  return events
    .map((event) => ({ ...event, timeNs: event.timeNs + off(processOf(event)) }))
    .sort((a, b) => a.timeNs - b.timeNs || (processOf(a) === processOf(b) ? a.seq - b.seq : 0));
}

/** The logs of the processes one after the other, in an order of chance. */
export function logByLog(events: readonly TraceEvent[], chance: Chance): TraceEvent[] {
  const place = (event: TraceEvent): number => chance.below(`place of ${processOf(event)}`, 1e9);
  return [...events].sort((a, b) => place(a) - place(b) || processOf(a).localeCompare(processOf(b)) || a.seq - b.seq);
}
