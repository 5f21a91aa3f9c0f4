import { WORD } from "./layout.ts";

/** What wakes a sleeper, and what it sleeps on; the storage decides. Words are those of the layout. */
export interface Doorbell {
  /** Wakes whoever sleeps on that word. Costs nothing worth saving when nobody does: it is only rung for a wish. */
  ring(word: number): void;
  /** A signal was due on that word and got lost. Only for who sleeps without a bound of its own. */
  lost?(word: number): void;
  /**
   * Blocks the thread while the word holds this value; false when the time has passed. Absent where no thread may block.
   * It may return early without a reason.
   */
  wait?(word: number, value: number, timeoutMs: number): boolean;
  /** The same without blocking the thread. */
  waitAsync?(word: number, value: number, timeoutMs: number): Promise<boolean>;
}

/** Who is told, where both ends live in one thread. */
export interface Callbacks {
  /** The consumer had asked, and there are frames now. */
  data(): void;
  /** The producer had asked, and there is room now. */
  room(): void;
}

/**
 * For plain memory: nobody sleeps, a callback is made instead. It is made inside `flush`, `release` or `close` of the other
 * end, when these have done their work; it should note that there is something to do rather than do it.
 */
export const callbackDoorbell = (callbacks: Callbacks): Doorbell => ({
  ring: (word) => (word === WORD.dataWish ? callbacks.data() : callbacks.room()),
});
