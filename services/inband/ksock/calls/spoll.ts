import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_POLL, illumosFlags, illumosFlagsText } from "../../../abi/illumos.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { pendingError } from "../pending.ts";
import { answerBy, sleep, untilOf } from "../sleep.ts";
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
  const answer = (more: { again?: boolean; until_ns?: number } = {}): Outcome<"ksocket_spoll"> =>
    ok({ revents: illumosFlagsText(ILLUMOS_POLL, readiness(socket) & asked), again: false, until_ns: 0, ...more });
  const ready = (): boolean => (readiness(socket) & asked) !== 0;
  if (timeout_ms === 0) return answer();
  const [untilNs, answerNs] = [untilOf(kernel, timeout_ms * 1000, until_ns), answerBy(kernel)];
  // Whoever is woken looks again: while the callback ran, somebody else may have taken what there was.
  while (!ready()) {
    const woken = await sleep(kernel, context, socket, { ready, untilNs, answerNs, what: "poll" });
    if (woken === "EINTR") return fail("EINTR");
    if (woken === "expired") break;
    if (woken === "again") return answer({ again: true, until_ns: untilNs });
  }
  return answer();
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
