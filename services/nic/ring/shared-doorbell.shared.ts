import { assert } from "../../abi/assert.ts";
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
 */
export function sharedDoorbell(buffer: SharedArrayBuffer, hold: () => () => void = () => () => undefined): Doorbell {
  const words = new Int32Array(buffer);
  return {
    ring(word) {
      Atomics.notify(words, word);
    },
    wait: (word, value, timeoutMs) => Atomics.wait(words, word, value, timeoutMs) !== "timed-out",
    async waitAsync(word, value, timeoutMs) {
      const atomics: WithWaitAsync = Atomics;
      assert(atomics.waitAsync !== undefined, "this Node has Atomics.waitAsync");
      const waiting = atomics.waitAsync(words, word, value, timeoutMs);
      if (!waiting.async) return waiting.value !== "timed-out";
      const letGo = hold();
      try {
        return (await waiting.value) !== "timed-out";
      } finally {
        letGo();
      }
    },
  };
}
