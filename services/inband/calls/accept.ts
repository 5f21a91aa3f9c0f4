import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { O } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { UNBOUND } from "../model/udp/socket.ts";
import { newStream, type Stream } from "../sockets/stream.ts";
import type { Socket } from "../sockets/table.ts";
import { acceptConnection } from "../sockets/tcp-facts.ts";
import { waitFor } from "../sockets/wait.ts";

/**
 * accept(2): takes the connection that was completed first, and makes a socket of it without a file; the core is never asked
 * (facts 2.11). In-band, no lock; waits for one, as long as SO_RCVTIMEO says, unless the listening file is O_NONBLOCK. One that
 * the peer has reset meanwhile is accepted as well, and says so when it is used.
 *
 * @returns EBADF; EOPNOTSUPP: no stream socket; EINVAL: it does not listen, or no longer; EAGAIN; EINTR (`waitFor`);
 * ECONNABORTED: the VFS has given this call up, and would get a connection that nobody has.
 */
export async function sockAccept(
  kernel: Kernel,
  { sock, flags, file }: PointArgs["sock_accept"],
  context: Context,
): Promise<Outcome<"sock_accept">> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  const { half } = socket;
  if (half.t !== "tcp") return fail("EOPNOTSUPP");
  const attempt = (): Outcome<"sock_accept"> | undefined => accept(kernel, context, socket, half.stream, file);
  return (
    attempt() ??
    ((flags & O.O_NONBLOCK) !== 0
      ? fail("EAGAIN")
      : waitFor<{ newsock: number; addr: Uint8Array }>(kernel, context, socket, {
          attempt,
          timeoutNs: socket.rcvtimeoNs,
          expired: fail("EAGAIN"),
          what: "connection",
        }))
  );
}

/** Undefined: no connection waits. */
function accept(
  kernel: Kernel,
  context: Context,
  listening: Socket,
  { tcp: listener, ...options }: Stream,
  file: number,
): Outcome<"sock_accept"> | undefined {
  const { sockets, events } = kernel;
  if (listener.t !== "listen") return fail("EINVAL");
  if (sockets.givenUp.delete(file)) return fail("ECONNABORTED");
  const tcp = acceptConnection(kernel, context, listener);
  if (tcp === undefined) return undefined;
  const { family, type, protocol, rcvtimeoNs, remembered } = listening;
  // What was set of the listening socket holds for the connection, too (`sk_clone_lock`).
  const { oobInline, rcvlowat, sndtimeoNs, linger } = options;
  const stream: Stream = { ...newStream(tcp), oobInline, rcvlowat, sndtimeoNs, linger, phase: "connected" };
  stream.formerPort = tcp.local.port;
  const urgent = tcp.urgent;
  if (urgent !== undefined) stream.urgent = { offset: urgent, taken: false };
  const made = sockets.create({ family, type, protocol, file }, () => ({ t: "tcp", stream }), tcp.sk);
  made.rcvtimeoNs = rcvtimeoNs;
  for (const [option, value] of remembered) made.remembered.set(option, value);
  const { sock, sk } = made;
  events.fact(context, "inband_create", { sk }, { family, type, protocol });
  const peer = tcp.peer ?? UNBOUND;
  return ok({ newsock: sock, addr: buildSockaddr({ family: "AF_INET", ...peer }) });
}
