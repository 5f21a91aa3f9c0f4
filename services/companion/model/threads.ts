import { assert } from "../../abi/assert.ts";
import type { Stage } from "../../abi/contract.generated.ts";
import type { Slice } from "../../abi/event.ts";
import { fail, ok, type Result } from "../../abi/result.ts";

/** What a thread sleeps on: the name of the fact that told it, and the descriptor. */
export interface SleepsOn {
  readonly waits: string;
  readonly slice: Slice;
}

/** A thread that is attached to the core. Only Threads changes it. */
export interface Thread {
  readonly task: string;
  /** SCHED_FIFO's priority, from 1 to 99; 0: SCHED_WEAK. */
  readonly priority: number;
  /** Of what it wants to be told by SIGDEBUG: the bits of EVL_T. */
  readonly mode: number;
  /** A signal waits for it, which it takes in-band. */
  readonly signalled: boolean;
  /** The stage that it is on. It begins in-band: who attaches a thread calls from there. */
  readonly stage: Extract<Stage, "inband" | "oob">;
  /** How often it has come back to the in-band stage since it was attached. */
  readonly inbandSwitches: number;
  /** How many out-of-band calls it has made since then. */
  readonly oobCalls: number;
}

type Attached<S> = { -readonly [K in keyof Thread]: Thread[K] } & { readonly sleeps: Map<S, SleepsOn> };

/**
 * The threads that are attached to the core, the stage of each, and what it sleeps on. `S` is a sleep.
 *
 * A task is one thread here. A real thread is inside one call at a time; a scenario may run two calls of one task side by
 * side, so a thread can have several sleeps.
 */
export class Threads<S> {
  readonly #attached = new Map<string, Attached<S>>();

  isAttached(task: string): boolean {
    return this.#attached.has(task);
  }

  find(task: string): Thread | undefined {
    return this.#attached.get(task);
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
    const begins = { mode: 0, signalled: false, stage: "inband", inbandSwitches: 0, oobCalls: 0 } as const;
    this.#attached.set(task, { task, priority, ...begins, sleeps: new Map() });
    return ok(undefined);
  }

  /** Detaches a thread, and answers what it was asleep on: the caller ends these, or they would last for ever. */
  detach(task: string): Result<readonly S[], "EPERM"> {
    const thread = this.#attached.get(task);
    if (thread === undefined) return fail("EPERM");
    this.#attached.delete(task);
    return ok([...thread.sleeps.keys()]);
  }

  /** A thread begins an out-of-band call. It may have been detached meanwhile. */
  callsOob(task: string): void {
    const thread = this.#attached.get(task);
    if (thread !== undefined) thread.oobCalls += 1;
  }

  /** A thread goes on the out-of-band stage. */
  goesOob(task: string): void {
    const thread = this.#own(task);
    assert(thread.stage === "inband", "a thread goes out-of-band from the in-band stage");
    thread.stage = "oob";
  }

  /** A thread comes back to the in-band stage. Answers how often it has done so. */
  goesInband(task: string): number {
    const thread = this.#own(task);
    assert(thread.stage === "oob", "a thread comes back in-band from the out-of-band stage");
    thread.stage = "inband";
    thread.signalled = false;
    thread.inbandSwitches += 1;
    return thread.inbandSwitches;
  }

  /** Says of what a thread wants to be told. EPERM: it is not attached. */
  setMode(task: string, mode: number): Result<void, "EPERM"> {
    const thread = this.#attached.get(task);
    if (thread === undefined) return fail("EPERM");
    thread.mode = mode;
    return ok(undefined);
  }

  /** Whether a thread wants to be told of something. */
  hasMode(task: string, bit: number): boolean {
    return ((this.#attached.get(task)?.mode ?? 0) & bit) !== 0;
  }

  /** Sends a signal to a thread: when its call has ended it goes in-band to take it. */
  signal(task: string): void {
    this.#own(task).signalled = true;
  }

  fallsAsleep(task: string, sleep: S, on: SleepsOn): void {
    this.#own(task).sleeps.set(sleep, on);
  }

  /** A sleep has ended. Its thread may have been detached by what ended it. */
  wakes(task: string, sleep: S): void {
    this.#attached.get(task)?.sleeps.delete(sleep);
  }

  /** What a thread sleeps on, oldest first. */
  sleepsOf(task: string): readonly SleepsOn[] {
    return [...(this.#attached.get(task)?.sleeps.values() ?? [])];
  }

  #own(task: string): Attached<S> {
    const thread = this.#attached.get(task);
    assert(thread !== undefined, "only attached threads sleep in the core, and change their stage");
    return thread;
  }
}
