import type { PointArgs } from "../../abi/contract.generated.ts";
import { POLL } from "../../abi/flags.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { driverOf, withFile } from "../steps/fput.ts";

/** DEFAULT_POLLMASK: what a file without a poll of its own is always ready for. */
const ALWAYS = POLL.POLLIN | POLL.POLLOUT;

/**
 * poll(2) of one descriptor. In-band, no lock held; holds the file as long as it waits.
 *
 * @returns EBADF: not open, where Linux would answer POLLNVAL among the events: an experiment names a wrong descriptor by
 * mistake only; what the in-band stack says of a socket; EIO: its answer was lost.
 */
export const sysPoll = (
  kernel: Kernel,
  current: Current,
  { fd, events, timeout_ns }: PointArgs["sys_poll"],
): Promise<Outcome<"sys_poll">> =>
  withFile(kernel, current, fd, async (file) => {
    const polled = await driverOf(kernel, file).poll?.(current.context, file, events, timeout_ns);
    if (polled === undefined) return ok({ revents: events & ALWAYS });
    return polled.ok ? ok({ revents: polled.value }) : polled;
  });
