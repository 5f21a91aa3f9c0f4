import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * getpeername(2): whom the socket is connected to. In-band, no lock held.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says: ENOTCONN without a peer; EIO: the answer was lost.
 */
export const sysGetpeername = (
  kernel: Kernel,
  current: Current,
  { fd }: PointArgs["sys_getpeername"],
): Promise<Outcome<"sys_getpeername">> =>
  withSocket(kernel, current, fd, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_getname(current.context, { sock, peer: true })),
  );
