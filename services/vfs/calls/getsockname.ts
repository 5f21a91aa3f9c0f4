import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * getsockname(2): what the socket is bound to. In-band, no lock held.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says; EIO: the answer was lost.
 */
export const sysGetsockname = (
  kernel: Kernel,
  current: Current,
  { fd }: PointArgs["sys_getsockname"],
): Promise<Outcome<"sys_getsockname">> =>
  withSocket(kernel, current, fd, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_getname(current.context, { sock, peer: false })),
  );
