import type { Context } from "../../abi/context.ts";
import { MSG } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import { sendTcp } from "../model/stack/tcp-calls.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { stateOf, type Stream } from "./stream.ts";
import type { Socket } from "./table.ts";
import { waitFor } from "./wait.ts";

/**
 * Sends through a stream socket (`tcp_sendmsg`): waits until all bytes have found room, as long as SO_SNDTIMEO says; with
 * MSG_DONTWAIT it takes what there is room for. An address is ignored, as in Linux. The last byte is urgent with MSG_OOB.
 *
 * @returns how many bytes were taken, also where something went wrong after the first of them; otherwise: EPIPE: never
 * connected, shut down, or over (an emulated task gets no SIGPIPE, so MSG_NOSIGNAL changes nothing); the error of a
 * connection that ended, once; EAGAIN: no room, or no connection yet; EINTR (`waitFor`).
 */
export async function sendStream(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  stream: Stream,
  { data, flags }: { readonly data: Uint8Array; readonly flags: number },
): Promise<Result<number>> {
  const progress = { sent: 0 };
  const attempt = (): Result<number> | undefined => sendMore(kernel, context, stream, data, flags, progress);
  const atOnce = attempt();
  if (atOnce !== undefined) return atOnce;
  const waited =
    (flags & MSG.MSG_DONTWAIT) !== 0
      ? fail("EAGAIN")
      : await waitFor<number>(kernel, context, socket, {
          attempt,
          timeoutNs: stream.sndtimeoNs,
          expired: fail("EAGAIN"),
          what: "room",
        });
  return !waited.ok && progress.sent > 0 ? ok(progress.sent) : waited;
}

/** Sends as much as there is room for. Undefined: something is left, and there may be room later. */
function sendMore(
  kernel: Kernel,
  context: Context,
  stream: Stream,
  data: Uint8Array,
  flags: number,
  progress: { sent: number },
): Result<number> | undefined {
  const { tcp } = stream;
  const state = stateOf(tcp);
  const ended = (): Result<number> => {
    if (progress.sent > 0) return ok(progress.sent);
    return fail(takeError(tcp) ?? "EPIPE");
  };
  // `sk_stream_wait_connect`, then the error and the shut direction (`do_error`).
  if (state === "SYN-SENT" || state === "SYN-RECEIVED") return tcp.error === undefined ? undefined : ended();
  if (tcp.error !== undefined || tcp.sndShutdown) return ended();
  if (state !== "ESTABLISHED" && state !== "CLOSE-WAIT") return ended();
  const options = { urgent: (flags & MSG.MSG_OOB) !== 0, more: (flags & MSG.MSG_MORE) !== 0 };
  // A peer on this host has acknowledged by the end of the step, so there may be room again.
  for (let taken = -1; taken !== 0 && progress.sent < data.length;) {
    const rest = data.subarray(progress.sent);
    taken = kernel.run(context, (nowNs) => sendTcp(kernel.stack, tcp, rest, options, nowNs));
    progress.sent += taken;
  }
  return progress.sent === data.length ? ok(progress.sent) : undefined;
}
