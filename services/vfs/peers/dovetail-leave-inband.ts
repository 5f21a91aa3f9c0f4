import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";

/**
 * The core takes the current task away from the in-band scheduler. In-band, no lock; does not wait.
 *
 * @returns ESRCH for a task that is not there or is exiting.
 */
export function dovetailLeaveInband(
  kernel: Kernel,
  _args: PointArgs["dovetail_leave_inband"],
  context: Context,
): Outcome<"dovetail_leave_inband"> {
  const task = kernel.tasks.find(context.task);
  if (task === undefined) return fail("ESRCH");
  kernel.tasks.goes(task, "oob");
  return ok({});
}
