import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointName } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Handlers, Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { outsideCallbacks } from "./outside-callbacks.ts";
import { wake } from "./sleep.ts";
import type { KernelSocket } from "./table.ts";

/** The points that name a socket, and that a callback may not call. */
type SocketPoint = Exclude<
  Extract<PointName, `ksock${string}`>,
  | "ksock_socket"
  | "ksock_close"
  | "ksocket_hold"
  | "ksocket_rele"
  | "ksock_next_event"
  | "ksock_ack_event"
  | "ksock_interrupt"
>;

/** What a call does with a socket that is there and is not being closed. */
type Call<P extends SocketPoint> = (
  kernel: Kernel,
  socket: KernelSocket,
  args: PointArgs[P],
  context: Context,
) => Outcome<P> | Promise<Outcome<P>>;

/**
 * A call on a kernel socket, which is a reference to it as long as it runs (P3): a close wakes it with EINTR and waits for it.
 * ENOTSOCK: there is no such socket, or it is closed or closing. EDEADLK: inside a callback.
 */
export const inCall = <P extends SocketPoint>(
  kernel: Kernel,
  point: P,
  call: Call<P>,
): NonNullable<Handlers<"inband">[P]> =>
  outsideCallbacks(kernel, point, async (args, context): Promise<Outcome<P>> => {
    const socket = kernel.ksocks.at((args as { readonly ks: number }).ks);
    if (socket === undefined || socket.closing) return fail("ENOTSOCK");
    socket.calls++;
    try {
      return await call(kernel, socket, args, context);
    } finally {
      socket.calls--;
      wakeClose(socket);
    }
  });

/** The last call has left: a close may go on. */
function wakeClose(socket: KernelSocket): void {
  if (socket.closing) wake(socket);
}
