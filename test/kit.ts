import type { House } from "../services/abi/contract.generated.ts";
import type { TraceEvent } from "../services/abi/event.ts";
import type { Clock, Kit } from "../services/abi/kit.ts";
import type { Profile } from "../services/abi/profile.ts";
import { createEventLog } from "../services/boundary/events/log.ts";
import { createEventRing, type EventRing } from "../services/boundary/events/ring.ts";

/** A clock that only a test moves. */
export interface ManualClock extends Clock {
  /** Moves time on, calling back what is due, in order; promises settle in between. */
  advance(ns: number): Promise<void>;
  pending(): number;
}

/** Resolves when every promise that is ready has gone as far as it can. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function manualClock(): ManualClock {
  let nowNs = 0;
  const due: { atNs: number; callback: () => void }[] = [];
  const clock: ManualClock = {
    nowNs: () => nowNs,
    sleepNs: (ns) => new Promise((resolve) => clock.after(ns, resolve)),
    after(ns, callback) {
      const entry = { atNs: nowNs + ns, callback };
      due.push(entry);
      return {
        cancel: () => {
          const at = due.indexOf(entry);
          if (at >= 0) due.splice(at, 1);
        },
      };
    },
    async advance(ns) {
      const end = nowNs + ns;
      await settled();
      for (;;) {
        const next = due.filter((entry) => entry.atNs <= end).sort((a, b) => a.atNs - b.atNs)[0];
        if (next === undefined) break;
        due.splice(due.indexOf(next), 1);
        nowNs = Math.max(nowNs, next.atNs);
        next.callback();
        await settled();
      }
      nowNs = end;
    },
    pending: () => due.length,
  };
  return clock;
}

/** A kit whose events can be read back. */
export interface TestKit extends Kit {
  readonly clock: ManualClock;
  readonly ring: EventRing;
  /** All events since the last look. */
  seen(): TraceEvent[];
}

export function testKit(
  house: House,
  options: { profile?: Profile; clock?: ManualClock; ring?: EventRing; process?: number } = {},
): TestKit {
  const clock = options.clock ?? manualClock();
  const ring = options.ring ?? createEventRing(4096);
  return {
    node: "alpha",
    house,
    profile: options.profile ?? "documented",
    seed: 1n,
    clock,
    random: { fraction: () => 0.5 },
    events: createEventLog(ring, clock, "alpha", house, options.process ?? 1),
    ring,
    seen: () => ring.take(Infinity),
  };
}

/** Events in short, such as `vfs:install_inband_fd.exit(0)`. */
export const brief = (events: readonly TraceEvent[]): string[] =>
  events.map(({ service, point, phase, ret, lost, fault }) => {
    const result = ret !== undefined ? `(${ret})` : lost !== undefined ? `(lost ${lost})` : "";
    return `${service}:${point}.${phase}${result}${fault === undefined ? "" : ` by ${fault}`}`;
  });
