import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { doDup2 } from "../steps/do-dup2.ts";

/**
 * dup2(2): lets `newfd` refer to the file of `fd`. In-band, takes files->file_lock. Of a descriptor onto itself: nothing
 * happens, no hook fires.
 *
 * @returns EBADF: `fd` is not open, or `newfd` is at or above the limit; EBUSY: an open that has not ended has reserved
 * `newfd`; EDEADLK.
 */
export async function sysDup2(
  kernel: Kernel,
  current: Current,
  { fd, newfd }: PointArgs["sys_dup2"],
): Promise<Outcome<"sys_dup2">> {
  if (fd === newfd) return current.table.at(fd) === undefined ? fail("EBADF") : ok({ fd });
  return doDup2(kernel, current, fd, newfd, false);
}
