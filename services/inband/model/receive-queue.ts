/** What one item costs beside its bytes; Linux charges the whole sk_buff, some 768 bytes for the smallest. */
const ITEM_OVERHEAD = 256;

/** Linux's `rmem_default`. */
export const RCVBUF_DEFAULT = 212_992;

/** What waits to be received by one socket, bounded by bytes; what does not fit is counted and gone. */
export class ReceiveQueue<T> {
  /** SO_RCVBUF. */
  rcvbuf: number;
  /** How many did not fit: what SO_RXQ_OVFL and PACKET_STATISTICS tell. */
  drops = 0;
  readonly #items: { readonly item: T; readonly cost: number }[] = [];
  readonly #overhead: number;
  #bytes = 0;

  /** @param overhead what an item costs beside its bytes; illumos charges nothing, and an empty item costs a byte then. */
  constructor(rcvbuf: number, overhead = ITEM_OVERHEAD) {
    this.rcvbuf = rcvbuf;
    this.#overhead = overhead;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Bytes charged. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Queues an item. As in Linux one may overshoot: there is room as long as less than `rcvbuf` is charged. */
  push(item: T, bytes: number): boolean {
    if (this.#bytes >= this.rcvbuf) {
      this.drops++;
      return false;
    }
    const cost = Math.max(1, bytes + this.#overhead);
    this.#items.push({ item, cost });
    this.#bytes += cost;
    return true;
  }

  /** The oldest item, which stays. */
  peek(): T | undefined {
    return this.#items[0]?.item;
  }

  /** The item that came last. */
  newest(): T | undefined {
    return this.#items.at(-1)?.item;
  }

  /** Takes the oldest item. */
  shift(): T | undefined {
    const first = this.#items.shift();
    this.#bytes -= first?.cost ?? 0;
    return first?.item;
  }
}
