import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { detachThread } from "../calls/oob-detach-thread.ts";
import type { Core } from "../state.ts";

/**
 * in-band, inside exec or exit; does not wait.
 *
 * The thread of the subject is detached, whichever of the two events comes first: an attachment survives neither an exit
 * nor an exec (facts/dovetail 4.5). Most tasks were never attached, and nothing happens for these.
 * A task that exits waits for no lock any more, attached or not.
 */
export function inbandEventNotify(core: Core, args: PointArgs["inband_event_notify"], context: Context): void {
  const { event, subject } = args;
  if (event === "task_exit") for (const sleep of core.inbandSleepers.of(subject)) sleep.interrupt(context);
  if (event === undefined || (event === "process_cleanup" && core.temper.keepsThreadsOverExec)) return;
  detachThread(core, subject, event, context);
}
