import type { TraceEvent } from "../../abi/event.ts";
import { matches, ofCaller } from "../../rules/atoms/evaluate.ts";
import type { Atom } from "../../rules/atoms/syntax.ts";
import type { World } from "../world.ts";
import { createUnderWay, type UnderWay } from "./rest.ts";

/** How far the run may go, in the terms of its runtime. */
export interface Limits {
  readonly crossings: number;
  readonly ns: number;
  /** What others have used of that already: the runs of a sweep share their budget. */
  readonly spent?: { readonly crossings: number; readonly ns: number };
}

/** The events of a run, as they arrive. */
export interface Watch {
  /** All so far, in order of arrival. */
  readonly events: readonly TraceEvent[];
  /** Resolves with the n-th event that is like the atom, counted from the start. */
  occurrence(atom: Atom, nth: number): Promise<TraceEvent>;
  /** Resolves with the reason when the budget has ended; never, if it does not. */
  readonly overBudget: Promise<string>;
  /** What has not ended yet. */
  readonly underWay: UnderWay;
  /** Crossings so far, each counted once. */
  crossings(): number;
  stop(): void;
}

interface Waiter {
  readonly atom: Atom;
  missing: number;
  readonly wake: (event: TraceEvent) => void;
}

/**
 * Collects the events of a world from now on, wakes steps that wait for one, and watches the budget.
 *
 * Virtual time is looked at when an event arrives, never by a timer: a timer would be one more thing that can happen, and
 * a world in which nothing else can would no longer be known to be stuck.
 */
export function watchEvents(world: World, limits: Limits): Watch {
  const events: TraceEvent[] = [];
  const { spent = { crossings: 0, ns: 0 } } = limits;
  const waiters = new Set<Waiter>();
  const underWay = createUnderWay();
  const startNs = world.clock.nowNs();
  let crossings = 0;
  let end: (reason: string) => void = () => undefined;
  const overBudget = new Promise<string>((resolve) => {
    end = resolve;
  });
  const timer =
    world.runtime === "simulated"
      ? undefined
      : world.clock.after(Math.max(0, limits.ns - spent.ns), () => end("the time of its budget has passed"));

  const serve = (waiter: Waiter, event: TraceEvent): void => {
    if (!matches(event, waiter.atom)) return;
    waiter.missing -= 1;
    if (waiter.missing > 0) return;
    waiters.delete(waiter);
    waiter.wake(event);
  };

  const unsubscribe = world.onEvents((batch) => {
    for (const event of batch) {
      events.push(event);
      underWay.take(event);
      if (event.phase === "enter" && ofCaller(event)) crossings += 1;
      for (const waiter of waiters) serve(waiter, event);
    }
    if (spent.crossings + crossings > limits.crossings)
      end(`it made more than the ${limits.crossings} crossings of its budget`);
    if (spent.ns + world.clock.nowNs() - startNs > limits.ns) end("the time of its budget has passed");
  });

  return {
    events,
    overBudget,
    underWay,
    crossings: () => crossings,
    occurrence: (atom, nth) =>
      new Promise((wake) => {
        const waiter: Waiter = { atom, missing: nth, wake };
        waiters.add(waiter);
        for (const event of events) {
          if (!waiters.has(waiter)) break;
          serve(waiter, event);
        }
      }),
    stop() {
      timer?.cancel();
      unsubscribe();
    },
  };
}
