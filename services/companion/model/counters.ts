/** How often something happened somewhere. */
interface Count {
  readonly where: string;
  readonly name: string;
  count: number;
}

/** Counts by device and word, in the order in which they first happened. */
export class Counters {
  readonly #counts = new Map<string, Count>();

  add(where: string, name: string): void {
    const key = `${where} ${name}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { where, name, count: 1 });
    else known.count += 1;
  }

  entries(): readonly Readonly<Count>[] {
    return [...this.#counts.values()].map((count) => ({ ...count }));
  }
}
