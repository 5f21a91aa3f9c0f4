import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverOf, withFile } from "../steps/fput.ts";

/**
 * read(2), through the driver's in-band half. No lock; holds the file as long as it lasts.
 *
 * @returns EBADF: not open, or not for reading; EINVAL: the driver has no read; what the driver says.
 */
export const sysRead = (
  kernel: Kernel,
  current: Current,
  { fd, count }: PointArgs["sys_read"],
): Promise<Outcome<"sys_read">> =>
  withFile(kernel, current, fd, async (file) => {
    if (!file.readable) return fail("EBADF");
    const data = await driverOf(kernel, file).read?.(current.context, file, count);
    if (data === undefined) return fail("EINVAL");
    return data.ok ? ok({ data: data.value }) : data;
  });
