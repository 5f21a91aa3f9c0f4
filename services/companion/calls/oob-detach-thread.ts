import type { Context } from "../../abi/context.ts";
import type { InbandEvent, PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import { bringInband } from "../stages.ts";
import type { Core } from "../state.ts";

/** in-band. EPERM: the thread is not attached. */
export const oobDetachThread = (
  core: Core,
  _args: PointArgs["oob_detach_thread"],
  context: Context,
): Result<PointValues["oob_detach_thread"], "EPERM"> => detachThread(core, context.task, "oob_detach_thread", context);

/** Detaches a thread, and ends with EINTR whatever it was asleep on. EPERM: it is not attached. */
export function detachThread(
  core: Core,
  task: string,
  why: InbandEvent | "oob_detach_thread" | "oob_vfs_ready",
  context: Context,
): Result<Record<string, never>, "EPERM"> {
  bringInband(core, task, "detach", context);
  const detached = core.threads.detach(task);
  if (!detached.ok) return detached;
  core.kit.events.fact(context, "thread_detach", { task }, { why });
  for (const sleep of detached.value) sleep.interrupt(context);
  return ok({});
}
