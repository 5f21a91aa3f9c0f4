import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";

/**
 * The threads that are attached to the core, and what each of them sleeps on. `S` is a sleep.
 *
 * A task is one thread here. A real thread is inside one call at a time; a scenario may run two calls of one task side by
 * side, so a thread can have several sleeps.
 */
export class Threads<S> {
  readonly #attached = new Map<string, Set<S>>();

  isAttached(task: string): boolean {
    return this.#attached.has(task);
  }

  /** All of them, in the order in which they were attached. */
  tasks(): readonly string[] {
    return [...this.#attached.keys()];
  }

  attach(task: string): Result<void, "EBUSY"> {
    if (this.isAttached(task)) return fail("EBUSY");
    this.#attached.set(task, new Set());
    return ok(undefined);
  }

  /** Detaches a thread, and answers what it was asleep on: the caller ends these, or they would last for ever. */
  detach(task: string): Result<readonly S[], "EPERM"> {
    const sleeps = this.#attached.get(task);
    if (sleeps === undefined) return fail("EPERM");
    this.#attached.delete(task);
    return ok([...sleeps]);
  }

  fallsAsleep(task: string, sleep: S): void {
    const sleeps = this.#attached.get(task);
    assert(sleeps !== undefined, "only attached threads sleep in the core");
    sleeps.add(sleep);
  }

  /** A sleep has ended. Its thread may have been detached by what ended it. */
  wakes(task: string, sleep: S): void {
    this.#attached.get(task)?.delete(sleep);
  }
}
