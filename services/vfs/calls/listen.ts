import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * listen(2). In-band, no lock held.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says: EOPNOTSUPP of what has no connections; EIO: the answer was lost.
 */
export const sysListen = (
  kernel: Kernel,
  current: Current,
  { fd, backlog }: PointArgs["sys_listen"],
): Promise<Outcome<"sys_listen">> =>
  withSocket(kernel, current, fd, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_listen(current.context, { sock, backlog })),
  );
