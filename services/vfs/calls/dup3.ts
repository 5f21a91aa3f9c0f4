import type { PointArgs } from "../../abi/contract.generated.ts";
import { O } from "../../abi/flags.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { doDup2 } from "../steps/do-dup2.ts";

/**
 * dup3(2): as dup2, with a choice of close-on-exec. In-band, takes files->file_lock.
 *
 * @returns EINVAL: a flag other than O_CLOEXEC, or a descriptor onto itself; else as dup2.
 */
export async function sysDup3(
  kernel: Kernel,
  current: Current,
  { fd, newfd, flags }: PointArgs["sys_dup3"],
): Promise<Outcome<"sys_dup3">> {
  if ((flags & ~O.O_CLOEXEC) !== 0 || fd === newfd) return fail("EINVAL");
  return doDup2(kernel, current, fd, newfd, (flags & O.O_CLOEXEC) !== 0);
}
