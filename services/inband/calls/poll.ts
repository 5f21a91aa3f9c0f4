import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { pollText } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { pollMask } from "../sockets/readiness.ts";
import { waitFor } from "../sockets/wait.ts";

/**
 * poll(2) on one socket. In-band, no lock; waits until it is ready or the time is over, which is no error: 0.
 *
 * @returns EBADF; EINTR (`waitFor`).
 */
export async function sockPoll(
  kernel: Kernel,
  { sock, events, timeout_ns }: PointArgs["sock_poll"],
  context: Context,
): Promise<Outcome<"sock_poll">> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  const attempt = (): Outcome<"sock_poll"> | undefined => {
    const revents = pollMask(socket, events);
    return revents === 0 ? undefined : ok({ revents });
  };
  const expired = ok({ revents: 0 });
  return (
    attempt() ?? waitFor(kernel, context, socket, { attempt, timeoutNs: timeout_ns, expired, what: pollText(events) })
  );
}
