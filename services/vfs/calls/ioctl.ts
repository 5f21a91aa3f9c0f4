import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverOf, withFile } from "../steps/fput.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * ioctl(2), through the driver's in-band half, whatever the access mode. No lock; holds the file as long as it lasts.
 *
 * @returns EBADF: not open; ENOTTY: the driver has no commands, or not this one; what the driver says.
 */
export const sysIoctl = (
  kernel: Kernel,
  current: Current,
  { fd, cmd, arg }: PointArgs["sys_ioctl"],
): Promise<Outcome<"sys_ioctl">> =>
  withFile(kernel, current, fd, async (file) => {
    const value = await driverOf(kernel, file).ioctl?.(current.context, file, cmd, arg);
    if (value === undefined) return fail("ENOTTY");
    return value.ok ? ok({ value: value.value, data: NO_BYTES }) : value;
  });
