import type { PointArgs } from "../../abi/contract.generated.ts";
import { SOCK } from "../../abi/flags.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { socketFd } from "../steps/socket-file.ts";
import { SOCK_FLAGS, socketType } from "../steps/socket-type.ts";

/**
 * socket(2). In-band, takes files->file_lock twice: to reserve the lowest free descriptor, and to publish it.
 *
 * @returns EINVAL for an unknown flag, before anything else is looked at; then what socketFd says.
 */
export async function sysSocket(
  kernel: Kernel,
  current: Current,
  { family, type, protocol }: PointArgs["sys_socket"],
): Promise<Outcome<"sys_socket">> {
  const asked = socketType(type, SOCK_FLAGS | SOCK.SOCK_OOB);
  return asked.ok ? socketFd(kernel, current, { family, protocol, ...asked.value }) : asked;
}
