import type { TraceEvent } from "../abi/event.ts";
import type { Family } from "./prometheus.ts";
import { createCounters } from "./series.ts";

/** Legs that are followed at once. */
const LEGS_MAX = 65_536;
/** A frame that has not arrived by then was dropped on its way, or its arrival was never told. */
const LOST_AFTER_NS = 5e9;

/** Follows frames over each leg of their way: into a ring, over a wire, out again. */
export interface Legs {
  fact(fact: TraceEvent): void;
  families(): Family[];
}

interface Leg {
  readonly node: string;
  readonly service: string;
  readonly dev: string;
  readonly to: string;
  readonly sentNs: number;
}

/** How many frames stand in each ring or on each wire is what was sent into it and has not come out. */
export function createLegs(): Legs {
  const sent = createCounters();
  const lost = createCounters();
  const open = new Map<number, Leg>();
  /** Arrivals that were told before the departure: houses tell in any order. */
  const early = new Set<number>();
  let latestNs = 0;

  const labelsOf = ({ node, service, dev, to }: Leg): Record<string, string> => ({ node, service, dev, to });
  const forget = (span: number, leg: Leg): void => {
    open.delete(span);
    lost.add(labelsOf(leg));
  };

  function sweep(): void {
    for (const [span, leg] of open) {
      if (latestNs - leg.sentNs < LOST_AFTER_NS) break;
      forget(span, leg);
    }
  }

  return {
    fact({ point, node, service, slice, args, span, parent, timeNs }) {
      if (timeNs > latestNs) latestNs = timeNs;
      if (point === "frame_receive") {
        if (open.delete(parent)) return;
        if (early.size >= LEGS_MAX) early.clear();
        early.add(parent);
        return;
      }
      const leg = { node, service, dev: String(slice["dev"] ?? ""), to: String(args["to"] ?? ""), sentNs: timeNs };
      sent.add(labelsOf(leg));
      if (early.delete(span)) return;
      open.set(span, leg);
      if (open.size > LEGS_MAX) {
        const [first] = open;
        if (first !== undefined) forget(...first);
      }
    },
    families() {
      sweep();
      const depth = createCounters();
      for (const { labels } of sent.samples()) depth.add(labels, 0);
      for (const leg of open.values()) depth.add(labelsOf(leg));
      return [
        {
          name: "tenon_frames_sent_total",
          help: "Frames that a house put into a link, by who is at the other end.",
          type: "counter",
          samples: sent.samples(),
        },
        {
          name: "tenon_ring_frames",
          help: "Frames that stand in a link: sent into it, and not heard of at its other end.",
          type: "gauge",
          samples: depth.samples(),
        },
        {
          name: "tenon_frames_lost_total",
          help: "Frames that went into a link and were not heard of at its other end within 5 s.",
          type: "counter",
          samples: lost.samples(),
        },
      ];
    },
  };
}
