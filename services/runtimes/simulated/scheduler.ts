import type { Clock } from "../../abi/kit.ts";
import { Stuck } from "../../lab/world.ts";
import { createTimerLists } from "../timers.ts";

/** Virtual time and the one loop that moves it. */
export interface Scheduler {
  readonly clock: Clock;
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
 * @param afterStep called when the world stands still between two wake-ups; answers whether it has moved anything.
 */
export function createScheduler(afterStep: () => boolean): Scheduler {
  const timers = createTimerLists();
  let nowNs = 0;
  let broken: { readonly error: unknown } | undefined;

  return {
    clock: {
      nowNs: () => nowNs,
      sleepNs: (ns) => new Promise((wake) => timers.add(nowNs, ns, wake)),
      after: (ns, callback) => timers.add(nowNs, ns, callback),
    },
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
        const nextNs = timers.nextNs();
        if (nextNs === undefined) throw new Stuck("nothing is left that could happen");
        nowNs = Math.max(nowNs, nextNs);
        timers.fire(nowNs);
      }
    },
    stop: (error) => {
      broken ??= { error };
    },
  };
}
