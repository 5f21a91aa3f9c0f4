import type { Context } from "../abi/context.ts";
import { assert } from "../abi/assert.ts";
import type { EventLog } from "../abi/event.ts";
import { classOf } from "../abi/lock-class.ts";
import { fail, ok, type Result } from "../abi/result.ts";

/** A lock that is held: the context to go on in, and the way to let go. */
export interface Held {
  readonly context: Context;
  release(): void;
}

/** The locks of one house. */
export interface Locks {
  /**
   * Takes a lock, or waits for it in the order of arrival.
   *
   * @param lockClass such as `files.file_lock`: the class the contract names.
   * @param instance which one of that class.
   * @returns EDEADLK when this chain of calls holds the lock already; the chain is in the event `lock_order`.
   */
  acquire(context: Context, lockClass: string, instance: number): Promise<Result<Held, "EDEADLK">>;
  /** Who holds what, for people. */
  holders(): readonly { readonly lock: string; readonly task: string; readonly waiting: number }[];
}

interface Lock {
  holder: Context;
  readonly waiting: { readonly context: Context; readonly wake: () => void }[];
}

/**
 * Asynchronous locks that know their holders.
 *
 * Two mistakes are found without a hang: a chain of calls that comes back for a lock it holds is refused, and two lock
 * classes taken in both orders are reported when the second order is first seen (as Linux's lockdep does), also across
 * houses, since the context carries what is held.
 */
export function createLocks(events: EventLog): Locks {
  const locks = new Map<string, Lock>();
  const order = new Map<string, Set<string>>();
  const reported = new Set<string>();

  /** Whether `to` was ever taken while `from` was held, directly or by way of others. */
  const leads = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to ||
    [...(order.get(from) ?? [])].some((next) => !seen.has(next) && (seen.add(next), leads(next, to, seen)));

  function learnOrder(context: Context, lock: string, lockClass: string): void {
    for (const held of context.locks) {
      const heldClass = classOf(held);
      if (heldClass === lockClass) continue;
      const after = order.get(heldClass) ?? new Set<string>();
      order.set(heldClass, after);
      if (after.has(lockClass)) continue;
      const pair = `${heldClass} -> ${lockClass}`;
      if (leads(lockClass, heldClass) && !reported.has(pair)) {
        reported.add(pair);
        events.fact(context, "lock_order", {}, { lock, held, chain: context.chain.join(" > ") });
      }
      after.add(lockClass);
    }
  }

  function hold(context: Context, name: string, lock: Lock): Held {
    lock.holder = context;
    const inside: Context = { ...context, locks: [...context.locks, name] };
    let released = false;
    return {
      context: inside,
      release: () => {
        assert(!released, `${name} is released once`);
        released = true;
        // Handed over, not dropped: between the release and the waiter's turn a newcomer must not slip in.
        const next = lock.waiting.shift();
        if (next === undefined) {
          locks.delete(name);
        } else {
          lock.holder = next.context;
          next.wake();
        }
      },
    };
  }

  return {
    async acquire(context, lockClass, instance) {
      const name = `${lockClass}:${instance}`;
      if (context.locks.includes(name)) {
        events.fact(context, "lock_order", {}, { lock: name, held: name, chain: context.chain.join(" > ") });
        return fail("EDEADLK");
      }
      learnOrder(context, name, lockClass);
      const taken = locks.get(name);
      if (taken === undefined) {
        const lock: Lock = { holder: context, waiting: [] };
        locks.set(name, lock);
        return ok(hold(context, name, lock));
      }
      events.fact(context, "lock_wait", {}, { lock: name, holder: taken.holder.task });
      await new Promise<void>((wake) => taken.waiting.push({ context, wake }));
      return ok(hold(context, name, taken));
    },
    holders: () =>
      [...locks].map(([lock, { holder, waiting }]) => ({ lock, task: holder.task, waiting: waiting.length })),
  };
}
