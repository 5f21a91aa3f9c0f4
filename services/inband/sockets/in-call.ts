import type { Context } from "../../abi/context.ts";
import { fail, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import type { Socket } from "./table.ts";

/**
 * A call on a socket that may fire a hook: its close does not begin before the call has ended. The VFS holds the file as
 * long as its call runs; when the answer to that call is lost, this is what keeps hooks from firing after
 * sock_oob_release (facts 2.12). A closed socket is EBADF.
 */
export const inCall =
  <A extends { readonly sock: number }, T>(
    kernel: Kernel,
    call: (kernel: Kernel, socket: Socket, args: A, context: Context) => Promise<Result<T>>,
  ) =>
  async (args: A, context: Context): Promise<Result<T>> => {
    const socket = kernel.sockets.at(args.sock);
    if (socket === undefined) return fail("EBADF");
    const running = call(kernel, socket, args, context);
    socket.calls.add(running);
    try {
      return await running;
    } finally {
      socket.calls.delete(running);
    }
  };
