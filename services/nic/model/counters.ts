/** How often something happened, by its name, in the order in which the names first came up. */
export class Counters {
  readonly #counts = new Map<string, number>();

  /** It happened once more. */
  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** How often so far. */
  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** All that happened at all. */
  entries(): [name: string, count: number][] {
    return [...this.#counts];
  }
}
