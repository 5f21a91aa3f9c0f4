import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";

/**
 * capset(2), as far as taking away goes: there is no way back. The task's children to come inherit what is left, and so does
 * the program after an exec.
 *
 * @returns EINVAL for bits that are no capability.
 */
export function sysCapset(
  kernel: Kernel,
  { task, context }: Current,
  { drop }: PointArgs["sys_capset"],
): Outcome<"sys_capset"> {
  const dropped = kernel.tasks.dropCapabilities(task, BigInt(drop));
  if (!dropped.ok) return dropped;
  kernel.events.fact(context, "capset", { task: task.name }, { drop });
  return ok({});
}
