import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withSocket } from "../steps/with-socket.ts";

/**
 * setsockopt(2). In-band, no lock held.
 *
 * @returns EBADF, ENOTSOCK; what the in-band stack says; EIO: the answer was lost, and the option may be set.
 */
export const sysSetsockopt = (
  kernel: Kernel,
  current: Current,
  { fd, ...option }: PointArgs["sys_setsockopt"],
): Promise<Outcome<"sys_setsockopt">> =>
  withSocket(kernel, current, fd, async ({ sock }) =>
    answerOf(await kernel.hooks.sock_setsockopt(current.context, { sock, ...option })),
  );
