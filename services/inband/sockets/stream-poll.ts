import { POLL } from "../../abi/flags.ts";
import { byteAt, readable, readOffset, sendRoom } from "../model/tcp/user-calls.ts";
import { stateOf, type Stream } from "./stream.ts";

const IN = POLL.POLLIN | POLL.POLLRDNORM;
const OUT = POLL.POLLOUT | POLL.POLLWRNORM;

/** Whether the mark is the next byte of the stream (SIOCATMARK). */
export function atMark({ tcp, urgent }: Stream): boolean {
  return urgent !== undefined && tcp.connection !== undefined && readOffset(tcp.connection) === urgent.offset;
}

/** Whether a receive would find `rcvlowat` bytes (`tcp_stream_is_readable`); an urgent byte that is next is none of them. */
function isReadable(stream: Stream): boolean {
  const { tcp, urgent, oobInline, rcvlowat } = stream;
  if (tcp.connection === undefined) return false;
  const bytes = readable(tcp.connection);
  const hole = urgent !== undefined && !oobInline && atMark(stream) ? 1 : 0;
  return bytes - hole >= Math.min(rcvlowat, tcp.settings.rcvbuf >> 1) && bytes - hole > 0;
}

/** Whether a third of the send buffer is free (`sk_stream_is_writeable`): who may send sooner sends small pieces. */
function isWritable({ tcp }: Stream): boolean {
  if (tcp.connection === undefined) return true;
  const room = sendRoom(tcp.connection);
  return room > 0 && room >= (tcp.settings.sndbuf - room) >> 1;
}

/** Whether the urgent byte has come and was not read (`TCP_URG_VALID`), also where it stays in line. */
const hasUrgent = ({ tcp, urgent }: Stream): boolean =>
  urgent?.taken === false && tcp.connection !== undefined && byteAt(tcp.connection, urgent.offset) !== undefined;

/** What a stream socket is ready for (`tcp_poll`). */
export function streamPoll(stream: Stream): number {
  const { tcp } = stream;
  const state = stateOf(tcp);
  if (state === "LISTEN") return (tcp.listener?.waiting ?? 0) > 0 ? IN : 0;
  const over = state === "CLOSED";
  const rcvShut = tcp.rcvShutdown || tcp.peerFinished || (over && tcp.t === "connection");
  const sndShut = tcp.sndShutdown || (over && tcp.t === "connection");
  let mask = tcp.error === undefined ? 0 : POLL.POLLERR;
  if ((rcvShut && sndShut) || over) mask |= POLL.POLLHUP;
  if (rcvShut) mask |= IN | POLL.POLLRDHUP;
  if (state === "SYN-SENT" || state === "SYN-RECEIVED") return mask;
  if (isReadable(stream)) mask |= IN;
  if (sndShut || isWritable(stream)) mask |= OUT;
  if (hasUrgent(stream)) mask |= POLL.POLLPRI;
  return mask;
}
