import type { TcpSocket } from "../model/tcp/socket.ts";
import type { KernelSocket } from "./table.ts";

/**
 * Flow control of sending (facts 3.6): a flag, and no exact account. A chunk is accepted whole as long as no more than SO_SNDBUF
 * is queued, sent or not; then sending is stopped until a tenth is left.
 */

/** What TCP itself may hold beyond SO_SNDBUF: the chunk that was accepted last, and urgent data, which flow control lets through. */
const BEYOND_BYTES = 1_114_112;

/** What TCP is told of a SO_SNDBUF: it never refuses what flow control here accepts. */
export const tcpSndbuf = (sndbuf: number): number => sndbuf + BEYOND_BYTES;

/** How many bytes are queued to be sent, or sent and not acknowledged. */
const queuedToSend = ({ connection }: TcpSocket): number => connection?.outgoing.length ?? 0;

/** tcp_maxpsz_set: ten full segments, at most half the buffer. */
const chunkBytes = ({ options }: KernelSocket, mss: number): number =>
  Math.max(1, Math.min(10 * mss, Math.floor(options.sndbuf / 2)));

/** How many of so many bytes are accepted now. */
export function accepted(socket: KernelSocket, tcp: TcpSocket, bytes: number): number {
  const chunk = chunkBytes(socket, tcp.connection?.settings.mss ?? 536);
  const queued = queuedToSend(tcp);
  let taken = 0;
  while (taken < bytes && queued + taken <= socket.options.sndbuf) taken += Math.min(chunk, bytes - taken);
  return taken;
}

/** Whether sending is to be stopped when so many bytes more are queued. */
export const isAboveHighWater = ({ options }: KernelSocket, tcp: TcpSocket, more: number): boolean =>
  queuedToSend(tcp) + more > options.sndbuf;

/** Whether sending that was stopped may go on. */
export const isBelowLowWater = (socket: KernelSocket, tcp: TcpSocket): boolean =>
  queuedToSend(tcp) <= socket.options.sndbuf / 10;

/** Q3: how many bytes can be sent without waiting. */
export const freeBytes = (socket: KernelSocket, tcp: TcpSocket): number =>
  Math.max(1, socket.options.sndbuf - queuedToSend(tcp));
