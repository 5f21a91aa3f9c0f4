import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { MSG } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { tellTaken } from "../sockets/deliveries.ts";
import { takeMessage } from "../sockets/readiness.ts";
import { newProgress, receiveStream, type Received } from "../sockets/stream-receive.ts";
import type { Stream } from "../sockets/stream.ts";
import type { Socket } from "../sockets/table.ts";
import { waitFor } from "../sockets/wait.ts";

/**
 * recv(2) and its like. In-band, no lock; waits for a message as long as SO_RCVTIMEO says, unless MSG_DONTWAIT is given.
 * What does not fit is cut off, MSG_TRUNC says so, and `length` tells the whole. Fact: sock_take, of a message that was there.
 *
 * @returns EBADF; EAGAIN: nothing came; an error that was pending; EOPNOTSUPP (PF_OOB); EINTR (`waitFor`).
 */
export async function sockRecvmsg(
  kernel: Kernel,
  { sock, count, flags }: PointArgs["sock_recvmsg"],
  context: Context,
): Promise<Outcome<"sock_recvmsg">> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  if (socket.half.t === "tcp") return receiveFromStream(kernel, context, socket, socket.half.stream, { count, flags });
  const attempt = (): ReturnType<typeof takeMessage> => takeMessage(socket, flags);
  const dontwait = (flags & MSG.MSG_DONTWAIT) !== 0;
  const atOnce = attempt();
  if (atOnce?.ok === true) tellTaken(kernel, context, socket, atOnce.value);
  const taken =
    atOnce ??
    (dontwait
      ? fail("EAGAIN")
      : await waitFor(kernel, context, socket, {
          attempt,
          timeoutNs: socket.rcvtimeoNs,
          expired: fail("EAGAIN"),
          what: "data",
        }));
  if (!taken.ok) return taken;
  const { bytes, addr } = taken.value;
  const truncated = bytes.length > count;
  return ok({
    data: truncated ? bytes.slice(0, count) : bytes,
    addr,
    flags: truncated ? MSG.MSG_TRUNC : 0,
    length: bytes.length,
  });
}

/** What a receive is asked for. */
interface Asked {
  readonly count: number;
  readonly flags: number;
}

/** Bytes of a stream: waits for as many as SO_RCVLOWAT or MSG_WAITALL ask for. What it has when the time is over it answers. */
async function receiveFromStream(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  stream: Stream,
  asked: Asked,
): Promise<Outcome<"sock_recvmsg">> {
  const progress = newProgress();
  const attempt = (): Result<Received> | undefined => receiveStream(kernel, context, stream, asked, progress);
  const atOnce = attempt();
  if (atOnce?.ok === true && stream.arrived !== undefined && progress.got > 0) {
    const { trace, span } = stream.arrived;
    kernel.events.fact(context, "sock_take", { sk: socket.sk, task: context.task }, { by_trace: trace, by_span: span });
  }
  const taken =
    atOnce ??
    (await waitFor<Received>(kernel, context, socket, {
      attempt,
      timeoutNs: socket.rcvtimeoNs,
      // Who asks for nothing waits once (`while (len > 0)`).
      expired: asked.count === 0 ? ok({ data: NO_ADDRESS, length: 0, flags: 0 }) : fail("EAGAIN"),
      what: "data",
    }));
  if (taken.ok) return ok({ ...taken.value, addr: NO_ADDRESS });
  // Bytes that were taken are never lost: a wait that ends answers them.
  const some = progress.got > 0 ? receiveStream(kernel, context, stream, asEnough(asked), progress) : undefined;
  return some?.ok === true ? ok({ ...some.value, addr: NO_ADDRESS }) : taken;
}

/** The same receive, which waits no longer. */
const asEnough = ({ count, flags }: Asked): Asked => ({ count, flags: flags | MSG.MSG_DONTWAIT });

/** A stream does not say who sent its bytes. */
const NO_ADDRESS = new Uint8Array(0);
