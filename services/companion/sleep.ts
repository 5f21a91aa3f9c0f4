import { assert } from "../abi/assert.ts";
import type { Context } from "../abi/context.ts";
import type { Errno } from "../abi/contract.generated.ts";
import type { EventArgs, EventLog, Slice } from "../abi/event.ts";
import { fail, type Result } from "../abi/result.ts";
import type { SleepsOn } from "./model/threads.ts";

/** What every sleep has in common: it ends when its thread is detached. */
export interface Interruptible {
  /** Ends the sleep with EINTR. */
  interrupt(waker: Context): void;
}

/** A thread asleep inside the core. */
export interface Sleep<T, E extends Errno> extends Interruptible {
  readonly woken: Promise<Result<T, E | "EINTR">>;
  /** Ends the sleep, once. */
  wake(waker: Context, outcome: Result<T, E | "EINTR">): void;
}

/** Those of whom it is known what they sleep on: the threads of the core, or in-band tasks. */
interface Sleepers {
  fallsAsleep(task: string, sleep: Interruptible, on: SleepsOn): void;
  wakes(task: string, sleep: Interruptible): void;
}

/** How a thread sleeps. */
export interface Bed<T, E extends Errno> {
  readonly context: Context;
  /** The descriptor it sleeps on. */
  readonly slice: Slice;
  /** The names of the two facts: it fell asleep, it was woken. */
  readonly facts: readonly [asleep: string, awake: string];
  /** What both facts tell besides, such as the priority that counts in the queue. */
  readonly always?: EventArgs;
  /** What the first fact tells besides. */
  readonly awaits: EventArgs;
  /** What the second one tells of a success; of a refusal it tells the errno. */
  readonly tells: (value: T) => EventArgs;
  /** Takes the sleep out of the queues it stands in, before anybody can serve it once more. */
  readonly leave: (sleep: Sleep<T, E>) => void;
}

/**
 * Puts the current thread to sleep; the caller puts the answer into a queue and waits for `woken`.
 *
 * Every sleep ends with exactly one second fact, recorded where the waker stands, and is forgotten in the same moment: a
 * queue never holds one that is over, so nothing is handed to a thread that has left.
 */
export function fallAsleep<T, E extends Errno>(events: EventLog, sleepers: Sleepers, bed: Bed<T, E>): Sleep<T, E> {
  const { task } = bed.context;
  const slice = { ...bed.slice, task };
  const [asleep, awake] = bed.facts;
  let settle: ((outcome: Result<T, E | "EINTR">) => void) | undefined;
  const woken = new Promise<Result<T, E | "EINTR">>((resolve) => {
    settle = resolve;
  });
  const sleep: Sleep<T, E> = {
    woken,
    wake(waker, outcome) {
      const end = settle;
      assert(end !== undefined, "a sleep that is over stands in no queue");
      settle = undefined;
      sleepers.wakes(task, sleep);
      bed.leave(sleep);
      const told = outcome.ok ? bed.tells(outcome.value) : { errno: outcome.errno };
      events.fact(waker, awake, slice, { ...bed.always, ...told });
      end(outcome);
    },
    interrupt: (waker) => sleep.wake(waker, fail("EINTR")),
  };
  sleepers.fallsAsleep(task, sleep, { waits: asleep, slice: bed.slice });
  events.fact(bed.context, asleep, slice, { ...bed.always, ...bed.awaits });
  return sleep;
}
