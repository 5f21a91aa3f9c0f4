/** The in-band tasks that sleep in the core, which need not be threads of it. `S` is a sleep. */
export class InbandSleepers<S> {
  readonly #sleeps = new Map<string, Set<S>>();

  fallsAsleep(task: string, sleep: S): void {
    const sleeps = this.#sleeps.get(task) ?? new Set();
    this.#sleeps.set(task, sleeps.add(sleep));
  }

  wakes(task: string, sleep: S): void {
    const sleeps = this.#sleeps.get(task);
    sleeps?.delete(sleep);
    if (sleeps?.size === 0) this.#sleeps.delete(task);
  }

  /** What a task sleeps on, oldest first. */
  of(task: string): readonly S[] {
    return [...(this.#sleeps.get(task) ?? [])];
  }

  /** What all of them sleep on. */
  all(): readonly S[] {
    return [...this.#sleeps.values()].flatMap((sleeps) => [...sleeps]);
  }
}
