import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { echoIoctl } from "../drivers/oobecho.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band, does not wait. Any access mode will do.
 *
 * EPERM: not attached. EBADF: not in the index. ENOTTY: not a command of the device, which says ENOIOCTLCMD; there is no
 * other handler to fall back to on this stage (facts/dovetail 4.3).
 */
export async function oobIoctl(
  core: Core,
  { fd, cmd }: PointArgs["oob_ioctl"],
  context: Context,
): Promise<Result<{ value: number }, "EPERM" | "EBADF" | "ENOTTY">> {
  const answer = await inside(core, fd, context, (efile) => {
    const value = echoIoctl(efile, cmd, context);
    return value.ok ? value : fail("ENOTTY");
  });
  return answer.ok ? ok({ value: answer.value }) : answer;
}
