import type { Clock } from "../abi/kit.ts";
import { createTimerLists } from "./timers.ts";

/** Milliseconds of the wall clock at which a world boots; every thread and process of it counts from there. */
export const bootEpochMs = (): number => performance.timeOrigin + performance.now();

/** Node's longest timer; a longer wait is armed again. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/**
 * Real time since the world booted. One timer of Node serves all deadlines, since a call that makes and cancels its own
 * would pay more for that than for everything else.
 */
export function createRealClock(epochMs: number): Clock {
  const timers = createTimerLists();
  const startedMs = performance.timeOrigin - epochMs;
  const nowNs = (): number => Math.max(0, Math.round((startedMs + performance.now()) * 1e6));
  let armed: NodeJS.Timeout | undefined;
  let armedForNs = Infinity;

  function arm(): void {
    const nextNs = timers.nextNs();
    if (nextNs === undefined || nextNs >= armedForNs) return;
    clearTimeout(armed);
    armedForNs = nextNs;
    const ms = Math.min(TIMEOUT_MS_MAX, Math.ceil(Math.max(0, nextNs - nowNs()) / 1e6));
    // A deadline alone must not keep a process alive: whoever waits for an answer has a port or a socket open.
    armed = setTimeout(fire, ms).unref();
  }

  function fire(): void {
    armedForNs = Infinity;
    const now = nowNs();
    while (timers.fire(now));
    arm();
  }

  return {
    nowNs,
    sleepNs: (ns) => new Promise((resolve) => setTimeout(resolve, Math.ceil(ns / 1e6))),
    after(ns, callback) {
      const now = nowNs();
      const timer = timers.add(now, ns, callback);
      // Only a timer that is due before the armed one changes anything: with deadlines that is next to never.
      if (now + ns < armedForNs) arm();
      return timer;
    },
  };
}
