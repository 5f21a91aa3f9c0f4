import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { illumosFlagsText, ILLUMOS_MSG } from "../../../abi/illumos.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail } from "../../../abi/result.ts";
import type { Kernel } from "../../kernel.ts";
import type { Datagram, UdpSocket } from "../../model/udp/socket.ts";
import { addressFor } from "../address.ts";
import { ancillaryOf } from "../ancillary.ts";
import { pendingError, takePending } from "../pending.ts";
import { beginReading } from "../reading.ts";
import { sleep } from "../sleep.ts";
import type { KernelSocket } from "../table.ts";
import { received, type Manner, type Received } from "./received.ts";

/**
 * Receives one datagram: what does not fit is gone, and MSG_TRUNC says so. Without any room it never waits, and the datagram is
 * thrown away (facts 3.7). MSG_WAITALL means nothing here.
 */
export async function receiveDatagram(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  udp: UdpSocket,
  args: PointArgs["ksock_recv"],
  manner: Manner,
): Promise<Received> {
  const { dontwait, patience } = manner;
  const again = (): Received => received(NO_BYTES, { again: true, until_ns: patience.untilNs });
  if (args.msgsize === 0) return attempt(socket, udp, args, manner) ?? received(NO_BYTES);
  const reading = await beginReading(kernel, context, socket, manner);
  if (reading === "again") return again();
  if (reading === "expired") return fail("EAGAIN");
  if (reading === "EINTR") return fail("EINTR");
  try {
    for (;;) {
      const got = attempt(socket, udp, args, manner);
      if (got !== undefined) return got;
      if (dontwait) return fail("EAGAIN");
      const ready = (): boolean => udp.queue.length > 0 || socket.cantReceive || pendingError(socket) !== undefined;
      const woken = await sleep(kernel, context, socket, { ready, patience, what: "recv" });
      if (woken === "EINTR") return fail("EINTR");
      if (woken === "expired") return fail("EAGAIN");
      if (woken === "again") return again();
    }
  } finally {
    reading.end();
  }
}

/** What there is to receive: a datagram, an error, or the end of file. Undefined: nothing. */
function attempt(
  socket: KernelSocket,
  { queue }: UdpSocket,
  args: PointArgs["ksock_recv"],
  { peek }: Manner,
): Received | undefined {
  const datagram = peek ? queue.peek() : queue.shift();
  if (datagram !== undefined) {
    if (!peek) socket.heard -= datagram.payload.length;
    return told(socket, datagram, args);
  }
  const errno = peek ? pendingError(socket) : takePending(socket);
  if (errno !== undefined) return fail(errno);
  return socket.cantReceive ? received(NO_BYTES) : undefined;
}

function told(socket: KernelSocket, datagram: Datagram, { msgsize, controllen }: PointArgs["ksock_recv"]): Received {
  const { payload, from } = datagram;
  const control = ancillaryOf(socket, datagram);
  const flags =
    (payload.length > msgsize ? ILLUMOS_MSG.MSG_TRUNC : 0) |
    (controllen > 0 && control.length > controllen ? ILLUMOS_MSG.MSG_CTRUNC : 0);
  return received(payload.length > msgsize ? payload.slice(0, msgsize) : payload, {
    flags: illumosFlagsText(ILLUMOS_MSG, flags),
    addr: addressFor(socket, from),
    control: control.slice(0, controllen),
  });
}
