import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import type { Core } from "../state.ts";
import { inside } from "./inside.ts";

/**
 * Out-of-band. Any access mode will do. On a socket it crosses sock_oob_ioctl.
 *
 * EPERM: not attached. EBADF: not in the index. ENOTTY: not a command of the file, also where its driver says ENOIOCTLCMD:
 * there is no other handler to fall back to on this stage (facts/dovetail 2.9, 4.3).
 */
export async function oobIoctl(
  core: Core,
  { fd, cmd }: PointArgs["oob_ioctl"],
  context: Context,
): Promise<Result<{ value: number }, "EPERM" | "EBADF" | "ENOTTY" | "EFAULT" | "EBADFD" | "EAGAIN" | "EINTR" | "EIO">> {
  const answer = await inside(core, fd, context, (efile, slice) =>
    efile.operations.oob_ioctl(efile, cmd, { context, slice }),
  );
  return answer.ok ? ok({ value: answer.value }) : answer;
}
