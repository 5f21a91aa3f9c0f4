import type { PointArgs } from "../../abi/contract.generated.ts";
import { O, O_ACCMODE, openFlagsText } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverAt } from "../model/devices.ts";
import { OpenFile } from "../model/open-file.ts";
import { openFile } from "../steps/fput.ts";
import { reserveFd } from "../steps/reserve-fd.ts";

/**
 * open(2). In-band, takes files->file_lock twice: to reserve the lowest free descriptor, and, once the driver has opened
 * the device, to publish it. In between others can neither use the number nor get it.
 *
 * @returns EINVAL for an access mode that is none, EMFILE, then ENOENT, EISDIR, ENODEV, ENOMEM, then what the driver says (EIO:
 * the core's answer was lost), EDEADLK. A descriptor that was reserved is put back.
 */
export async function sysOpen(
  kernel: Kernel,
  current: Current,
  { path, flags }: PointArgs["sys_open"],
): Promise<Outcome<"sys_open">> {
  // Linux lets mode 3 through, for drivers that only take commands; no driver here makes use of it.
  if ((flags & O_ACCMODE) === O_ACCMODE) return fail("EINVAL");
  const reserved = await reserveFd(kernel, current, (flags & O.O_CLOEXEC) !== 0);
  if (!reserved.ok) return reserved;
  const { fd, publish, unreserve } = reserved.value;
  const opened = await openDevice(kernel, current.context, path, flags);
  if (!opened.ok) {
    await unreserve(opened.errno);
    return opened;
  }
  await publish(opened.value);
  return ok({ fd });
}

/** do_filp_open: finds the driver and lets it open the device. */
async function openDevice(
  kernel: Kernel,
  context: Current["context"],
  path: string,
  flags: number,
): Promise<Result<OpenFile>> {
  const driver = driverAt(path);
  if (!driver.ok) return driver;
  if (runsOut(kernel, context, "memory")) return fail("ENOMEM");
  const file = kernel.newFile();
  const opened = await kernel.drivers[driver.value].open(context, { file, dev: path, flags });
  if (!opened.ok) return opened;
  const oob_data = opened.value;
  kernel.events.fact(context, "file_create", { file, dev: path }, { flags: openFlagsText(flags), oob_data });
  return ok(openFile(kernel, new OpenFile(file, path, flags, oob_data)));
}
