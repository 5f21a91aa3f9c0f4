import type { TcpSocket } from "../model/stack/tcp-calls.ts";
import type { TcpStateName } from "../model/tcp/state.ts";
import { stateOf } from "./stream.ts";

/** The numbers of states (`include/net/tcp_states.h`). */
const STATE: Readonly<Record<TcpStateName | "LISTEN", number>> = {
  ESTABLISHED: 1,
  "SYN-SENT": 2,
  "SYN-RECEIVED": 3,
  "FIN-WAIT-1": 4,
  "FIN-WAIT-2": 5,
  "TIME-WAIT": 6,
  CLOSED: 7,
  "CLOSE-WAIT": 8,
  "LAST-ACK": 9,
  LISTEN: 10,
  CLOSING: 11,
};

/** Bits of tcpi_options. */
const TCPI_OPT = { TIMESTAMPS: 1, SACK: 2, WSCALE: 4 } as const;
/** Bytes up to and with tcpi_segs_in. */
const TCP_INFO_BYTES = 144;

/** `struct tcp_info`, its main fields: what the connection does not know of itself is 0. */
export function tcpInfo(socket: TcpSocket): Uint8Array {
  const bytes = new Uint8Array(TCP_INFO_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = STATE[stateOf(socket)];
  const { connection, settings } = socket;
  if (connection === undefined || connection.state.t === "CLOSED") return bytes;
  const { state, counters } = connection;
  const { snd } = state;
  const rcv = state.t === "SYN-SENT" ? undefined : state.rcv;
  bytes[5] =
    (rcv?.tsRecent !== undefined ? TCPI_OPT.TIMESTAMPS : 0) |
    (settings.sack ? TCPI_OPT.SACK : 0) |
    (snd.scale > 0 || (rcv?.scale ?? 0) > 0 ? TCPI_OPT.WSCALE : 0);
  bytes[6] = (snd.scale & 0xf) | ((rcv?.scale ?? 0) << 4);
  const put = (at: number, value: number): void => view.setUint32(at, Math.min(Math.max(0, value), 0xffff_ffff), true);
  const put64 = (at: number, value: number): void => {
    view.setUint32(at, value >>> 0, true);
    view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
  };
  put(16, snd.mss);
  put(20, rcv?.peerMss ?? 0);
  put(24, Math.ceil((snd.nxt - snd.una) / Math.max(1, snd.mss)));
  put(60, connection.settings.mss + 40);
  put(84, connection.settings.mss);
  put(100, counters.retransmits);
  put64(120, counters.bytesAcked);
  put64(128, counters.bytesReceived);
  put(136, counters.segmentsOut);
  put(140, counters.segmentsIn);
  return bytes;
}
