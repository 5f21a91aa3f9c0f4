import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { installNew } from "../steps/fd-install.ts";
import { withFile } from "../steps/fput.ts";

/**
 * dup(2): one more descriptor, the lowest free one, for the same file. In-band, takes files->file_lock.
 *
 * @returns EBADF, EMFILE, EDEADLK.
 */
export const sysDup = (kernel: Kernel, current: Current, { fd }: PointArgs["sys_dup"]): Promise<Outcome<"sys_dup">> =>
  withFile(kernel, current, fd, (file) => installNew(kernel, current, file, { from: 0, closeOnExec: false }));
