import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocketAndAddress } from "../steps/with-socket.ts";

/**
 * connect(2). In-band, no lock held. The in-band stack connects, and then asks the core about an out-of-band socket.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack or the core says; EIO: the answer was lost, and the socket may be connected.
 */
export const sysConnect = (
  kernel: Kernel,
  current: Current,
  { fd, addr }: PointArgs["sys_connect"],
): Promise<Outcome<"sys_connect">> =>
  withSocketAndAddress(kernel, current, { fd, addr }, async (file) =>
    answerOf(await kernel.hooks.sock_connect(current.context, { sock: file.sock, addr, flags: file.flags })),
  );
