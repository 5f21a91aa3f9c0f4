import type { Context } from "../../abi/context.ts";
import { fail, type Fail, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import type { Device } from "../model/device.ts";

/**
 * Does something to the devices or routes under the routing lock, of which there is one (`rtnl_lock`).
 *
 * @returns EDEADLK for a call that comes from inside a hook which is under this very lock.
 */
export async function withRtnl<R>(
  kernel: Kernel,
  context: Context,
  work: (inside: Context) => R | Promise<R>,
): Promise<R | Fail<"EDEADLK">> {
  const held = await kernel.locks.acquire(context, "rtnl", 1);
  if (!held.ok) return held;
  const answer = await work(held.value.context);
  held.value.release();
  return answer;
}

/** The same, for one device. ENODEV: there is none of this name when the lock is taken. */
export const withDevice = <R>(
  kernel: Kernel,
  context: Context,
  dev: string,
  work: (inside: Context, device: Device) => R | Promise<R>,
): Promise<R | Fail<"ENODEV" | "EDEADLK">> =>
  withRtnl(kernel, context, (inside): R | Promise<R> | Fail<"ENODEV"> => {
    const device = kernel.stack.devices.byName(dev);
    return device === undefined ? fail("ENODEV") : work(inside, device);
  });

/** The answer of a point that returns nothing. */
export const nothing = (result: Result<unknown>): Result<Record<string, never>> =>
  result.ok ? { ok: true, value: {} } : result;
