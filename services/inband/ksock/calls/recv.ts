import { assert } from "../../../abi/assert.ts";
import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_MSG, illumosFlags } from "../../../abi/illumos.ts";
import { joined, NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import { pendingError, takePending } from "../pending.ts";
import { beginReading } from "../reading.ts";
import { AT_ONCE, patienceOf, sleep } from "../sleep.ts";
import { isAtMark, peekStream, queuedBytes, takeStream } from "../stream.ts";
import type { KernelSocket } from "../table.ts";
import { receiveDatagram } from "./recv-udp.ts";
import { receiveUrgent } from "./recv-urgent.ts";
import { received, type Manner, type Received } from "./received.ts";

type Args = PointArgs["ksock_recv"];

/** So much goes into one answer; MSG_WAITALL is told to ask again for more. */
const ANSWER_BYTES = 1_048_576;

/**
 * ksock_recv; ksocket_recvfrom and ksocket_recvmsg also learn from whom, and with what beside (facts 3.7). What is queued comes
 * first, then an error that is pending, then the end of file, which stays; then it waits, at most SO_RCVTIMEO, 100 s for one answer.
 *
 * @returns EFAULT; ENOTCONN; EOPNOTSUPP: urgent data of a datagram socket; EINVAL, EAGAIN: facts 7; EAGAIN: somebody else receives,
 * or nothing came; the error; EINTR.
 */
export async function ksockRecv(
  kernel: Kernel,
  socket: KernelSocket,
  args: Args,
  context: Context,
): Promise<Outcome<"ksock_recv">> {
  const { half, options } = socket;
  if (args.msg_null && args.msgsize > 0) return fail("EFAULT");
  // Only four flags mean anything; the others are masked off, MSG_TRUNC too (D25).
  const flags = illumosFlags(ILLUMOS_MSG, args.flags) ?? 0;
  const urgent = (flags & ILLUMOS_MSG.MSG_OOB) !== 0;
  // FIONBIO that comes while it waits is for the next call, and not for the rest of this one.
  const dontwait = (socket.nonblocking && args.until_ns === 0) || (flags & ILLUMOS_MSG.MSG_DONTWAIT) !== 0;
  const manner: Manner = {
    peek: (flags & ILLUMOS_MSG.MSG_PEEK) !== 0,
    dontwait,
    patience: dontwait ? AT_ONCE : patienceOf(kernel, options.rcvtimeoUs, args.until_ns),
  };
  if (half.t === "udp") {
    return urgent ? fail("EOPNOTSUPP") : receiveDatagram(kernel, context, socket, half.udp, args, manner);
  }
  if (!socket.connected && !socket.cantReceive) return fail("ENOTCONN");
  if (urgent) return receiveUrgent(socket, args.msgsize, manner.peek);
  if (args.msgsize === 0) {
    const errno = manner.peek ? pendingError(socket) : takePending(socket);
    return errno === undefined ? received(NO_BYTES) : fail(errno);
  }
  const all = (flags & ILLUMOS_MSG.MSG_WAITALL) !== 0 && !manner.peek;
  return receiveStream(kernel, context, socket, half.tcp, args, manner, all);
}

async function receiveStream(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  args: Args,
  manner: Manner,
  all: boolean,
): Promise<Received> {
  const reading = await beginReading(kernel, context, socket, manner);
  const short = (errno: "EAGAIN" | "EINTR"): Received => (args.taken > 0 ? received(NO_BYTES) : fail(errno));
  if (reading === "again") return received(NO_BYTES, { again: true, until_ns: manner.patience.untilNs });
  if (reading === "expired") return short("EAGAIN");
  if (reading === "EINTR") return short("EINTR");
  try {
    return await whileReading(kernel, context, socket, tcp, args, manner, all);
  } finally {
    reading.end();
  }
}

/** What one receive takes, with the read lock held. */
async function whileReading(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  { msgsize, taken }: Args,
  { peek, dontwait, patience }: Manner,
  all: boolean,
): Promise<Received> {
  const room = Math.min(msgsize, ANSWER_BYTES);
  const parts: Uint8Array[] = [];
  let count = 0;
  const soFar = (again = false): Received => received(joined(parts), { again, until_ns: patience.untilNs });
  const short = (errno: "EAGAIN" | "EINTR"): Received => (count + taken > 0 ? soFar() : fail(errno));
  for (;;) {
    const bytes = (peek ? peekStream : takeStream)(kernel, context, socket, tcp, room - count);
    if (bytes.length > 0) parts.push(bytes);
    count += bytes.length;
    assert(count <= room, "no more is received than there is room for");
    if (count > 0 && (!all || count === msgsize)) return soFar();
    if (count === room) return soFar(true);
    // R8: MSG_WAITALL stops at the mark, too.
    if (count + taken > 0 && isAtMark(socket, tcp)) return soFar();
    // Whatever was taken is lost with an error that is no excuse to stop (facts 2).
    const errno = peek ? pendingError(socket) : takePending(socket);
    if (errno !== undefined) return fail(errno);
    if (socket.cantReceive) return soFar();
    if (dontwait) return short("EAGAIN");
    const ready = (): boolean =>
      queuedBytes(socket, tcp) > 0 ||
      socket.cantReceive ||
      pendingError(socket) !== undefined ||
      (count + taken > 0 && isAtMark(socket, tcp));
    const woken = await sleep(kernel, context, socket, { ready, patience, what: "recv" });
    if (woken === "EINTR") return short("EINTR");
    if (woken === "expired") return short("EAGAIN");
    if (woken === "again") return soFar(true);
  }
}
