import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocketAndAddress } from "../steps/with-socket.ts";

/**
 * bind(2). In-band, no lock held. The in-band stack binds, and then asks the core about an out-of-band socket.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack or the core says; EIO: the answer was lost, and the socket may be bound.
 */
export const sysBind = (
  kernel: Kernel,
  current: Current,
  { fd, addr }: PointArgs["sys_bind"],
): Promise<Outcome<"sys_bind">> =>
  withSocketAndAddress(kernel, current, { fd, addr }, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_bind(current.context, { sock, addr })),
  );
