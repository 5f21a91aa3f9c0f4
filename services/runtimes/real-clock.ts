import type { Clock } from "../abi/kit.ts";
import { turnOfTheLoop } from "./frames/turn.ts";
import { createTimerLists } from "./timers.ts";

/** Milliseconds of the wall clock at which a world boots; every thread and process of it counts from there. */
export const bootEpochMs = (): number => performance.timeOrigin + performance.now();

/** A clock that can be stopped, by whoever lives longer than what it is for. */
export interface RealClock extends Clock {
  /** Time still passes, but no timer of this clock fires any more, and no sleep ends. Idempotent. */
  stop(): void;
}

/** Node's longest timer; a longer wait is armed again. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/**
 * Real time since the world booted. One timer of Node serves all deadlines, since a call that makes and cancels its own
 * would pay more for that than for everything else.
 */
export function createRealClock(epochMs: number): RealClock {
  const timers = createTimerLists();
  const startedMs = performance.timeOrigin - epochMs;
  const nowNs = (): number => Math.max(0, Math.round((startedMs + performance.now()) * 1e6));
  const sleeping = new Set<NodeJS.Timeout>();
  let armed: NodeJS.Timeout | undefined;
  let armedForNs = Infinity;
  let stopped = false;

  function arm(): void {
    const nextNs = timers.nextNs();
    if (stopped || nextNs === undefined || nextNs >= armedForNs) return;
    clearTimeout(armed);
    armedForNs = nextNs;
    const ms = Math.min(TIMEOUT_MS_MAX, Math.ceil(Math.max(0, nextNs - nowNs()) / 1e6));
    // A deadline alone must not keep a process alive: whoever waits for an answer has a port or a socket open.
    armed = setTimeout(fire, ms).unref();
  }

  function fire(): void {
    armedForNs = Infinity;
    const now = nowNs();
    // What is called back may stop the clock.
    while (!stopped && timers.fire(now));
    arm();
  }

  return {
    nowNs,
    sleepNs: (ns) =>
      new Promise((resolve) => {
        if (stopped) return;
        const timeout = setTimeout(
          () => {
            sleeping.delete(timeout);
            resolve();
          },
          Math.ceil(ns / 1e6),
        );
        sleeping.add(timeout);
      }),
    after(ns, callback) {
      const now = nowNs();
      const timer = timers.add(now, ns, callback);
      // Only a timer that is due before the armed one changes anything: with deadlines that is next to never.
      if (now + ns < armedForNs) arm();
      return timer;
    },
    turn: turnOfTheLoop,
    stop() {
      stopped = true;
      clearTimeout(armed);
      for (const timeout of sleeping) clearTimeout(timeout);
      sleeping.clear();
    },
  };
}
