/** What shall happen when, in virtual time; things of one instant happen in the order in which they were put down. */
export class Agenda {
  nowNs = 0;
  readonly #items: { readonly atNs: number; readonly act: () => void }[] = [];
  #head = 0;

  /** Puts something down; what lies in the past happens now. */
  at(atNs: number, act: () => void): void {
    const items = this.#items;
    const item = { atNs: Math.max(atNs, this.nowNs), act };
    // Most things are put down in their order: the place is near the end.
    let place = items.length;
    while (place > this.#head && (items[place - 1]?.atNs ?? 0) > item.atNs) place--;
    if (place === items.length) items.push(item);
    else items.splice(place, 0, item);
  }

  /** When the next thing happens. */
  get nextAtNs(): number | undefined {
    return this.#items[this.#head]?.atNs;
  }

  /** Lets the next thing happen. */
  step(): void {
    const item = this.#items[this.#head];
    if (item === undefined) return;
    this.#head++;
    if (this.#head > 1000) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    this.nowNs = item.atNs;
    item.act();
  }
}
