import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";

/**
 * The threads that are attached to the core, and what each of them sleeps on. `S` is a sleep.
 *
 * A task is one thread here. A real thread is inside one call at a time; a scenario may run two calls of one task side by
 * side, so a thread can have several sleeps.
 */
export class Threads<S> {
  readonly #attached = new Map<string, { readonly priority: number; readonly sleeps: Set<S> }>();

  isAttached(task: string): boolean {
    return this.#attached.has(task);
  }

  /** All of them, in the order in which they were attached. */
  tasks(): readonly string[] {
    return [...this.#attached.keys()];
  }

  /** SCHED_FIFO's priority, from 1 to 99; 0: SCHED_WEAK, or not attached. Waiters of a higher one are served first. */
  priorityOf(task: string): number {
    return this.#attached.get(task)?.priority ?? 0;
  }

  attach(task: string, priority: number): Result<void, "EBUSY"> {
    if (this.isAttached(task)) return fail("EBUSY");
    this.#attached.set(task, { priority, sleeps: new Set() });
    return ok(undefined);
  }

  /** Detaches a thread, and answers what it was asleep on: the caller ends these, or they would last for ever. */
  detach(task: string): Result<readonly S[], "EPERM"> {
    const thread = this.#attached.get(task);
    if (thread === undefined) return fail("EPERM");
    this.#attached.delete(task);
    return ok([...thread.sleeps]);
  }

  fallsAsleep(task: string, sleep: S): void {
    const thread = this.#attached.get(task);
    assert(thread !== undefined, "only attached threads sleep in the core");
    thread.sleeps.add(sleep);
  }

  /** A sleep has ended. Its thread may have been detached by what ended it. */
  wakes(task: string, sleep: S): void {
    this.#attached.get(task)?.sleeps.delete(sleep);
  }
}
