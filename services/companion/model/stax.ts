import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Stage } from "../../abi/contract.generated.ts";
import type { Result } from "../../abi/result.ts";

/** A stage that work is on. */
export type Side = Extract<Stage, "inband" | "oob">;

/** A stage-exclusion lock as drivers use it. It must not be held on return to user space: a call locks and unlocks inside. */
export interface StaxLock {
  /** Either stage, waits (evl_lock_stax). EINTR: the task exits, or its thread was detached. */
  lock(context: Context): Promise<Result<void, "EINTR">>;
  /** Either stage, never waits (evl_trylock_stax). EAGAIN: the other stage holds it, or waits for it. */
  tryLock(context: Context): Result<void, "EAGAIN">;
  /** Either stage, never waits (evl_unlock_stax). */
  unlock(context: Context): void;
}

/**
 * A stage-exclusion lock: any number of holders from one stage, none from the other (facts/dovetail 4.4). `W` is a waiter.
 *
 * EVL states no rule about starvation; this is ours. As long as nobody waits, everybody of the holding stage may enter. Once
 * somebody of the other stage waits, nobody new enters: those inside leave, the last of them lets in all who wait on the other
 * side, in the order in which they came, and so to and fro. So each stage waits for one batch of the other at most.
 *
 *     free ──lock oob──▶ oob: 1 ──lock oob──▶ oob: 2 ──lock inband──▶ oob: 2, inband waits ──lock oob──▶ … and oob waits
 *                                                                          │ unlock, unlock
 *                                                                          ▼
 *                                                                     inband: 1, oob waits
 */
export class Stax<W> {
  #side: Side = "inband";
  #holders = 0;
  readonly #waiting: Readonly<Record<Side, Set<W>>> = { inband: new Set(), oob: new Set() };

  /** How many hold it. */
  get holders(): number {
    return this.#holders;
  }

  /** Takes it, if it can be had at once. */
  tryLock(side: Side): boolean {
    if (!this.#mayEnter(side)) return false;
    this.#side = side;
    this.#holders += 1;
    return true;
  }

  /** Stands in line for it. Whoever ends that, by `unlock` or `leave`, is answered that the waiter holds it from then on. */
  wait(side: Side, waiter: W): void {
    assert(!this.#mayEnter(side), "only who cannot have the lock waits for it");
    this.#waiting[side].add(waiter);
  }

  /** A holder leaves. Answers the waiters that hold it from now on. */
  unlock(side: Side): readonly W[] {
    assert(this.#holders > 0 && this.#side === side, "only who holds a lock gives it back");
    this.#holders -= 1;
    if (this.#holders > 0) return [];
    const other = side === "oob" ? "inband" : "oob";
    return this.#admit(this.#waiting[other].size > 0 ? other : side);
  }

  /** A waiter gives up. Answers those who stood behind it for no other reason, and hold the lock from now on. */
  leave(waiter: W): readonly W[] {
    for (const side of ["inband", "oob"] as const) this.#waiting[side].delete(waiter);
    return this.#holders > 0 && this.#mayEnter(this.#side) ? this.#admit(this.#side) : [];
  }

  /** Whether work of this stage may enter: nobody of the other one is inside, or waits. */
  #mayEnter(side: Side): boolean {
    const other = side === "oob" ? "inband" : "oob";
    return (this.#holders === 0 || this.#side === side) && this.#waiting[other].size === 0;
  }

  #admit(side: Side): readonly W[] {
    const admitted = [...this.#waiting[side]];
    this.#waiting[side].clear();
    if (admitted.length > 0) this.#side = side;
    this.#holders += admitted.length;
    return admitted;
  }
}
