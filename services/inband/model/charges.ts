import { assert } from "../../abi/assert.ts";

/** Packets on their way that are charged to the socket that sent them (`sk_wmem_alloc`, counted in packets). */
export class Charges {
  readonly #bySk = new Map<number, number>();

  of(sk: number): number {
    return this.#bySk.get(sk) ?? 0;
  }

  /** A packet of the socket sets out. */
  charge(sk: number): void {
    this.#bySk.set(sk, this.of(sk) + 1);
  }

  /** A packet was sent or dropped. True: it was the socket's last. */
  uncharge(sk: number): boolean {
    const left = this.of(sk) - 1;
    assert(left >= 0, "a packet is uncharged once");
    if (left > 0) this.#bySk.set(sk, left);
    else this.#bySk.delete(sk);
    return left === 0;
  }
}
