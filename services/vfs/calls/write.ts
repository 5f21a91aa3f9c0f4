import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverOf, withFile } from "../steps/fput.ts";

/**
 * write(2), through the driver's in-band half. No lock; holds the file as long as it lasts.
 *
 * @returns EBADF: not open, or not for writing; EINVAL: the driver has no write; what the driver says.
 */
export const sysWrite = (
  kernel: Kernel,
  current: Current,
  { fd, data }: PointArgs["sys_write"],
): Promise<Outcome<"sys_write">> =>
  withFile(kernel, current, fd, async (file) => {
    if (!file.writable) return fail("EBADF");
    const count = await driverOf(kernel, file).write?.(current.context, file, data);
    if (count === undefined) return fail("EINVAL");
    return count.ok ? ok({ count: count.value }) : count;
  });
