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
 * Facts come in pairs by name: `sock_wait` and `sock_wake`, `oob_wait` and `oob_wake`, `poll_wait` and `poll_wake`. A message
 * that was there before anybody asked for it is told of as `sock_take`, which says where it was delivered.
 */
export function createWaits(): Waits {
  const sleepers = new Map<string, Draft>();
  function fallsAsleep(key: string, draft: Draft): void {
    sleepers.delete(key);
    sleepers.set(key, draft);
    if (sleepers.size <= SLEEPERS_MAX) return;
    const [oldest] = sleepers.keys();
    if (oldest !== undefined) sleepers.delete(oldest);
  }
  return {
    fact(fact, draft) {
      const { point, trace, span, args } = fact;
      if (point.endsWith("_wait")) fallsAsleep(keyOf(fact, point.slice(0, -5)), draft);
      if (point.endsWith("_wake")) {
        const key = keyOf(fact, point.slice(0, -5));
        const sleeper = sleepers.get(key);
        sleepers.delete(key);
        if (sleeper !== undefined && sleeper.span !== span) addLink(sleeper, trace, span, point);
      }
      if (point === "sock_take") {
        const { by_trace: byTrace, by_span: bySpan } = args;
        if (typeof byTrace === "number" && typeof bySpan === "number" && bySpan !== 0)
          addLink(draft, byTrace, bySpan, point);
      }
    },
  };
}
