import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * shutdown(2). In-band, no lock held.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack or the core says; EIO: the answer was lost.
 */
export const sysShutdown = (
  kernel: Kernel,
  current: Current,
  { fd, how }: PointArgs["sys_shutdown"],
): Promise<Outcome<"sys_shutdown">> =>
  withSocket(kernel, current, fd, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_shutdown(current.context, { sock, how })),
  );
