import type { TraceEvent } from "../abi/event.ts";
import { addLink, type Draft } from "./draft.ts";

/** Sleepers that are remembered at once; the oldest is forgotten first. */
const SLEEPERS_MAX = 4096;

/** Joins who sleeps with who wakes: the sleeper's span follows from the waker's, whose trace may be another one. */
export interface Waits {
  fact(fact: TraceEvent, draft: Draft): void;
}

/** What is waited for, and by whom; the same words on both ends of a sleep. */
const keyOf = ({ node, service, slice }: TraceEvent, kind: string): string =>
  `${node} ${service} ${kind} ${slice["task"] ?? ""} ${slice["sk"] ?? ""} ${slice["file"] ?? ""} ${slice["fd"] ?? ""}`;

/**
 * Facts come in pairs by name: `sock_wait` and `sock_wake`, `oob_wait` and `oob_wake`, `poll_wait` and `poll_wake`. A
 * message that was there already names its frame when it is taken (`sock_take`), and `deliveries` knows where that ended.
 */
export function createWaits(): Waits {
  const sleepers = new Map<string, Draft>();
  const deliveries = new Map<string, { readonly trace: number; readonly span: number }>();
  const remember = <T>(map: Map<string, T>, key: string, value: T): void => {
    map.delete(key);
    map.set(key, value);
    if (map.size <= SLEEPERS_MAX) return;
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  };
  return {
    fact(fact, draft) {
      const { point, node, service, slice, trace, span } = fact;
      if (point.endsWith("_wait")) remember(sleepers, keyOf(fact, point.slice(0, -5)), draft);
      if (point.endsWith("_wake")) {
        const key = keyOf(fact, point.slice(0, -5));
        const sleeper = sleepers.get(key);
        sleepers.delete(key);
        if (sleeper !== undefined && sleeper.span !== span) addLink(sleeper, trace, span, point);
      }
      if (point === "frame_receive")
        remember(deliveries, `${node} ${service} ${slice["frame"] ?? ""}`, { trace, span });
      if (point === "sock_take") {
        const delivery = deliveries.get(`${node} ${service} ${slice["frame"] ?? ""}`);
        if (delivery !== undefined && delivery.trace !== trace) addLink(draft, delivery.trace, delivery.span, point);
      }
    },
  };
}
