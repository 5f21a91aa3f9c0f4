import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_POLL, illumosFlags, illumosFlagsText } from "../../../abi/illumos.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { pendingError } from "../pending.ts";
import { patienceOf, sleep } from "../sleep.ts";
import { queuedBytes } from "../stream.ts";
import type { KernelSocket } from "../table.ts";

/**
 * ksocket_spoll (facts 3.13): waits for one of the events for so many milliseconds, not at all with 0, for ever with less. Every
 * change of the socket wakes it, with and without callbacks. EINVAL: nowhere to put the answer. EINTR: closed meanwhile.
 */
export async function ksocketSpoll(
  kernel: Kernel,
  socket: KernelSocket,
  { timeout_ms, events, revents_null, until_ns }: PointArgs["ksocket_spoll"],
  context: Context,
): Promise<Outcome<"ksocket_spoll">> {
  if (revents_null) return fail("EINVAL");
  const asked = (illumosFlags(ILLUMOS_POLL, events) ?? 0) | ILLUMOS_POLL.POLLHUP;
  const told = (revents: number, again = false): Outcome<"ksocket_spoll"> =>
    ok({ revents: illumosFlagsText(ILLUMOS_POLL, revents), again, until_ns: again ? patience.untilNs : 0 });
  const now = (): number => readiness(socket) & asked;
  const patience = patienceOf(kernel, timeout_ms * 1000, until_ns);
  for (;;) {
    if (now() !== 0 || timeout_ms === 0) return told(now());
    const woken = await sleep(kernel, context, socket, { ready: () => now() !== 0, patience, what: "poll" });
    if (woken === "EINTR") return fail("EINTR");
    if (woken === "expired") return told(now());
    if (woken === "again") return told(0, true);
    // Who was woken with it may have taken what there was: nothing is no answer to who waits for something.
  }
}

/** What a socket is ready for (`so_poll`). POLLERR is never told: an error makes it readable and writable (D33). */
function readiness(socket: KernelSocket): number {
  const { POLLIN, POLLPRI, POLLOUT, POLLHUP, POLLRDNORM, POLLRDBAND, POLLWRBAND, POLLRDHUP } = ILLUMOS_POLL;
  const { half, connected, cantSend, cantReceive, stopped, urgent } = socket;
  const failed = pendingError(socket) !== undefined;
  const waiting =
    half.t === "udp"
      ? half.udp.queue.length > 0
      : queuedBytes(socket, half.tcp) > 0 || half.tcp.listener?.first() !== undefined;
  const writable = (connected || half.t === "udp") && !stopped;
  return (
    (waiting || cantReceive || failed ? POLLIN | POLLRDNORM : 0) |
    (writable || failed ? POLLOUT : 0) |
    (connected ? POLLWRBAND : 0) |
    (urgent.pending ? POLLRDBAND | POLLPRI : 0) |
    (cantReceive ? POLLRDHUP : 0) |
    (cantSend && cantReceive && !connected ? POLLHUP : 0)
  );
}
