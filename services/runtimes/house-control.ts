import type { FileEntry, PointValues, TaskEntry } from "../abi/contract.generated.ts";
import type { Clock } from "../abi/kit.ts";
import { fail, ok } from "../abi/result.ts";
import type { EventRing } from "../boundary/events/ring.ts";
import type { FaultEngine } from "../boundary/faults/engine.ts";
import type { Handlers } from "../boundary/hooks.ts";
import { eventToWire } from "../transports/event-wire.ts";

/** Events of one answer at most: well below the limit of a message. */
const EVENTS_MAX = 2048;

/**
 * How long a question that waited for the first event waits for more to go along: a call makes two events here, and each
 * would else be answered, and asked for again, by itself, which costs several times what the call does.
 */
const GATHER_NS = 5e6;

/** The control of one house: its faults, its events, what it has open and knows. Never traced, never a fault point. */
export function createHouseControl(parts: {
  readonly engine: FaultEngine;
  readonly ring: EventRing;
  readonly clock: Clock;
  readonly eventsArrived: { wake(): void };
  readonly listFiles: () => readonly FileEntry[];
  readonly listTasks: () => readonly TaskEntry[];
  readonly listNetwork: () => PointValues["ctl_list_network"];
  readonly freezeStage: (forNs: number) => void;
}): Handlers<"any"> {
  const { engine, ring, clock } = parts;
  const waiting = new Set<() => void>();
  parts.eventsArrived.wake = () => {
    for (const wake of [...waiting]) wake();
  };

  /** The first event since everything was taken. */
  const firstEvent = (waitNs: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        timer.cancel();
        resolve();
      };
      const timer = clock.after(waitNs, wake);
      waiting.add(wake);
    });

  return {
    ctl_arm_fault: ({ rule }) => {
      const reason = rule === undefined ? "there is no rule in the request" : engine.arm(rule);
      return ok({ reason: reason ?? "" });
    },
    ctl_disarm_fault: ({ id }) => {
      const done = engine.disarm(id);
      return done.ok ? ok({}) : fail(done.errno);
    },
    ctl_list_faults: () => ok({ reports: engine.report() }),
    ctl_list_files: () => ok({ entries: parts.listFiles() }),
    ctl_list_tasks: () => ok({ entries: parts.listTasks() }),
    ctl_list_network: () => ok(parts.listNetwork()),
    ctl_freeze_stage({ for_ns }) {
      parts.freezeStage(for_ns);
      return ok({});
    },
    // A call is made as a task, and no house is one: only the control service of a kernel knows how.
    ctl_call: () => fail("EINVAL"),
    async ctl_take_events({ max, wait_ns }) {
      if (ring.waiting() === 0 && wait_ns > 0) {
        await firstEvent(wait_ns);
        if (ring.waiting() > 0) await clock.sleepNs(Math.min(wait_ns, GATHER_NS));
      }
      const events = ring.take(max === 0 ? EVENTS_MAX : Math.min(max, EVENTS_MAX));
      return ok({ events: events.map(eventToWire), dropped: ring.dropped() });
    },
  };
}
