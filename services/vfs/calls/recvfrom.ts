import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { messageFlags } from "../drivers/socket.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * recvfrom(2). In-band, no lock held; waits for a message, unless the file is O_NONBLOCK or the flags say MSG_DONTWAIT. A
 * close of the last descriptor meanwhile releases the socket when this call ends, not before.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says; EIO: the answer was lost, and a message may be lost with it.
 */
export const sysRecvfrom = (
  kernel: Kernel,
  current: Current,
  { fd, count, flags }: PointArgs["sys_recvfrom"],
): Promise<Outcome<"sys_recvfrom">> =>
  withSocket(kernel, current, fd, async (file) =>
    answerOf(
      await kernel.hooks.sock_recvmsg(current.context, { sock: file.sock, count, flags: messageFlags(file, flags) }),
    ),
  );
