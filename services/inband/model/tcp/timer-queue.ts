/** When something of an owner is due. Made by a queue, and known to its owner. */
export interface Deadline<T> {
  readonly owner: T;
  /** When it is due; Infinity when it is not. */
  readonly atNs: number;
}

interface Entry<T> {
  readonly owner: T;
  atNs: number;
  /** Of two that are due at the same time, that one first which was set first. */
  order: number;
  /** By what it is sorted: `atNs` and `order`, or what they were before they were moved further on. */
  keyNs: number;
  keyOrder: number;
  /** Place in the heap; -1 when it is not there. */
  index: number;
}

/**
 * The deadlines of many connections: a binary heap. What a segment costs does not grow with how many connections there are.
 *
 * Nearly every acknowledgement moves a timer further into the future, or stops it. That is only noted: the entry stays where it
 * is until it comes to the top, and is sorted anew then. So it costs nothing, and the answer to `nextNs` is exact all the same.
 */
export class TimerQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  /** Entries that the heap holds, those included that were stopped and have not come to the top yet. */
  get size(): number {
    return this.#heap.length;
  }

  /** A deadline that is not set. It costs nothing before it is. */
  deadline(owner: T): Deadline<T> {
    const entry: Entry<T> = { owner, atNs: Infinity, order: 0, keyNs: Infinity, keyOrder: 0, index: -1 };
    return entry;
  }

  /** Sets, moves or (Infinity) stops a deadline of this queue. */
  set(deadline: Deadline<T>, atNs: number): void {
    const entry: Entry<T> = deadline as Entry<T>;
    if (entry.atNs === atNs) return;
    entry.atNs = atNs;
    entry.order = ++this.#order;
    if (entry.index >= 0) {
      if (atNs >= entry.keyNs) return;
      sortByNow(entry);
      this.#up(entry, entry.index);
    } else if (atNs !== Infinity) {
      sortByNow(entry);
      this.#heap.push(entry);
      this.#up(entry, this.#heap.length - 1);
    }
  }

  /** Stops a deadline whose owner goes away, and forgets it. */
  remove(deadline: Deadline<T>): void {
    const entry: Entry<T> = deadline as Entry<T>;
    entry.atNs = Infinity;
    if (entry.index >= 0) this.#take(entry.index);
  }

  /** When the earliest deadline is due; undefined without any. */
  nextNs(): number | undefined {
    return this.#top()?.keyNs;
  }

  /**
   * Takes out the earliest deadline that is due, and stops it; those of the same time come in the order in which they were set.
   */
  due(nowNs: number): T | undefined {
    const top = this.#top();
    if (top === undefined || top.keyNs > nowNs) return undefined;
    top.atNs = Infinity;
    this.#take(0);
    return top.owner;
  }

  /** The earliest entry; what was moved or stopped meanwhile finds its place on the way. */
  #top(): Entry<T> | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || top.order === top.keyOrder) return top;
      if (top.atNs === Infinity) this.#take(0);
      else {
        sortByNow(top);
        this.#down(top, 0);
      }
    }
  }

  #take(index: number): void {
    const heap = this.#heap;
    const entry = heap[index];
    const last = heap.pop();
    if (entry === undefined || last === undefined) return;
    entry.index = -1;
    if (entry === last) return;
    this.#up(last, index);
    this.#down(last, last.index);
  }

  #up(entry: Entry<T>, from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const above = heap[(index - 1) >>> 1];
      if (above === undefined || !before(entry, above)) break;
      heap[index] = above;
      above.index = index;
      index = (index - 1) >>> 1;
    }
    heap[index] = entry;
    entry.index = index;
  }

  #down(entry: Entry<T>, from: number): void {
    const heap = this.#heap;
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, below)) {
        below = right;
        child++;
      }
      if (!before(below, entry)) break;
      heap[index] = below;
      below.index = index;
      index = child;
    }
    heap[index] = entry;
    entry.index = index;
  }
}

function sortByNow<T>(entry: Entry<T>): void {
  entry.keyNs = entry.atNs;
  entry.keyOrder = entry.order;
}

const before = <T>(a: Entry<T>, b: Entry<T>): boolean =>
  a.keyNs < b.keyNs || (a.keyNs === b.keyNs && a.keyOrder < b.keyOrder);
