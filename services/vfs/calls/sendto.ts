import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { messageFlags } from "../drivers/socket.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocketAndAddress } from "../steps/with-socket.ts";

/**
 * sendto(2). In-band, no lock held; may wait for room, unless the file is O_NONBLOCK or the flags say MSG_DONTWAIT.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says; EIO: the answer was lost, and the message may have gone.
 */
export const sysSendto = (
  kernel: Kernel,
  current: Current,
  { fd, data, flags, addr }: PointArgs["sys_sendto"],
): Promise<Outcome<"sys_sendto">> =>
  withSocketAndAddress(kernel, current, { fd, addr }, async (file) =>
    answerOf(
      await kernel.hooks.sock_sendmsg(current.context, {
        sock: file.sock,
        data,
        flags: messageFlags(file, flags),
        addr,
      }),
    ),
  );
