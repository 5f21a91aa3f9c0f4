import type { Context } from "../../abi/context.ts";
import { assert } from "../../abi/assert.ts";

/**
 * The buffer that a frame came in. Its clones share it, and the pieces of a datagram keep one each until the datagram has been
 * received: it is free when the last of them is done with it (skb_oob_clone, free_skb_oob in EVL; facts/dovetail 5.5).
 */
export class RxBuffer {
  #shares = 1;
  readonly #free: (context: Context) => void;

  constructor(free: (context: Context) => void) {
    this.#free = free;
  }

  /** One more has it. */
  share(): void {
    assert(this.#shares > 0, "nobody shares a buffer that is free");
    this.#shares += 1;
  }

  /** One of them is done with it. */
  done(context: Context): void {
    assert(this.#shares > 0, "a buffer is freed once");
    this.#shares -= 1;
    if (this.#shares === 0) this.#free(context);
  }
}
