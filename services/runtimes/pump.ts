import type { TraceEvent } from "../abi/event.ts";
import type { Clock } from "../abi/kit.ts";
import type { EventRing } from "../boundary/events/ring.ts";
import { eventFromWire } from "../transports/event-wire.ts";
import { control } from "./control.ts";
import type { HouseLink } from "./world-over.ts";

/** Brings the events of houses in other threads and processes to the lab. */
export interface EventPump {
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  /** Resolves once all that was recorded so far has been handed over. */
  settle(): Promise<void>;
  dropped(): Promise<number>;
  /** Takes what one house has, before it is killed: what is not taken by then dies with it. */
  drain(house: HouseLink): Promise<void>;
  stop(): void;
}

/** How long one question for events waits for the first one. */
const WAIT_NS = 1e9;
/** How long the events of this thread wait for others to be handed over with. */
const GATHER_NS = 5e6;
/** How long to leave a house alone that does not answer. */
const RETRY_NS = 200e6;

/**
 * Asks each house for its events, again and again, from the first listener on; the question waits in the house, so that an
 * idle world costs nothing. Events of one house arrive in its order; between houses `lamport` decides, not arrival.
 *
 * @param ring the ring of this thread, which holds the events of the tasks of all nodes.
 */
export function createEventPump(
  controls: readonly HouseLink[],
  ring: EventRing,
  clock: Clock,
): EventPump & { readonly arrived: () => void } {
  const listeners = new Set<(events: readonly TraceEvent[]) => void>();
  const droppedBy = new Map<HouseLink, number>();
  let running = false;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let scheduled = false;

  const hand = (events: readonly TraceEvent[]): void => {
    if (events.length > 0) for (const listener of listeners) listener(events);
  };
  const own = (): void => {
    scheduled = false;
    if (listeners.size > 0) hand(ring.take(Infinity));
  };

  /** Takes what a house has; answers how many there were, undefined when the house does not answer. */
  async function take(house: HouseLink, waitNs: number): Promise<number | undefined> {
    const reply = await control(house.transport, "ctl_take_events", { max: 0, wait_ns: waitNs });
    if (reply.kind !== "returned") return undefined;
    droppedBy.set(house, reply.value.dropped);
    hand(reply.value.events.flatMap((event) => eventFromWire(event) ?? []));
    return reply.value.events.length;
  }

  async function follow(house: HouseLink): Promise<void> {
    while (!isStopped()) {
      const count = await take(house, WAIT_NS);
      if (count === undefined && !isStopped()) await clock.sleepNs(RETRY_NS);
    }
  }

  const drain = async (house: HouseLink): Promise<void> => {
    for (;;) {
      const count = await take(house, 0);
      if (count === undefined || count === 0) break;
    }
  };

  return {
    arrived() {
      if (scheduled) return;
      scheduled = true;
      void clock.sleepNs(GATHER_NS).then(own);
    },
    onEvents(listener) {
      listeners.add(listener);
      if (!running) {
        running = true;
        for (const house of controls) void follow(house);
      }
      return () => listeners.delete(listener);
    },
    async settle() {
      own();
      await Promise.all(controls.map(drain));
      own();
    },
    async drain(house) {
      if (listeners.size > 0) await drain(house);
    },
    dropped: () => Promise.resolve(ring.dropped() + [...droppedBy.values()].reduce((sum, n) => sum + n, 0)),
    stop() {
      stopped = true;
    },
  };
}
