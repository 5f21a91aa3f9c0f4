import type { Clock } from "../../abi/kit.ts";
import type { Bell, Ringer } from "./bell.shared.ts";

/** What rings and waits for a ring in mapped memory, where one bell wakes all of the process's links. */
export interface BellDoorbell {
  ring(word: number): void;
  /** One at a time may wait. */
  waitAsync(word: number, value: number, timeoutMs: number): Promise<boolean>;
  /** Nobody waits any more. */
  close(): void;
}

/**
 * A doorbell over the bell of a process.
 *
 * @param buffer the ring that we receive from; the wish in the word tells whether a ring of the bell was meant for it.
 * @param bell that of this process.
 * @param peer that of the process at the other end; undefined when it polls.
 */
export function bellDoorbell(buffer: ArrayBuffer, bell: Bell, peer: Ringer | undefined, clock: Clock): BellDoorbell {
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  let sleeper: { readonly word: number; readonly value: number; readonly wake: (inTime: boolean) => void } | undefined;
  const wake = (inTime: boolean): void => {
    const woken = sleeper;
    sleeper = undefined;
    woken?.wake(inTime);
  };
  const removeLook = bell.addLook(() => {
    if (sleeper !== undefined && Atomics.load(words, sleeper.word) !== sleeper.value) wake(true);
  });
  return {
    ring: () => peer?.ring(),
    waitAsync(word, value, timeoutMs) {
      if (Atomics.load(words, word) !== value) return Promise.resolve(true);
      return new Promise((resolve) => {
        const timer = clock.after(timeoutMs * 1e6, () => wake(false));
        sleeper = {
          word,
          value,
          wake(inTime) {
            timer.cancel();
            resolve(inTime);
          },
        };
      });
    },
    close() {
      removeLook();
      wake(false);
    },
  };
}
