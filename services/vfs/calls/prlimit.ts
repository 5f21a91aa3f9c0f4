import type { PointArgs } from "../../abi/contract.generated.ts";
import { LIMITS } from "../../abi/limits.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";

/**
 * prlimit(2) of RLIMIT_NOFILE, of the caller. It belongs to the task, as in Linux: tasks that share a table may differ,
 * and a child begins with its parent's. What is open above the limit stays open.
 *
 * @returns EINVAL for 0, with which nothing could be opened any more, or for more than the kernel's own bound.
 */
export function sysPrlimit(
  kernel: Kernel,
  { task }: Current,
  { nofile }: PointArgs["sys_prlimit"],
): Outcome<"sys_prlimit"> {
  if (nofile < 1 || nofile > LIMITS.nofileMax) return fail("EINVAL");
  kernel.tasks.limit(task, nofile);
  return ok({});
}
