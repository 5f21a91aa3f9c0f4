import type { TcpSocket } from "../model/stack/tcp-calls.ts";
import type { Connection } from "../model/tcp/connection.ts";
import type { TcpState, TcpStateName } from "../model/tcp/state.ts";
import { stateOf } from "./stream.ts";
import { SIZES, TCP_INFO_BYTES, type TcpInfo } from "./tcp-info-layout.ts";

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

/** TCP_CA_Open, TCP_CA_Disorder, TCP_CA_Recovery, TCP_CA_Loss. */
const CA = { open: 0, disorder: 1, recovery: 3, loss: 4 } as const;
/** Bits of tcpi_options. */
const TCPI_OPT = { TIMESTAMPS: 1, SACK: 2, WSCALE: 4 } as const;
/** What Linux tells while nothing is known: TCP_INFINITE_SSTHRESH, TCP_TIMEOUT_INIT as a variance, no shortest round trip. */
const SSTHRESH_INFINITE = 0x7fff_ffff;
const RTTVAR_INITIAL_US = 250_000;
const U32_MAX = 0xffff_ffff;
const US_NS = 1000;
const HEADERS = 40;

/** `tcp_get_info`: Linux's names and units (microseconds, segments, bytes). What the connection does not know of itself is 0. */
function tcpInfoOf(socket: TcpSocket): Partial<TcpInfo> {
  const state = STATE[stateOf(socket)];
  const { listener, connection } = socket;
  // Aliases of a socket that listens: connections that wait, and how many may.
  if (listener !== undefined) return { state, unacked: listener.waiting, sacked: listener.queueMax - 1 };
  if (connection === undefined || connection.state.t === "CLOSED") return { state };
  return { state, ...ofConnection(connection, connection.state) };
}

type Living = Exclude<TcpState, { readonly t: "CLOSED" }>;

function ofConnection(c: Connection, state: Living): Partial<TcpInfo> {
  const { counters, settings } = c;
  const { snd } = state;
  const rcv = state.t === "SYN-SENT" ? undefined : state.rcv;
  const opening = state.t === "SYN-SENT" || state.t === "SYN-RECEIVED";
  const window = settings.rcvbuf;
  return {
    retransmits: opening ? state.handshake.resent : snd.timeouts,
    probes: snd.probesUnanswered + c.keepaliveProbes,
    backoff: Math.max(c.rtt.backoffs, snd.probeBackoffs),
    options:
      (c.timestamps ? TCPI_OPT.TIMESTAMPS : 0) |
      (c.sack ? TCPI_OPT.SACK : 0) |
      (snd.scale > 0 || (rcv?.scale ?? 0) > 0 ? TCPI_OPT.WSCALE : 0),
    wscale: (snd.scale & 0xf) | ((rcv?.scale ?? 0) << 4),
    rto: microseconds(c.rtt.rtoNs),
    ato: microseconds(settings.delayedAckNs),
    snd_mss: snd.mss,
    rcv_mss: rcv?.peerMss ?? 0,
    ...flightOf(c, state),
    pmtu: Math.min(settings.mss, snd.pathMss) + HEADERS,
    rcv_ssthresh: window,
    rtt: microseconds(c.rtt.srttNs),
    rttvar: c.rtt.minRttNs === undefined ? RTTVAR_INITIAL_US : microseconds(c.rtt.rttvarNs),
    advmss: settings.mss - (c.timestamps ? 12 : 0),
    reordering: 3,
    rcv_space: window,
    total_retrans: counters.retransmits,
    bytes_acked: counters.bytesAcked,
    bytes_received: counters.bytesReceived,
    segs_out: counters.segmentsOut,
    segs_in: counters.segmentsIn,
    notsent_bytes: Math.max(0, c.outgoing.end - snd.nxt),
    min_rtt: c.rtt.minRttNs === undefined ? U32_MAX : microseconds(c.rtt.minRttNs),
    data_segs_in: counters.dataSegmentsIn,
    data_segs_out: counters.dataSegmentsOut,
    bytes_retrans: counters.retransmittedBytes,
    rcv_ooopack: counters.outOfOrderIn,
    snd_wnd: snd.wnd,
  };
}

const microseconds = (ns: number): number => Math.round(ns / US_NS);

/** What is on its way, and how much may be. A SYN is one segment. */
function flightOf(c: Connection, state: Living): Partial<TcpInfo> {
  const { mss, una, nxt, recovery } = state.snd;
  const { outstanding, congestion, phase } = recovery;
  const segments = (bytes: number): number => Math.ceil(bytes / Math.max(1, mss));
  const held = outstanding.board.bytes;
  return {
    ca_state: phase === "open" ? (held > 0 ? CA.disorder : CA.open) : CA[phase],
    unacked: segments(nxt - una),
    sacked: segments(held),
    lost: segments(outstanding.lost),
    retrans: segments(outstanding.resentBytes),
    snd_ssthresh: Math.min(SSTHRESH_INFINITE, Math.floor(congestion.ssthresh / Math.max(1, mss))),
    snd_cwnd: Math.max(1, Math.floor(congestion.cwnd / Math.max(1, mss))),
  };
}

/** `struct tcp_info`, up to tcpi_snd_wnd. */
export function tcpInfo(socket: TcpSocket): Uint8Array {
  const info = tcpInfoOf(socket);
  const bytes = new Uint8Array(TCP_INFO_BYTES);
  const view = new DataView(bytes.buffer);
  for (const { name, at, size } of SIZES) {
    const value = Math.max(0, info[name] ?? 0);
    if (size === 1) view.setUint8(at, Math.min(value, 0xff));
    else view.setUint32(at, size === 8 ? value >>> 0 : Math.min(value, U32_MAX), true);
    if (size === 8) view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
  }
  return bytes;
}

/** The line of `ss -i`: of a connection what tells most, in milliseconds and segments. Undefined: there is no connection. */
export function tcpInfoText(socket: TcpSocket): string | undefined {
  const { connection } = socket;
  const info = tcpInfoOf(socket);
  if (connection === undefined || info.rto === undefined) return undefined;
  const { rtt = 0, rttvar = 0, snd_ssthresh = 0, min_rtt = U32_MAX } = info;
  const number = (word: string, value: number | undefined): string =>
    value === undefined || value === 0 ? "" : `${word}:${String(value)}`;
  const words = [
    connection.settings.congestion,
    `rto:${ms(info.rto)}`,
    rtt === 0 ? "" : `rtt:${ms(rtt)}/${ms(rttvar)}`,
    min_rtt === U32_MAX ? "" : `minrtt:${ms(min_rtt)}`,
    number("mss", info.snd_mss),
    number("cwnd", info.snd_cwnd),
    snd_ssthresh === SSTHRESH_INFINITE ? "" : number("ssthresh", snd_ssthresh),
    number("unacked", info.unacked),
    number("sacked", info.sacked),
    number("lost", info.lost),
    number("retrans", info.total_retrans),
    number("backoff", info.backoff),
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** Microseconds as milliseconds, without zeros at the end. */
const ms = (us: number): string => String(us / 1000);
