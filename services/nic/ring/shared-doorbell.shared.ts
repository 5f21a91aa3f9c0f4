import { assert } from "../../abi/assert.ts";
import type { Clock } from "../../abi/kit.ts";
import type { Doorbell } from "./doorbell.ts";

/** What this library's types do not know yet (ES2024). */
type WithWaitAsync = typeof Atomics & {
  waitAsync?(
    words: Int32Array,
    word: number,
    value: number,
    timeoutMs: number,
  ): { readonly async: boolean; readonly value: string | Promise<string> };
};

/**
 * For a SharedArrayBuffer between threads.
 *
 * @param hold keeps the event loop alive until what it returns is called. Needed by `waitAsync` alone: a loop that has
 *   nothing else ends, although somebody waits (Node #44729). Left out, the thread must have an open port or a timer.
 * @param clock ends sleeps whose time is over. Left out, `waitAsync` does so itself, for which Node posts a task and arms a timer
 *   of its own that stays until it fires, each time that anybody sleeps: at thousands of sleeps a second that is what they cost.
 */
export function sharedDoorbell(
  buffer: SharedArrayBuffer,
  hold: () => () => void = () => () => undefined,
  clock?: Pick<Clock, "after">,
): Doorbell {
  const words = new Int32Array(buffer);

  /** Whether somebody rang before the time was over; then the sleeper wakes itself, and nobody else sleeps on the word. */
  async function inTime(
    { after }: Pick<Clock, "after">,
    word: number,
    rung: string | Promise<string>,
    timeoutMs: number,
  ): Promise<boolean> {
    let late = false;
    const timer = after(timeoutMs * 1e6, () => (late = Atomics.notify(words, word) > 0));
    await rung;
    timer.cancel();
    return !late;
  }

  return {
    ring(word) {
      Atomics.notify(words, word);
    },
    wait: (word, value, timeoutMs) => Atomics.wait(words, word, value, timeoutMs) !== "timed-out",
    async waitAsync(word, value, timeoutMs) {
      const atomics: WithWaitAsync = Atomics;
      assert(atomics.waitAsync !== undefined, "this Node has Atomics.waitAsync");
      const waiting = atomics.waitAsync(words, word, value, clock === undefined ? timeoutMs : Infinity);
      if (!waiting.async) return waiting.value !== "timed-out";
      if (clock !== undefined) return inTime(clock, word, waiting.value, timeoutMs);
      const letGo = hold();
      try {
        return (await waiting.value) !== "timed-out";
      } finally {
        letGo();
      }
    },
  };
}
