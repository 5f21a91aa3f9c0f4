import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { putSk } from "./destruct.ts";
import { stateOf, type Stream } from "./stream.ts";
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
      return;
    case "state":
    case "closed":
      settled(kernel, context, socket, stream);
      break;
    case "urgent":
      stream.urgent = { offset: notice.offset, taken: false };
      break;
    case "data":
      stream.arrived = { trace: context.trace, span: context.span };
      break;
    case "connected":
    case "fin":
    case "room":
    case "newconn":
      break;
  }
  wakeSocket(kernel, context, sk);
}

/**
 * The connection of a socket may be over, or the peer may have all that was sent: who lingers in close(2) need not wait longer,
 * and an orphan refers to its socket no more, which is TIME-WAIT already (`tcp_time_wait`).
 */
function settled(kernel: Kernel, context: Context, socket: Socket, stream: Stream): void {
  const state = stateOf(stream.tcp);
  if (state !== "FIN-WAIT-1" && state !== "CLOSING" && state !== "LAST-ACK") stream.lingerer?.();
  if (state !== "CLOSED" || !stream.held) return;
  stream.held = false;
  void putSk(kernel, context, socket);
}
