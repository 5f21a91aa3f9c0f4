interface Place<W> {
  readonly waiter: W;
  readonly priority: number;
}

/**
 * Who waits for something that threads share: the highest priority first, then who came first (EVL_WAIT_PRIO; facts/dovetail
 * 6.7). `W` is a waiter.
 */
export class PriorityQueue<W> {
  #places: Place<W>[] = [];

  get size(): number {
    return this.#places.length;
  }

  /** The first of them, who stays. */
  get first(): W | undefined {
    return this.#places[0]?.waiter;
  }

  add(waiter: W, priority: number): void {
    const behind = this.#places.findIndex((place) => place.priority < priority);
    this.#places.splice(behind < 0 ? this.#places.length : behind, 0, { waiter, priority });
  }

  /** Somebody waits no longer; who does not wait is left alone. */
  leave(waiter: W): void {
    this.#places = this.#places.filter((place) => place.waiter !== waiter);
  }

  /** All of them, in the order in which they are served. */
  waiting(): readonly W[] {
    return this.#places.map(({ waiter }) => waiter);
  }
}
