import type { Errno } from "../../abi/contract.generated.ts";
import type { KernelSocket } from "./table.ts";

/** so_error: what went wrong without a call that could have told it. It is told once (facts 2). */
export const pendingError = ({ half, error }: KernelSocket): Errno | undefined =>
  half.t === "udp" ? half.udp.error : error;

/** Takes it: whoever is told it is the last. */
export function takePending(socket: KernelSocket): Errno | undefined {
  const errno = pendingError(socket);
  socket.error = undefined;
  if (socket.half.t === "udp") socket.half.udp.error = undefined;
  return errno;
}
