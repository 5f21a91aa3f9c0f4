import type { Context } from "../abi/context.ts";
import { EVL_T } from "../abi/flags.ts";
import { fail, ok, type Result } from "../abi/result.ts";
import { Stax, type Side, type StaxLock } from "./model/stax.ts";
import { fallAsleep, type Sleep } from "./sleep.ts";
import type { Core } from "./state.ts";

type Waiter = Sleep<undefined, "EINTR">;

const sideOf = ({ stage }: Context): Side => (stage === "oob" ? "oob" : "inband");

/**
 * Makes a lock.
 *
 * Who has to wait on the out-of-band stage waits for in-band work, without a bound: a thread that asked for it (EVL_T_WOSX) is
 * told by SIGDEBUG, and is back in-band when its call has ended, since a signal is taken there.
 *
 * @param dev what it guards, for events.
 */
export function createStaxLock(core: Core, dev: string): StaxLock {
  const { events } = core.kit;
  const stax = new Stax<Waiter>();
  const slice = { dev };

  const locked = (context: Context): void =>
    events.fact(context, "stax_lock", { ...slice, task: context.task }, { holders: stax.holders });
  const letIn = (waiters: readonly Waiter[], waker: Context): void => {
    for (const waiter of waiters) waiter.wake(waker, ok(undefined));
  };

  function tryLock(context: Context): Result<void, "EAGAIN"> {
    if (!stax.tryLock(sideOf(context))) return fail("EAGAIN");
    locked(context);
    return ok(undefined);
  }

  return {
    tryLock,
    async lock(context) {
      if (tryLock(context).ok) return ok(undefined);
      const side = sideOf(context);
      const sleep = fallAsleep<undefined, "EINTR">(events, side === "oob" ? core.threads : core.inbandSleepers, {
        context,
        slice,
        facts: ["stax_wait", "stax_wake"],
        awaits: { holders: stax.holders },
        tells: () => ({}),
        leave: (waiter) => letIn(stax.leave(waiter), context),
      });
      stax.wait(side, sleep);
      if (side === "oob" && core.threads.hasMode(context.task, EVL_T.EVL_T_WOSX)) {
        events.fact(context, "hm_stagex", { ...slice, task: context.task });
        core.threads.signal(context.task);
      }
      const woken = await sleep.woken;
      if (!woken.ok) return woken;
      locked(context);
      return ok(undefined);
    },
    unlock(context) {
      const admitted = stax.unlock(sideOf(context));
      events.fact(
        context,
        "stax_unlock",
        { ...slice, task: context.task },
        { holders: stax.holders - admitted.length },
      );
      letIn(admitted, context);
    },
  };
}
