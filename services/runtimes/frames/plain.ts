import { assert } from "../../abi/assert.ts";
import type { Clock } from "../../abi/kit.ts";
import type { Doorbell } from "../../nic/ring/doorbell.ts";
import { formatRing, geometryFor, ringBytes, WORD, type Geometry } from "../../nic/ring/layout.ts";
import { createRingPort, type RingPort } from "../../nic/ring/port.ts";

/**
 * Fewer frames than between threads: a receiver wakes a hop after the first one came, and whoever sends needs a hop for each
 * call. So the rings are never near full, and their memory is most of what a new world costs.
 */
const GEOMETRY = geometryFor(64, 2048);

/** A link of the simulated runtime. */
export interface PlainLinkOptions {
  readonly geometry?: Geometry;
  /** How much virtual time the next notification takes. */
  readonly hopNs: () => number;
  /** What a receiver threw; the scheduler's `stop`. */
  readonly onBroken?: (error: unknown) => void;
}

/**
 * For one thread with virtual time: a ring comes to the sleeper after a hop. A sleep has no bound, since its timer would move
 * time in a world that stands still; so who loses a signal tells it, and the sleeper wakes when its bound would be over.
 */
function virtualDoorbell(clock: Clock, hopNs: () => number): Doorbell {
  let sleeper: { readonly wake: (inTime: boolean) => void; readonly boundNs: number } | undefined;
  const wakeAfter = (ns: number, inTime: boolean): void => {
    const woken = sleeper;
    // Whoever sleeps there then may be another: who was woken by something else is not woken again.
    clock.after(ns, () => {
      if (woken !== undefined && sleeper === woken) woken.wake(inTime);
    });
  };
  return {
    ring(word) {
      if (word === WORD.dataWish) wakeAfter(hopNs(), true);
    },
    lost(word) {
      if (word === WORD.dataWish && sleeper !== undefined) wakeAfter(sleeper.boundNs, false);
    },
    waitAsync: (_word, _value, timeoutMs) =>
      new Promise((resolve) => {
        sleeper = {
          boundNs: timeoutMs * 1e6,
          wake(inTime) {
            sleeper = undefined;
            resolve(inTime);
          },
        };
      }),
  };
}

/**
 * A link inside one thread: two rings in plain memory. A notification takes virtual time, and then the receiver runs; with the
 * same clock and the same hops everything happens in the same order.
 *
 * @returns its two ends.
 */
export function createPlainLink(clock: Clock, options: PlainLinkOptions): readonly [RingPort, RingPort] {
  const { geometry = GEOMETRY, hopNs, onBroken } = options;
  const ring = () => {
    const buffer = new ArrayBuffer(ringBytes(geometry));
    formatRing(buffer, geometry);
    return { buffer, doorbell: virtualDoorbell(clock, hopNs) };
  };
  const there = ring();
  const back = ring();
  const portOptions = { medium: "memory", yieldTurn: () => clock.sleepNs(0), onBroken };
  const ends = [createRingPort(there, back, portOptions), createRingPort(back, there, portOptions)] as const;
  assert(ends[0].ok && ends[1].ok, "a ring that was made just now can be attached to");
  return [ends[0].value, ends[1].value];
}
