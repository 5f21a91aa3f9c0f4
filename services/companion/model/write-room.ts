import { assert } from "../../abi/assert.ts";

/**
 * The bytes that one socket has handed over and that nobody has sent yet, and the senders that wait for room. `W` is a sender.
 * As with receiving there is room while less than the limit is charged (facts/dovetail 6.7).
 */
export class WriteRoom<W> {
  readonly #limit: number;
  #charged = 0;
  #waiting: W[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get hasRoom(): boolean {
    return this.#charged < this.#limit;
  }

  charge(bytes: number): void {
    this.#charged += bytes;
  }

  /** Something was sent. Answers who waits: they may look again, in their order. */
  uncharge(bytes: number): readonly W[] {
    assert(bytes <= this.#charged, "only what was charged is given back");
    this.#charged -= bytes;
    return this.hasRoom ? this.waiting() : [];
  }

  wait(sender: W): void {
    this.#waiting.push(sender);
  }

  leave(sender: W): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== sender);
  }

  waiting(): readonly W[] {
    return [...this.#waiting];
  }
}
