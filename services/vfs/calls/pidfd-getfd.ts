import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { installNew } from "../steps/fd-install.ts";
import { withFile } from "../steps/fput.ts";

/**
 * pidfd_getfd(2): a descriptor for a file that another task has open, as SCM_RIGHTS would pass it (`receive_fd`). It is
 * close-on-exec. In-band, takes files->file_lock of the caller's table, none of the other's.
 *
 * @returns ESRCH: no such task; EBADF: not open there; EMFILE; EDEADLK.
 */
export async function sysPidfdGetfd(
  kernel: Kernel,
  current: Current,
  { from_task, target_fd }: PointArgs["sys_pidfd_getfd"],
): Promise<Outcome<"sys_pidfd_getfd">> {
  const theirs = kernel.tasks.find(from_task)?.files;
  if (theirs === undefined) return fail("ESRCH");
  return withFile(kernel, { ...current, table: theirs }, target_fd, (file) =>
    installNew(kernel, current, file, { from: 0, closeOnExec: true }),
  );
}
