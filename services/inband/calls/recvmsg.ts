import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { MSG } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { tellTaken } from "../sockets/deliveries.ts";
import { takeMessage } from "../sockets/readiness.ts";
import { waitFor } from "../sockets/wait.ts";

/**
 * recv(2) and its like. In-band, no lock; waits for a message as long as SO_RCVTIMEO says, unless MSG_DONTWAIT is given.
 * What does not fit is cut off, MSG_TRUNC says so, and `length` tells the whole. Fact: sock_take, of a message that was there.
 *
 * @returns EBADF; EAGAIN: nothing came; an error that was pending; EOPNOTSUPP (PF_OOB); EINTR (`waitFor`).
 */
export async function sockRecvmsg(
  kernel: Kernel,
  { sock, count, flags }: PointArgs["sock_recvmsg"],
  context: Context,
): Promise<Outcome<"sock_recvmsg">> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  const attempt = (): ReturnType<typeof takeMessage> => takeMessage(socket, flags);
  const dontwait = (flags & MSG.MSG_DONTWAIT) !== 0;
  const atOnce = attempt();
  if (atOnce?.ok === true) tellTaken(kernel, context, socket, atOnce.value);
  const taken =
    atOnce ??
    (dontwait
      ? fail("EAGAIN")
      : await waitFor(kernel, context, socket, {
          attempt,
          timeoutNs: socket.rcvtimeoNs,
          expired: fail("EAGAIN"),
          what: "data",
        }));
  if (!taken.ok) return taken;
  const { bytes, addr } = taken.value;
  const truncated = bytes.length > count;
  return ok({
    data: truncated ? bytes.slice(0, count) : bytes,
    addr,
    flags: truncated ? MSG.MSG_TRUNC : 0,
    length: bytes.length,
  });
}
