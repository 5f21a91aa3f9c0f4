import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_MSG, illumosFlags } from "../../../abi/illumos.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import { runsOut } from "../../../boundary/resources.ts";
import type { Kernel } from "../../kernel.ts";
import { sendTcp } from "../../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import { accepted, isAboveHighWater } from "../flow.ts";
import { pendingError, takePending } from "../pending.ts";
import { AT_ONCE, patienceOf, sleep } from "../sleep.ts";
import type { KernelSocket } from "../table.ts";
import { sendDatagram } from "./send-udp.ts";

type Args = PointArgs["ksock_send"];
type Sent = Outcome<"ksock_send">;

const sent = (count: number, until_ns = 0): Sent => ok({ sent: count, again: false, until_ns });

/**
 * ksock_send, with an address ksocket_sendto, with ancillary data ksocket_sendmsg (facts 3.6). A blocking call takes all, and waits
 * at most SO_SNDTIMEO, 100 s for one answer. In-band, no lock. There is no SIGPIPE.
 *
 * @returns for each chunk, in this order: EPIPE, which beats ECONNRESET; an error that is pending; ENOTCONN; EOPNOTSUPP; EAGAIN.
 * Once some of it was taken EINTR and EAGAIN are a short count, and any other error stands.
 */
export async function ksockSend(
  kernel: Kernel,
  socket: KernelSocket,
  args: Args,
  context: Context,
): Promise<Outcome<"ksock_send">> {
  const { half } = socket;
  if (args.msg === undefined && args.msgsize > 0) return fail("EFAULT");
  const flags = illumosFlags(ILLUMOS_MSG, args.flags) ?? 0;
  if (half.t === "udp") {
    const datagram = sendDatagram(kernel, context, socket, half.udp, args, flags);
    return datagram.ok ? sent(datagram.value) : datagram;
  }
  return sendStream(kernel, context, socket, half.tcp, args, flags);
}

async function sendStream(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  args: Args,
  flags: number,
): Promise<Sent> {
  const { msg = NO_BYTES, taken, control } = args;
  const urgent = (flags & ILLUMOS_MSG.MSG_OOB) !== 0;
  // FIONBIO that comes while it waits is for the next call, and not for the rest of this one.
  const dontwait = (socket.nonblocking && args.until_ns === 0) || (flags & ILLUMOS_MSG.MSG_DONTWAIT) !== 0;
  const patience = dontwait ? AT_ONCE : patienceOf(kernel, socket.options.sndtimeoUs, args.until_ns);
  const { untilNs } = patience;
  const short = (count: number, errno: "EAGAIN" | "EINTR"): Sent =>
    count + taken > 0 ? sent(count, untilNs) : fail(errno);
  for (let count = 0; ;) {
    if (socket.cantSend) return fail("EPIPE");
    const pending = takePending(socket);
    if (pending !== undefined) return fail(pending);
    if (!socket.connected) return fail("ENOTCONN");
    if (control.length > 0) return fail("EOPNOTSUPP");
    if (count === 0 && runsOut(kernel, context, "wmem")) return taken > 0 ? sent(0) : fail("ENOMEM");
    count += pass(kernel, context, socket, tcp, count === 0 ? msg : msg.subarray(count), urgent);
    if (count === msg.length) return sent(count, untilNs);
    if (!socket.stopped) continue;
    if (dontwait) return short(count, "EAGAIN");
    const ready = (): boolean => !socket.stopped || socket.cantSend || pendingError(socket) !== undefined;
    const woken = await sleep(kernel, context, socket, { ready, patience, what: "send" });
    if (woken === "EINTR") return short(count, "EINTR");
    if (woken === "expired") return short(count, "EAGAIN");
    if (woken === "again") return ok({ sent: count, again: true, until_ns: untilNs });
  }
}

/** Hands TCP what it accepts now, and stops sending when that was too much. Flow control does not hold urgent data back. */
function pass(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  bytes: Uint8Array,
  urgent: boolean,
): number {
  if (socket.stopped && !urgent) return 0;
  const count = urgent ? bytes.length : accepted(socket, tcp, bytes.length);
  if (count === 0) {
    socket.stopped ||= bytes.length > 0;
    return 0;
  }
  // Before the step, in which on this very host all of it may arrive, be acknowledged, and let flow control go.
  socket.stopped ||= isAboveHighWater(socket, tcp, count);
  const chunk = count === bytes.length ? bytes : bytes.subarray(0, count);
  const took = kernel.run(context, (nowNs) => sendTcp(kernel.stack, tcp, chunk, { urgent }, nowNs));
  // Urgent data beyond all that TCP holds.
  if (took < count && !socket.cantSend) socket.stopped = true;
  return took;
}
