import { assert } from "../../abi/assert.ts";

/**
 * Lets one party wait until nobody is inside any more (evl_crossing in EVL; facts/dovetail 4.2).
 *
 * The count starts at 1, which is the passer's own share. Whoever brings it to 0 completes the crossing:
 *
 *     1 ──down──▶ 2 ──down──▶ 3 ──pass──▶ 2 ──up──▶ 1 ──up──▶ 0: passed
 *
 * A crossing is passed once; EVL would have to initialise it again. That no `down` starts after `pass` is the caller's
 * duty, because the count alone cannot tell a late one from one that was inside all the time.
 */
export class Crossing {
  #count = 1;
  #passing = false;

  /** How many are inside. */
  get inside(): number {
    return this.#passing ? this.#count : this.#count - 1;
  }

  /** Somebody enters. */
  down(): void {
    assert(!this.#passing, "nobody enters a crossing that is being passed");
    this.#count += 1;
  }

  /** Somebody leaves. Answers whether this completed a pass: the passer must be woken then. */
  up(): boolean {
    assert(this.inside > 0, "only who is inside can leave");
    this.#count -= 1;
    return this.#count === 0;
  }

  /** Begins to pass. Answers whether it is passed at once; if not, the last `up` completes it. */
  pass(): boolean {
    assert(!this.#passing, "a crossing is passed once");
    this.#passing = true;
    this.#count -= 1;
    return this.#count === 0;
  }
}
