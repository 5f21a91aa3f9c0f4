import type { PointArgs } from "../../../abi/contract.generated.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { UNBOUND } from "../../model/udp/socket.ts";
import { addressFor, nameOf, sockaddrBytes } from "../address.ts";
import { inetOf, type KernelSocket } from "../table.ts";

type Wanted = Pick<PointArgs["ksock_getsockname"], "want_addr" | "addrlen">;

/** EFAULT: no length, or no place for as many bytes as it says. */
const isFault = ({ want_addr, addrlen }: Wanted): boolean => addrlen === undefined || (!want_addr && addrlen !== 0);

/** ksock_getsockname (facts 3.10): zeros where it is not bound. EFAULT; EINVAL: no room, for nothing is cut off. */
export function ksockGetsockname(
  _kernel: Kernel,
  socket: KernelSocket,
  args: PointArgs["ksock_getsockname"],
): Outcome<"ksock_getsockname"> {
  if (isFault(args)) return fail("EFAULT");
  if ((args.addrlen ?? 0) < sockaddrBytes(socket.domain)) return fail("EINVAL");
  return ok({ addr: nameOf(socket, inetOf(socket).local) });
}

/** ksock_getpeername (facts 3.10). EFAULT; ENOTCONN; EINVAL: sending is shut down, as X/Open has it, or no room. */
export function ksockGetpeername(
  _kernel: Kernel,
  socket: KernelSocket,
  args: PointArgs["ksock_getpeername"],
): Outcome<"ksock_getpeername"> {
  if (isFault(args)) return fail("EFAULT");
  if (!socket.connected) return fail("ENOTCONN");
  if (socket.cantSend || (args.addrlen ?? 0) < sockaddrBytes(socket.domain)) return fail("EINVAL");
  return ok({ addr: addressFor(socket, socket.peer ?? UNBOUND) });
}
