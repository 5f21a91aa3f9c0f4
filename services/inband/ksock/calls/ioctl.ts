import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_IOCTL, illumosNumber } from "../../../abi/illumos.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { takePending } from "../pending.ts";
import { isAtMark, queuedBytes } from "../stream.ts";
import type { KernelSocket } from "../table.ts";

/** `'S' << 8`: the commands of STREAMS. */
const STREAMS = 0x5300;
const FORBIDDEN: ReadonlySet<number> = new Set([
  ILLUMOS_IOCTL.SIOCSPGRP,
  ILLUMOS_IOCTL.SIOCGPGRP,
  ILLUMOS_IOCTL.FIOASYNC,
  ILLUMOS_IOCTL.FIOSETOWN,
  ILLUMOS_IOCTL.FIOGETOWN,
]);

/** Signals, and STREAMS; by number, or by a name whose number we need not know. */
const isForbidden = (name: string, cmd: number | undefined): boolean =>
  name === "SIOCSQPTR" ||
  name.startsWith("I_") ||
  (cmd !== undefined && (FORBIDDEN.has(cmd) || (cmd & 0xffff_ff00) >>> 0 === STREAMS));

/**
 * ksock_ioctl (facts 5): what is forbidden, then an error that is pending, then the command. In-band, never waits.
 *
 * @returns EOPNOTSUPP: forbidden, whatever is pending. The error, which is taken. EINVAL: no such command, or no mark in a
 * datagram socket. EFAULT: NULL.
 */
export function ksockIoctl(
  _kernel: Kernel,
  socket: KernelSocket,
  { cmd: name, arg }: PointArgs["ksock_ioctl"],
): Outcome<"ksock_ioctl"> {
  const cmd = illumosNumber(ILLUMOS_IOCTL, name);
  if (isForbidden(name, cmd)) return fail("EOPNOTSUPP");
  const pending = takePending(socket);
  if (pending !== undefined) return fail(pending);
  const { half } = socket;
  switch (cmd) {
    case ILLUMOS_IOCTL.FIONBIO:
      if (arg === undefined) return fail("EFAULT");
      socket.nonblocking = arg !== 0;
      return ok({ arg });
    case ILLUMOS_IOCTL.FIONREAD:
      if (arg === undefined) return fail("EFAULT");
      return ok({ arg: half.t === "tcp" ? queuedBytes(socket, half.tcp) : socket.heard });
    case ILLUMOS_IOCTL.SIOCATMARK:
      if (half.t === "udp") return fail("EINVAL");
      if (arg === undefined) return fail("EFAULT");
      return ok({ arg: isAtMark(socket, half.tcp) ? 1 : 0 });
    default:
      return fail("EINVAL");
  }
}
