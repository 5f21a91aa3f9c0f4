import { assert } from "../../abi/assert.ts";
import { PriorityQueue } from "./priority-queue.ts";

/** A sender that waits for room, and how much it wants to hand over. */
interface Waiting<W> {
  readonly sender: W;
  readonly bytes: number;
}

/**
 * The bytes that one socket has handed over and that no device has yet, and the senders that wait for room. `W` is a sender.
 *
 * As with receiving there is room while less than the limit is charged: the last one may overshoot. Room that becomes free is
 * charged to the first who waits, in the same step, so that nobody gets ahead of a thread of the same priority or a higher one
 * (facts/dovetail 6.7).
 */
export class WriteRoom<W> {
  #limit: number;
  #charged = 0;
  readonly #waiters = new PriorityQueue<Waiting<W>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A limit of 0 is none. */
  get hasRoom(): boolean {
    return this.#limit === 0 || this.#charged < this.#limit;
  }

  get charged(): number {
    return this.#charged;
  }

  charge(bytes: number): void {
    this.#charged += bytes;
  }

  /** Something was sent, or given up. Answers who has room now, and must be woken: they are charged already. */
  uncharge(bytes: number): readonly W[] {
    assert(bytes <= this.#charged, "only what was charged is given back");
    this.#charged -= bytes;
    return this.#grant();
  }

  /** There is more room from now on, or less. Answers who has some now, as above. */
  limit(bytes: number): readonly W[] {
    this.#limit = bytes;
    return this.#grant();
  }

  wait(sender: W, bytes: number, priority: number): void {
    assert(!this.hasRoom, "nobody waits while there is room");
    this.#waiters.add({ sender, bytes }, priority);
  }

  leave(sender: W): void {
    for (const place of this.#waiters.waiting()) if (place.sender === sender) this.#waiters.leave(place);
  }

  waiting(): readonly W[] {
    return this.#waiters.waiting().map(({ sender }) => sender);
  }

  #grant(): readonly W[] {
    const granted: W[] = [];
    for (let next = this.#waiters.first; next !== undefined && this.hasRoom; next = this.#waiters.first) {
      this.#waiters.leave(next);
      this.charge(next.bytes);
      granted.push(next.sender);
    }
    return granted;
  }
}
