import type { Context } from "../../abi/context.ts";
import { joined, NO_BYTES } from "../../abi/packet/bytes.ts";
import type { Kernel } from "../kernel.ts";
import { receiveTcp } from "../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../model/tcp/socket.ts";
import { readable, readOffset } from "../model/tcp/user-calls.ts";
import type { KernelSocket } from "./table.ts";
import { atMark, forgetHoles, holesWithin, passMark, readLimit, skipHoles } from "./urgent.ts";

/** How many normal bytes can be received, also behind the mark; a byte kept apart is none of them (FIONREAD). */
export function queuedBytes({ urgent }: KernelSocket, { connection }: TcpSocket): number {
  if (connection === undefined) return 0;
  const [from, bytes] = [readOffset(connection), readable(connection)];
  return bytes - holesWithin(urgent, from, from + bytes);
}

/** Whether the next normal byte is at the urgent mark. */
export const isAtMark = ({ urgent }: KernelSocket, { connection }: TcpSocket): boolean =>
  connection !== undefined && atMark(urgent, readOffset(connection));

/** Takes up to `max` normal bytes, none of them from behind a mark that lies ahead (R5). In-band, a step for each stretch. */
export function takeStream(
  kernel: Kernel,
  context: Context,
  { urgent }: KernelSocket,
  tcp: TcpSocket,
  max: number,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const { connection } = tcp;
  let left = connection === undefined ? 0 : max;
  while (connection !== undefined && left > 0) {
    const hole = skipHoles(urgent, readOffset(connection)) - readOffset(connection);
    if (hole > 0) take(kernel, context, tcp, hole);
    const from = readOffset(connection);
    const bytes = Math.min(left, readable(connection), readLimit(urgent, from));
    if (bytes <= 0) break;
    const behind = urgent.pending && from >= urgent.mark;
    parts.push(take(kernel, context, tcp, bytes));
    left -= bytes;
    if (behind) passMark(urgent);
    if (atMark(urgent, readOffset(connection))) break;
  }
  if (connection !== undefined) forgetHoles(urgent, readOffset(connection));
  return joined(parts);
}

/** The bytes that `takeStream` would take, or at least the first of them; they stay (R7). */
export function peekStream(
  kernel: Kernel,
  context: Context,
  { urgent }: KernelSocket,
  tcp: TcpSocket,
  max: number,
): Uint8Array {
  const { connection } = tcp;
  if (connection === undefined) return NO_BYTES;
  const from = skipHoles(urgent, readOffset(connection));
  const before = from - readOffset(connection);
  const bytes = Math.max(0, Math.min(max, readable(connection) - before, readLimit(urgent, from)));
  return kernel
    .run(context, (nowNs) => receiveTcp(kernel.stack, tcp, before + bytes, { peek: true }, nowNs))
    .subarray(before);
}

/** Throws away all that waits. */
export function flushStream(kernel: Kernel, context: Context, { urgent }: KernelSocket, tcp: TcpSocket): void {
  const { connection } = tcp;
  if (connection === undefined) return;
  const bytes = readable(connection);
  if (bytes > 0) take(kernel, context, tcp, bytes);
  passMark(urgent);
  forgetHoles(urgent, readOffset(connection));
}

const take = (kernel: Kernel, context: Context, tcp: TcpSocket, bytes: number): Uint8Array =>
  kernel.run(context, (nowNs) => receiveTcp(kernel.stack, tcp, bytes, {}, nowNs));
