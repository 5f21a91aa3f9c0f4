import type { Context } from "../../abi/context.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import type { Kernel } from "../kernel.ts";
import type { TcpNotice } from "../model/stack/state.ts";
import { abortTcp, unbindTcp } from "../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../model/tcp/socket.ts";
import { byteAt, readable, readOffset } from "../model/tcp/user-calls.ts";
import { forgetName } from "./address.ts";
import { announce } from "./announce.ts";
import { freeBytes, isBelowLowWater } from "./flow.ts";
import type { KernelSocket } from "./table.ts";
import { flushStream } from "./stream.ts";
import { tellState } from "./tell-state.ts";
import { byteArrives, holesWithin, markArrives } from "./urgent.ts";

type Closed = Extract<TcpNotice, { readonly t: "closed" }>;

/** What a TCP connection, or a listener, says: the marks of the socket follow it, and the callbacks are told (facts 8.3). */
export function hearTcp(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  notice: TcpNotice,
): void {
  switch (notice.t) {
    case "connected":
      socket.connecting = false;
      socket.connected = true;
      tellState(kernel, context, socket, "connected");
      announce(kernel, context, socket, { t: "connected" });
      return;
    case "newconn":
      tellState(kernel, context, socket, "newconn");
      announce(kernel, context, socket, { t: "newconn" });
      return;
    case "data":
      dataCame(kernel, context, socket, tcp, notice.offset, notice.offset + notice.bytes);
      return;
    case "urgent":
      markCame(kernel, context, socket, tcp, notice.offset);
      return;
    case "fin":
      socket.peerEnded = true;
      socket.cantReceive = true;
      tellState(kernel, context, socket, "peer_ended");
      announce(kernel, context, socket, { t: "cantrecvmore" });
      tellEnd(kernel, context, socket);
      return;
    case "fin-sent":
      socket.finSent = true;
      tellEnd(kernel, context, socket);
      return;
    case "room":
      if (socket.stopped && isBelowLowWater(socket, tcp)) resume(kernel, context, socket, tcp);
      return;
    case "closed":
      ended(kernel, context, socket, tcp, notice);
      return;
    case "open":
    case "state":
    case "retransmit":
      return;
  }
}

/** Both directions have ended in order, our FIN sent and the peer's received: the prototype's `disconnected(0)`, once (Q5). */
export function tellEnd(kernel: Kernel, context: Context, socket: KernelSocket): void {
  if (!socket.shutWrite || !socket.finSent || !socket.peerEnded || socket.toldEnd) return;
  socket.toldEnd = true;
  announce(kernel, context, socket, { t: "ended" });
}

/** Flow control lets go: who waits to send may go on. */
export function resume(kernel: Kernel, context: Context, socket: KernelSocket, tcp: TcpSocket): void {
  socket.stopped = false;
  announce(kernel, context, socket, { t: "cansend", free: freeBytes(socket, tcp) });
}

/** Bytes [from, to) of the stream became readable. The urgent byte among them is told apart, in its place. */
function dataCame(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  tcp: TcpSocket,
  from: number,
  to: number,
): void {
  const { urgent, options } = socket;
  socket.heard = to;
  if (socket.lingering) {
    // Nobody will ever read it: the peer is told so (facts 9).
    kernel.run(context, (nowNs) => abortTcp(kernel.stack, tcp, nowNs));
    return;
  }
  if (socket.shutRead && kernel.node.ksock?.linuxShutdownRead !== true) {
    flushStream(kernel, context, socket, tcp);
    return;
  }
  const { mark } = urgent;
  if (!urgent.pending || urgent.arrived || mark < from || mark >= to) {
    tellData(kernel, context, socket, tcp, to - from, to);
    return;
  }
  if (mark > from) tellData(kernel, context, socket, tcp, mark - from, mark);
  urgentByteCame(kernel, context, socket, tcp, options.oobInline);
  if (to > mark + 1) tellData(kernel, context, socket, tcp, to - mark - 1, to);
}

/** So many normal bytes arrived, the last of them just before `to`. */
function tellData(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  { connection }: TcpSocket,
  arrived: number,
  to: number,
): void {
  const start = connection === undefined ? to : readOffset(connection);
  const total = to - start - holesWithin(socket.urgent, start, to);
  announce(kernel, context, socket, { t: "newdata", arrived, total: Math.max(arrived, total) });
}

function urgentByteCame(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  { connection }: TcpSocket,
  inline: boolean,
): void {
  const byte = connection === undefined ? undefined : byteAt(connection, socket.urgent.mark);
  byteArrives(socket.urgent, byte ?? 0, inline);
  announce(kernel, context, socket, { t: "oobdata" });
}

/** U1. Where the byte is here already, as normal data that nobody has read, it is urgent from now on. */
function markCame(kernel: Kernel, context: Context, socket: KernelSocket, tcp: TcpSocket, offset: number): void {
  const { connection } = tcp;
  if (connection === undefined || offset < readOffset(connection) || socket.cantReceive) return;
  markArrives(socket.urgent, offset);
  if (offset < socket.heard && offset < readOffset(connection) + readable(connection))
    urgentByteCame(kernel, context, socket, tcp, socket.options.oobInline);
}

/**
 * A connection, or the attempt to make one, is over. In order: nothing that anybody is told of. With an error: the next call gets
 * that, neither direction works any more, the port is given back; `disconnected` alone tells it (facts 8.3).
 */
function ended(kernel: Kernel, context: Context, socket: KernelSocket, tcp: TcpSocket, notice: Closed): void {
  const attempt = socket.connecting;
  const errno = errnoOf(notice, socket);
  tcp.error = undefined;
  socket.connecting = false;
  if (errno === undefined) return;
  if (socket.stopped) resume(kernel, context, socket, tcp);
  socket.connected = false;
  socket.cantSend = true;
  socket.cantReceive = true;
  socket.error = errno;
  if (!socket.closing) {
    unbindTcp(kernel.stack, tcp);
    forgetName(socket);
  }
  tellState(kernel, context, socket, attempt ? "failed" : "disconnected", errno);
  announce(kernel, context, socket, { t: attempt ? "connectfailed" : "disconnected", errno });
}

/**
 * Undefined: it ended in order, or by our own hand, or where nothing was left to lose (CLOSING, LAST-ACK, TIME-WAIT). illumos enters
 * those when its FIN goes out (`tcp_xmit_mp`), we when it is queued: behind data that cannot go there is much to lose.
 */
function errnoOf({ why, errno, from }: Closed, { connecting, finSent }: KernelSocket): Errno | undefined {
  switch (why) {
    case "finished":
    case "aborted":
      return undefined;
    case "refused":
      return "ECONNREFUSED";
    case "reset":
      if (connecting) return "ECONNREFUSED";
      if (!finSent) return "ECONNRESET";
      return from === "CLOSING" || from === "LAST-ACK" || from === "TIME-WAIT" ? undefined : "ECONNRESET";
    case "timeout":
    case "keepalive":
      return errno === undefined ? "ETIMEDOUT" : unreachable(errno);
    case "unreachable":
      return unreachable(errno);
  }
}

/** What ICMP told, in the three words that illumos has for it (`tcp_icmp_input`). */
function unreachable(errno: Errno | undefined): Errno {
  switch (errno) {
    case "ECONNREFUSED":
    case "ENOPROTOOPT":
      return "ECONNREFUSED";
    case "ENETUNREACH":
      return "ENETUNREACH";
    default:
      return "EHOSTUNREACH";
  }
}
