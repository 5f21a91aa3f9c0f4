import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * getsockopt(2). In-band, no lock held.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says; EIO: the answer was lost, and with it a pending SO_ERROR.
 */
export const sysGetsockopt = (
  kernel: Kernel,
  current: Current,
  { fd, ...option }: PointArgs["sys_getsockopt"],
): Promise<Outcome<"sys_getsockopt">> =>
  withSocket(kernel, current, fd, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_getsockopt(current.context, { sock, ...option })),
  );
