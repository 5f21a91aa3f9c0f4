import type { Stage } from "../../abi/contract.generated.ts";
import type { Clock, Timer } from "../../abi/kit.ts";
import { Stuck } from "../../lab/world.ts";
import { createTimerLists, type TimerLists } from "../timers.ts";

/** Virtual time and the one loop that moves it. */
export interface Scheduler {
  /** Time as the in-band stage has it. */
  readonly clock: Clock;
  /** The same time. What is due by the out-of-band clock comes before all that is due by the in-band one at that instant. */
  readonly clockOf: (stage: Stage) => Clock;
  /** Runs a program to its end. Rejects with Stuck when nothing can move any more, or with what `stop` was given. */
  readonly run: <T>(program: () => Promise<T>) => Promise<T>;
  /** Ends the run with an error: an invariant is broken. */
  readonly stop: (error: unknown) => void;
}

/** Resolves when every microtask that is ready has run. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * One sleeper is woken at a time, and all that follows from it runs before the next: between two wake-ups the order of
 * things is the order of promises, which the language fixes. Same seed, same order.
 *
 * Of the sleepers of one instant those of the out-of-band stage are woken first, then in the order in which they lay down.
 *
 * @param afterStep called when the world stands still between two wake-ups; answers whether it has moved anything.
 */
export function createScheduler(afterStep: () => boolean): Scheduler {
  const oob = createTimerLists();
  const inband = createTimerLists();
  let nowNs = 0;
  let broken: { readonly error: unknown } | undefined;

  const clockOver = (timers: TimerLists): Clock => {
    const after = (ns: number, wake: () => void): Timer => timers.add(nowNs, ns, wake);
    return { nowNs: () => nowNs, sleepNs: (ns) => new Promise((wake) => after(ns, wake)), after };
  };
  const inbandClock = clockOver(inband);
  const oobClock = clockOver(oob);

  /** Wakes the one who is due first. Answers whether there was one. */
  function wakeNext(): boolean {
    const oobNs = oob.nextNs() ?? Infinity;
    const inbandNs = inband.nextNs() ?? Infinity;
    const nextNs = Math.min(oobNs, inbandNs);
    if (nextNs === Infinity) return false;
    nowNs = Math.max(nowNs, nextNs);
    return (oobNs <= inbandNs ? oob : inband).fire(nowNs);
  }

  return {
    clock: inbandClock,
    clockOf: (stage) => (stage === "oob" ? oobClock : inbandClock),
    async run(program) {
      const end = { reached: false };
      const result = program().finally(() => (end.reached = true));
      // Looked at below; a rejection must not count as unhandled while the loop still turns.
      result.catch(() => undefined);
      for (;;) {
        // What is handed out here may wake somebody, who moves before time does.
        do await drained();
        while (afterStep());
        if (broken !== undefined) throw broken.error;
        if (end.reached) return result;
        if (!wakeNext()) throw new Stuck("nothing is left that could happen");
      }
    },
    stop: (error) => {
      broken ??= { error };
    },
  };
}
