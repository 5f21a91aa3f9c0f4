import type { Context } from "../abi/context.ts";
import { EVL_T } from "../abi/flags.ts";
import type { Core } from "./state.ts";

/** Why a thread is in-band again. */
type WhyInband = "syscall" | "weak" | "signal" | "detach";

/**
 * Brings a thread back to the in-band stage, and counts that; either stage, never waits. Nothing happens to one that is there
 * already, or that the core does not know.
 */
export function bringInband(core: Core, task: string, why: WhyInband, context: Context): void {
  if (core.threads.find(task)?.stage !== "oob") return;
  const isw = core.threads.goesInband(task);
  core.kit.events.fact(context, "thread_inband", { task }, { why, isw });
  if (why === "syscall" && core.threads.hasMode(task, EVL_T.EVL_T_WOSS))
    core.kit.events.fact(context, "hm_sysdemote", { task });
}

/** The current thread is out-of-band from now on, unless it was detached meanwhile, or is there by another of its calls. */
function enterOob(core: Core, context: Context): void {
  const { task } = context;
  if (core.threads.find(task)?.stage !== "inband") return;
  core.threads.goesOob(task);
  core.kit.events.fact(context, "thread_oob", { task });
}

/**
 * Around every out-of-band call: a thread that is in-band is switched first (evl_switch_oob), and one of SCHED_WEAK, or for which
 * a signal waits, is brought back when the call has ended. A thread that is not attached is left to the call, which refuses it (facts/dovetail 4.3).
 *
 * The switch needs the in-band scheduler: it waits for the VFS. A thread of SCHED_WEAK is in-band again before it makes a
 * system call, so the VFS need not know of it. A switch that was lost is done all the same: what may be missing then is the
 * word of the thread's next system call.
 */
export const outOfBand =
  <A, R>(call: (core: Core, args: A, context: Context) => R | Promise<R>) =>
  async (core: Core, args: A, context: Context): Promise<R> => {
    const { task } = context;
    const { threads } = core;
    const thread = threads.find(task);
    if (thread === undefined) return call(core, args, context);
    if (thread.stage === "inband" && thread.priority > 0)
      await core.hooks.dovetail_leave_inband({ ...context, stage: "inband" }, {});
    enterOob(core, context);
    threads.callsOob(task);
    const outcome = await call(core, args, context);
    const after = threads.find(task);
    if (after?.priority === 0) bringInband(core, task, "weak", context);
    else if (after?.signalled === true) bringInband(core, task, "signal", context);
    return outcome;
  };

/** Around every in-band system call that the core answers itself: it demotes a thread that makes it out-of-band. */
export const inBand =
  <A, R>(call: (core: Core, args: A, context: Context) => R) =>
  (core: Core, args: A, context: Context): R => {
    bringInband(core, context.task, "syscall", context);
    return call(core, args, context);
  };
