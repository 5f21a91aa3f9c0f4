import { assert } from "../../abi/assert.ts";
import type { Doorbell } from "./doorbell.ts";
import { look } from "./protocol.shared.ts";

/** How an end waits when it has nothing to do. */
export interface Waiting {
  /**
   * Looks so often before it asks. A few hundred save many a sleep where both threads have a processor of their own; beside
   * other work, spinning takes the processor from whom it waits for, so it is short and never the whole policy.
   */
  readonly spins: number;
  /** Then sleeps at most so long. A bound, so that a peer that died and a signal that got lost are survived. */
  readonly sleepMs: number;
  /** Only the test that shows why one looks twice passes this: it sleeps without the second look. */
  readonly withoutSecondLook?: true;
}

/** What an end does around its sleep. Who sleeps in another way than `Sleeps` calls these itself, in this order. */
export interface Sleeper {
  /** Asks for a signal when so much is there: 1 and more, up to the capacity. */
  ask(amount?: number): void;
  /** The second look: whether what was asked for is there, or never will be because the other end has closed. */
  again(): boolean;
  /** Takes the wish back; false when the other end has taken it already, so that a signal may be on its way. */
  withdraw(): boolean;
}

/** How an end sleeps, on a doorbell that lets it. */
export interface Sleeps {
  /**
   * Blocks the thread until what is waited for is there: looks, asks, looks again, sleeps.
   *
   * @returns whether it is there, or the other end has closed; false after the time, or after a wake-up for nothing.
   */
  sleep(waiting: Waiting, amount?: number): boolean;
  /** The same without blocking the thread (it still spins as often as `waiting` says). */
  sleepAsync(waiting: Waiting, amount?: number): Promise<boolean>;
}

/** What a sleep counts. */
export interface SleepCounts {
  /** Slept. */
  sleeps: number;
  /** Slept until the time was over although there was something to do: a signal was not made, or was lost. */
  missed_signals: number;
}

/**
 * The story of a sleep, the same for both ends.
 *
 * @param there whether so much is there, or the other end has closed.
 */
export function createSleeps(
  end: Sleeper,
  there: (amount: number) => boolean,
  words: Int32Array,
  wishWord: number,
  doorbell: Doorbell,
  counts: SleepCounts,
): Sleeps {
  /** True: there is something to do, or to sleep on is nothing. */
  function prepare({ spins, withoutSecondLook }: Waiting, amount: number): boolean {
    for (let spin = 0; spin < spins; spin++) if (there(amount)) return true;
    end.ask(amount);
    if (withoutSecondLook === true || !end.again()) return false;
    end.withdraw();
    return true;
  }

  function finish(inTime: boolean): boolean {
    counts.sleeps++;
    end.withdraw();
    const ready = end.again();
    if (ready && !inTime) counts.missed_signals++;
    return ready;
  }

  return {
    sleep(waiting, amount = 1) {
      assert(doorbell.wait !== undefined, "who sleeps has a doorbell that may block the thread");
      if (prepare(waiting, amount)) return true;
      return finish(doorbell.wait(wishWord, amount, waiting.sleepMs));
    },
    async sleepAsync(waiting, amount = 1) {
      assert(doorbell.waitAsync !== undefined, "who sleeps has a doorbell that wakes without blocking");
      if (prepare(waiting, amount)) return true;
      return finish(await doorbell.waitAsync(wishWord, amount, waiting.sleepMs));
    },
  };
}

/** Whether an end has said that it will not come back. */
export const isClosed = (words: Int32Array, word: number): boolean => look(words, word) !== 0;
