import type { Context } from "../../abi/context.ts";
import { MSG } from "../../abi/flags.ts";
import { joined } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import { receiveTcp } from "../model/stack/tcp-calls.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { byteAt, readable, readOffset } from "../model/tcp/user-calls.ts";
import { stateOf, type Stream } from "./stream.ts";

/** Bytes of a stream, how many they are, and the flags that recvmsg(2) tells. */
export interface Received {
  readonly data: Uint8Array;
  readonly length: number;
  readonly flags: number;
}

const NOTHING: Received = { data: new Uint8Array(0), length: 0, flags: 0 };

/** What a receive has so far, between its waits. */
interface Progress {
  readonly pieces: Uint8Array[];
  got: number;
}

/** A receive that has nothing yet. */
export const newProgress = (): Progress => ({ pieces: [], got: 0 });

/**
 * Receives from a stream socket (`tcp_recvmsg_locked`), with what an earlier try of the same call got. In Linux's order: data;
 * the end that the peer announced; the error of the connection, once; the end of what was shut. Undefined: it has to wait.
 *
 * @returns ENOTCONN: never connected, or listening; the error; EAGAIN with MSG_DONTWAIT; EINVAL: MSG_OOB, and no urgent byte.
 */
export function receiveStream(
  kernel: Kernel,
  context: Context,
  stream: Stream,
  { count, flags }: { readonly count: number; readonly flags: number },
  progress: Progress,
): Result<Received> | undefined {
  const { tcp } = stream;
  const state = stateOf(tcp);
  // The error queue, which streams do not fill: `inet_recv_error` comes before anything else. EVL has another name for the flag.
  if ((flags & MSG.MSG_TIMESTAMP) !== 0) return fail("EAGAIN");
  if (state === "LISTEN") return fail("ENOTCONN");
  if ((flags & MSG.MSG_OOB) !== 0) return receiveUrgent(stream, state, count, flags);
  const peek = (flags & MSG.MSG_PEEK) !== 0;
  const dontwait = (flags & MSG.MSG_DONTWAIT) !== 0;
  const target = (flags & MSG.MSG_WAITALL) !== 0 ? count : Math.max(1, Math.min(stream.rcvlowat, count));
  if (peek) {
    // What was looked at is there still, and is looked at again.
    progress.pieces.length = 0;
    progress.got = 0;
  }
  let atMark = false;
  while (progress.got < count && !atMark) {
    const piece = take(kernel, context, stream, count - progress.got, peek, progress.got > 0);
    if (piece === undefined) break;
    progress.pieces.push(piece);
    progress.got += piece.length;
    // One receive never reads across the mark; a look takes one piece.
    atMark = peek || stream.urgent?.offset === offsetOf(stream);
  }
  const { error, rcvShutdown, peerFinished } = tcp;
  const over = state === "CLOSED" || peerFinished || rcvShutdown;
  if (progress.got > 0) {
    const enough = progress.got >= target || (atMark && !peek) || error !== undefined || over || dontwait;
    return enough ? ok(received(progress, flags)) : undefined;
  }
  // No room is enough for nothing, but only where there is something (`sock_rcvlowat` is never 0).
  if (count === 0 && tcp.connection !== undefined && readable(tcp.connection) > 0) return ok(NOTHING);
  if (peerFinished) return ok(NOTHING);
  const pending = takeError(tcp);
  if (pending !== undefined) return fail(pending);
  if (rcvShutdown || (tcp.connection !== undefined && state === "CLOSED")) return ok(NOTHING);
  if (state === "CLOSED") return fail("ENOTCONN");
  return dontwait ? fail("EAGAIN") : undefined;
}

const offsetOf = ({ tcp }: Stream): number | undefined =>
  tcp.connection === undefined ? undefined : readOffset(tcp.connection);

/** Puts the pieces together; with MSG_TRUNC they are counted only (tcp(7)). */
function received({ pieces, got }: Progress, flags: number): Received {
  if ((flags & MSG.MSG_TRUNC) !== 0) return { ...NOTHING, length: got };
  return { data: joined(pieces), length: got, flags: 0 };
}

/** Takes, or looks at, the next bytes of the stream, up to the mark. Undefined: none are there. */
function take(
  kernel: Kernel,
  context: Context,
  stream: Stream,
  max: number,
  peek: boolean,
  some: boolean,
): Uint8Array | undefined {
  const { tcp, urgent, oobInline } = stream;
  const { connection } = tcp;
  if (connection === undefined || readable(connection) === 0) return undefined;
  const receive = (bytes: number): Uint8Array =>
    kernel.run(context, (nowNs) => receiveTcp(kernel.stack, tcp, bytes, { peek }, nowNs));
  const distance = urgent === undefined ? -1 : urgent.offset - readOffset(connection);
  let bytes: Uint8Array;
  if (distance > 0) bytes = receive(Math.min(max, distance));
  else if (distance < 0 || oobInline) bytes = receive(max);
  else {
    // The urgent byte is no part of the stream: who reads on leaves it behind, taken or not (D32).
    if (some) return undefined;
    bytes = receive(Math.min(max + 1, readable(connection))).subarray(1);
  }
  if (urgent !== undefined && readOffset(connection) > urgent.offset) stream.urgent = undefined;
  return bytes.length === 0 ? undefined : bytes;
}

/** MSG_OOB (`tcp_recv_urg`): never waits. */
function receiveUrgent(
  stream: Stream,
  state: ReturnType<typeof stateOf>,
  count: number,
  flags: number,
): Result<Received> {
  const { tcp, urgent, oobInline } = stream;
  const { connection } = tcp;
  if (oobInline || urgent === undefined || urgent.taken) return fail("EINVAL");
  if (connection === undefined || (state === "CLOSED" && !tcp.peerFinished)) return fail("ENOTCONN");
  const byte = byteAt(connection, urgent.offset);
  if (byte !== undefined) {
    if ((flags & MSG.MSG_PEEK) === 0) urgent.taken = true;
    if (count === 0) return ok({ ...NOTHING, flags: MSG.MSG_OOB | MSG.MSG_TRUNC });
    if ((flags & MSG.MSG_TRUNC) !== 0) return ok({ ...NOTHING, length: 1, flags: MSG.MSG_OOB });
    return ok({ data: Uint8Array.of(byte), length: 1, flags: MSG.MSG_OOB });
  }
  return state === "CLOSED" || tcp.rcvShutdown || tcp.peerFinished ? ok(NOTHING) : fail("EAGAIN");
}
