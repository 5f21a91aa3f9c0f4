import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverOf, withFile } from "../steps/fput.ts";

/**
 * ioctl(2), through the driver's in-band half, whatever the access mode. No lock; holds the file as long as it lasts.
 *
 * @returns EBADF: not open; ENOTTY: the driver has no commands, or not this one; what the driver says.
 */
export const sysIoctl = (
  kernel: Kernel,
  current: Current,
  { fd, ...request }: PointArgs["sys_ioctl"],
): Promise<Outcome<"sys_ioctl">> =>
  withFile(kernel, current, fd, async (file) => {
    const answer = await driverOf(kernel, file).ioctl?.(current.context, file, request);
    return answer ?? fail("ENOTTY");
  });
