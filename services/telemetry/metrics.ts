import { errnoOf } from "../abi/errno.ts";
import type { TraceEvent } from "../abi/event.ts";
import { contractOf, isRefusal } from "./draft.ts";
import { createLegs } from "./legs.ts";
import type { Family } from "./prometheus.ts";
import { createCounters, createDurations } from "./series.ts";

/** What is counted and measured of a world from its events. */
export interface EventMetrics {
  /** Each event, once. */
  event(event: TraceEvent): void;
  /** Each call that has ended on its caller's side: its time is measured by one clock. */
  call(enter: TraceEvent, exit: TraceEvent): void;
  families(): Family[];
}

const resultOf = ({ point, ret, lost }: TraceEvent): { readonly result: string; readonly error: string } => {
  if (lost !== undefined) return { result: "lost", error: lost };
  if (ret === undefined || ret >= 0) return { result: "ok", error: "" };
  const error = errnoOf(ret) ?? "other";
  return { result: isRefusal(contractOf(point), error) ? "refused" : "ok", error };
};

/** Counts events and measures calls. The sets of labels are bounded: houses, points, rules, devices, fates. */
export function createEventMetrics(): EventMetrics {
  const durations = createDurations();
  const errors = createCounters();
  const faults = createCounters();
  const events = createCounters();
  const facts = createCounters();
  const ends = createCounters();
  const legs = createLegs();
  const families = { durations, errors, faults, events, facts, ends };

  return {
    event(event) {
      const { node, service, point, phase, slice, args } = event;
      events.add({ node, service });
      if (phase !== "fact") return;
      switch (point) {
        case "frame_send":
        case "frame_receive":
          legs.fact(event);
          return;
        case "frame_end":
          ends.add({ node, service, dev: String(slice["dev"] ?? ""), fate: String(args["fate"] ?? "") });
          return;
        case "frame_fault":
          faults.add({ node, service, rule: event.fault ?? "netem", at: String(args["kind"] ?? "") });
          return;
        case "contract_breach":
        case "lock_order":
        case "retry":
        case "repeated":
        case "compensate":
        case "peer_refused":
        case "blow":
        case "place_down":
        case "place_up":
          facts.add({ node, service, fact: point });
      }
    },
    call(enter, exit) {
      const { node, service, point } = enter;
      const { result, error } = resultOf(exit);
      durations.observe({ node, service, hook: point, result }, exit.timeNs - enter.timeNs);
      if (result !== "ok") errors.add({ node, service, hook: point, error });
      if (exit.fault !== undefined) faults.add({ node, service, rule: exit.fault, at: point });
    },
    families: () => [
      {
        name: "tenon_hook_duration_seconds",
        help: "Duration of calls as their caller saw them, by how they ended (wall clock, of the emulator).",
        type: "histogram",
        samples: durations.samples(),
      },
      {
        name: "tenon_hook_errors_total",
        help: "Calls that were refused or lost, by errno or by why no answer came.",
        type: "counter",
        samples: errors.samples(),
      },
      {
        name: "tenon_faults_injected_total",
        help: "Faults that struck, by rule and by the point or the kind of what they struck.",
        type: "counter",
        samples: faults.samples(),
      },
      {
        name: "tenon_incidents_total",
        help: "Breaches of the contract, retries, compensations, refused peers, blows, and places that went down or came up.",
        type: "counter",
        samples: facts.samples(),
      },
      ...legs.families(),
      {
        name: "tenon_frames_ended_total",
        help: "Frames whose way ended in a house, by what became of them: delivered, answered, or the reason of a drop.",
        type: "counter",
        samples: ends.samples(),
      },
      {
        name: "tenon_events_total",
        help: "Events that were recorded and taken.",
        type: "counter",
        samples: events.samples(),
      },
      {
        name: "tenon_telemetry_series_refused_total",
        help: "Samples whose set of labels found no room.",
        type: "counter",
        samples: [{ labels: {}, value: Object.values(families).reduce((sum, one) => sum + one.tooMany(), 0) }],
      },
    ],
  };
}
