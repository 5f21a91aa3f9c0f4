import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { putSk } from "./destruct.ts";
import { receiveTcp } from "../model/stack/tcp-calls.ts";
import type { TcpStateName } from "../model/tcp/state.ts";
import { byteAt, readOffset } from "../model/tcp/user-calls.ts";
import { isSmall, type Stream } from "./stream.ts";
import type { Socket } from "./table.ts";
import type { TcpEffect } from "./tcp-facts.ts";
import { wakeSocket } from "./wait.ts";

/** Something happened to a task's stream socket: it is noted, and whoever waits for it looks again. */
export function streamTold(kernel: Kernel, context: Context, { sk, notice }: TcpEffect): void {
  const socket = kernel.sockets.ofSk(sk);
  if (socket?.half.t !== "tcp") return;
  const { stream } = socket.half;
  switch (notice.t) {
    case "open":
    case "retransmit":
    case "fin-sent":
      return;
    case "state":
      entered(kernel, context, socket, stream, notice.to);
      break;
    case "urgent":
      leaveBehind(kernel, context, stream);
      stream.urgent = { offset: notice.offset, taken: false };
      break;
    case "data":
      stream.arrived = { trace: context.trace, span: context.span };
      break;
    case "closed":
    case "connected":
    case "fin":
    case "room":
    case "newconn":
      break;
  }
  wakeSocket(kernel, context, sk);
}

/**
 * Another urgent byte is announced. Who has read up to the last one never gets that in line, taken or not; whoever has not, does: it
 * is urgent no more (`tcp_check_urg`).
 */
function leaveBehind(kernel: Kernel, context: Context, { tcp, urgent, oobInline }: Stream): void {
  const { connection } = tcp;
  if (urgent === undefined || oobInline || connection === undefined) return;
  if (readOffset(connection) !== urgent.offset || byteAt(connection, urgent.offset) === undefined) return;
  kernel.run(context, (nowNs) => receiveTcp(kernel.stack, tcp, 1, {}, nowNs));
}

/**
 * The connection of a socket is in another state. Who lingers in close(2) need not wait longer when the peer has all that was
 * sent; and an orphan refers to its socket no more from FIN-WAIT-2 on. A step may go through several states.
 */
function entered(kernel: Kernel, context: Context, socket: Socket, stream: Stream, state: TcpStateName): void {
  if (state !== "FIN-WAIT-1" && state !== "CLOSING" && state !== "LAST-ACK") stream.lingerer?.();
  if (!stream.held || !isSmall(state)) return;
  stream.held = false;
  void putSk(kernel, context, socket);
}
