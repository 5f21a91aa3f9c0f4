import type { PointArgs } from "../../abi/contract.generated.ts";
import { SOCK } from "../../abi/flags.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { socketFd } from "../steps/socket-file.ts";
import { SOCK_FLAGS, socketType } from "../steps/socket-type.ts";

/**
 * A socket as io_uring makes it (`__sys_socket_file`). SOCK_OOB is accepted, yet the core is never asked to attach: the
 * socket is a plain one, and nobody is told so (facts 2.1). Otherwise as socket(2).
 */
export async function sysIoUringSocket(
  kernel: Kernel,
  current: Current,
  { family, type, protocol }: PointArgs["sys_io_uring_socket"],
): Promise<Outcome<"sys_io_uring_socket">> {
  const asked = socketType(type, SOCK_FLAGS | SOCK.SOCK_OOB);
  return asked.ok ? socketFd(kernel, current, { family, protocol, ...asked.value, oob: false }) : asked;
}
