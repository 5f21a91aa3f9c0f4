import { SIOC } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { readable, readOffset } from "../model/tcp/user-calls.ts";
import type { TcpSocket } from "../model/stack/tcp-calls.ts";
import { atMark } from "./stream-poll.ts";
import { stateOf, type Stream } from "./stream.ts";

/**
 * Commands of stream sockets (`tcp_ioctl`), each of which answers a number. Undefined: another command.
 *
 * @returns EINVAL: the socket listens.
 */
export function streamIoctl(stream: Stream, cmd: number): Result<number, "EINVAL"> | undefined {
  switch (cmd) {
    case SIOC.SIOCATMARK:
      return ok(Number(atMark(stream)));
    case SIOC.FIONREAD:
      return stateOf(stream.tcp) === "LISTEN" ? fail("EINVAL") : ok(inputBytes(stream));
    case SIOC.SIOCOUTQ:
      return stateOf(stream.tcp) === "LISTEN" ? fail("EINVAL") : ok(outputBytes(stream.tcp));
    default:
      return undefined;
  }
}

/** Bytes that a receive would find before the mark, or, where there is none ahead, at all (`tcp_inq`). */
function inputBytes({ tcp, urgent, oobInline }: Stream): number {
  const { connection } = tcp;
  if (connection === undefined) return 0;
  const bytes = readable(connection);
  const distance = urgent === undefined || oobInline ? -1 : urgent.offset - readOffset(connection);
  return distance < 0 || distance >= bytes ? bytes : distance;
}

/** Bytes that were sent, or wait to be, and are not acknowledged, FIN among them (`tp->write_seq - tp->snd_una`). */
export function outputBytes({ connection }: TcpSocket): number {
  const state = connection?.state;
  if (connection === undefined || state === undefined || state.t === "CLOSED") return 0;
  const { t, snd } = state;
  if (t === "SYN-SENT" || t === "SYN-RECEIVED") return 0;
  return connection.outgoing.end + Number(snd.fin) - snd.una;
}
