import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { KernelSocket } from "../table.ts";
import { received } from "./received.ts";

/**
 * MSG_OOB of a stream (`sorecvoob`, facts 7, R1 to R4), which never waits. EINVAL: urgent data comes inline, none is pending, or
 * it was received. EAGAIN: the mark is here, the byte is not.
 */
export function receiveUrgent(
  { urgent, options }: KernelSocket,
  msgsize: number,
  peek: boolean,
): Outcome<"ksock_recv"> {
  if (options.oobInline || !urgent.pending || urgent.had) return fail("EINVAL");
  const { have } = urgent;
  if (have === undefined) return fail("EAGAIN");
  if (!peek) {
    urgent.have = undefined;
    urgent.had = true;
  }
  return received(msgsize === 0 ? NO_BYTES : Uint8Array.of(have));
}
